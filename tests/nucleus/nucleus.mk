# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
#
# The nucleus under a guest that tries all of its contract: `make check-nucleus`. Needs /dev/kvm, says so if there is none.

NT_DIR = tests/nucleus
NT_OUT = $(O)/tests/nucleus
NT_GUEST_CFLAGS = -std=gnu11 -O1 -g -ffreestanding -fPIE -fvisibility=hidden -mgeneral-regs-only -mno-red-zone -fno-stack-protector \
	-fcf-protection=none -fno-asynchronous-unwind-tables -fno-tree-loop-distribute-patterns $(WARN) -Iinclude
NT_SRCS = $(NT_DIR)/main.c $(addprefix monitor/kvm/,vm.c cpu.c place.c run.c tick.c edit.c) monitor/clock.c loader/nucleus.c loader/descriptors.c nucleus/pagetable.c host/failure.c

$(NT_OUT)/guest.elf: $(NT_DIR)/guest.S $(NT_DIR)/guest.c $(NT_DIR)/guest.lds $(wildcard include/pith/*.h)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(NT_GUEST_CFLAGS) -c -o $(NT_OUT)/entry.o $(NT_DIR)/guest.S
	$(Q)$(CC) $(NT_GUEST_CFLAGS) -c -o $(NT_OUT)/guest.o $(NT_DIR)/guest.c
	$(Q)ld -static -nostdlib --no-warn-rwx-segments -T $(NT_DIR)/guest.lds -o $@ $(NT_OUT)/entry.o $(NT_OUT)/guest.o
$(NT_OUT)/guest.bin: $(NT_OUT)/guest.elf
	$(Q)objcopy -O binary $< $@
$(NT_OUT)/nucleus_test: $(NT_SRCS) $(wildcard monitor/kvm/*.h loader/*.h nucleus/*.h include/pith/*.h)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(UNIT_FLAGS) -o $@ $(filter %.c,$^)
check-nucleus: $(NT_OUT)/nucleus_test $(NT_OUT)/guest.bin $(O)/nucleus.bin
	$(Q)timeout 60 $(NT_OUT)/nucleus_test $(O)/nucleus.bin $(NT_OUT)/guest.bin; r=$$?; test $$r = 0 || test $$r = 77
.PHONY: check-nucleus
