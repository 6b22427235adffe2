# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
#
# What goes into images. `pith build` links from these at the user's place, so they are installed under lib/pith:
#   libkernel.a  library OS, guest halves of the platforms, and drivers; an image gets of it what its program can call
#   nucleus.bin  the privileged code for kvm, flat
#   calls.list   the system calls that libkernel.a has, one name a line

KERNEL_SRCS = $(sort $(wildcard kernel/*/*.c kernel/*/*.S kernel/fs/ext4/*.c platform/*/*.c platform/*/*.S drivers/*.c drivers/*/*.c))
LWIP_DIR = $(O)/lwip
# Without these passes the same things are done by the same instructions more often, and images pack better. Code is as fast.
PACKS_WELL = -fno-schedule-insns2 -fno-caller-saves -fno-tree-tail-merge
# -mgeneral-regs-only: the library OS never touches the program's vector state. The stack protector's canary is in struct percpu.
KERNEL_CFLAGS = -std=gnu11 -Os -g -ffreestanding -fPIE -fvisibility=hidden -mgeneral-regs-only -mno-red-zone \
	-fno-asynchronous-unwind-tables -fno-strict-aliasing -ffunction-sections -fdata-sections -fno-omit-frame-pointer \
	-fstack-protector-strong -mstack-protector-guard=tls -mstack-protector-guard-reg=gs \
	-mstack-protector-guard-offset=40 -fcf-protection=none -fno-jump-tables $(PACKS_WELL) \
	$(WARN) -Iinclude -I. -Ikernel -isystem $(LWIP_DIR)/src/include -Ikernel/net/lwip
KERNEL_OBJS = $(patsubst %,$(O)/guest/%.o,$(basename $(KERNEL_SRCS)))

$(O)/guest/%.o: %.c | $(LWIP_DIR)/.fetched
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(KERNEL_CFLAGS) -MMD -MP -c -o $@ $<
$(O)/guest/%.o: %.S
	@mkdir -p $(@D)
	$(call say,AS,$<)
	$(Q)$(CC) $(KERNEL_CFLAGS) -MMD -MP -c -o $@ $<

# The vDSO is a shared object of its own, embedded by kernel/vdso/image.S.
VDSO_CFLAGS = -std=gnu11 -Os -ffreestanding -fPIC -mgeneral-regs-only -fno-asynchronous-unwind-tables -fno-stack-protector \
	-fcf-protection=none -fno-jump-tables -fomit-frame-pointer $(WARN) -Wno-missing-prototypes -Iinclude
$(O)/vdso/vdso.so: kernel/vdso/image/vdso_image.c kernel/vdso/image/vdso.lds include/pith/boot.h
	@mkdir -p $(@D)
	$(call say,VDSO,$@)
	$(Q)$(CC) $(VDSO_CFLAGS) -c -o $(@D)/vdso.o $<
	$(Q)ld -shared -nostdlib --hash-style=sysv -soname=linux-vdso.so.1 -z noexecstack -z norelro --no-warn-rwx-segments \
		-Bsymbolic -T kernel/vdso/image/vdso.lds -o $(@D)/full.so $(@D)/vdso.o
	$(Q)objcopy --strip-all --strip-section-headers $(@D)/full.so $@ 2>/dev/null || objcopy --strip-all $(@D)/full.so $@
$(O)/guest/kernel/vdso/image.o: $(O)/vdso/vdso.so
$(O)/guest/kernel/vdso/image.o: KERNEL_CFLAGS += -DVDSO_FILE='"$(O)/vdso/vdso.so"'

# lwIP comes from Debian's source package; scripts/fetch-lwip fetches it by name and checks it.
$(LWIP_DIR)/.fetched:
	$(call say,FETCH,lwIP)
	$(Q)scripts/fetch-lwip $(LWIP_DIR)
	@touch $@

-include kernel/net/lwip.mk

$(O)/libkernel.a: $(KERNEL_OBJS) $(LWIP_OBJS)
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcsD $@ $^
$(O)/calls.list: $(O)/libkernel.a
	$(Q)nm --defined-only $< 2>/dev/null | sed -n 's/^[0-9a-f]* T sys_//p' | sort -u > $@

NUCLEUS_SRCS = $(sort $(wildcard nucleus/*.S nucleus/*.c))
NUCLEUS_OBJS = $(patsubst %,$(O)/guest/%.o,$(basename $(NUCLEUS_SRCS)))
# GS is the program's or the library OS's here, and every instruction counts (nucleus/entry.S).
$(NUCLEUS_OBJS): KERNEL_CFLAGS += -O2 -fno-stack-protector -fomit-frame-pointer -fno-tree-loop-distribute-patterns
$(O)/nucleus.elf: $(NUCLEUS_OBJS) nucleus/nucleus.lds
	$(call say,LD,$@)
	$(Q)ld -static -nostdlib --no-warn-rwx-segments -T nucleus/nucleus.lds -o $@ $(NUCLEUS_OBJS)
$(O)/%.bin: $(O)/%.elf
	$(Q)objcopy -O binary $< $@

# Code that runs on a PC before there is a library OS, at any address. stage1.bin: the first of it, in front of everything else in the
# file and not packed, so it is as small as it can be. start.bin: the rest, in the image; the loader is the monitor's, too.
STAGE1_SRCS = $(sort $(wildcard platform/pc/stage1/*.[cS])) monitor/branches.c
START_SRCS = platform/pc/start/start.c $(sort $(filter-out %/start.c,$(wildcard platform/pc/start/*.c)) $(wildcard loader/*.c)) \
	drivers/uart16550.c kernel/core/mem.S
STAGE1_OBJS = $(patsubst %,$(O)/start/%.o,$(basename $(STAGE1_SRCS)))
START_OBJS = $(patsubst %,$(O)/start/%.o,$(basename $(START_SRCS)))
# The editor is the nucleus's own object: the same bytes pack well.
START_LINKED = $(START_OBJS) $(O)/guest/nucleus/pagetable.o
START_CFLAGS = $(filter-out -fno-omit-frame-pointer -Os,$(KERNEL_CFLAGS)) -Oz -fno-stack-protector -fomit-frame-pointer \
	-fno-inline-functions-called-once
$(O)/start/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(START_CFLAGS) -MMD -MP -c -o $@ $<
$(O)/start/%.o: %.S
	@mkdir -p $(@D)
	$(call say,AS,$@)
	$(Q)$(CC) $(START_CFLAGS) -MMD -MP -c -o $@ $<
$(O)/stage1.elf: $(STAGE1_OBJS) platform/pc/flat.lds
	$(call say,LD,$@)
	$(Q)ld -static -nostdlib --gc-sections -e stage1_head --no-warn-rwx-segments -T platform/pc/flat.lds -o $@ $(STAGE1_OBJS)
$(O)/start.elf: $(START_LINKED) platform/pc/flat.lds
	$(call say,LD,$@)
	$(Q)ld -static -nostdlib --gc-sections -e start_main --no-warn-rwx-segments -T platform/pc/flat.lds -o $@ $(START_LINKED)

guest: $(O)/libkernel.a $(O)/nucleus.bin $(O)/stage1.bin $(O)/start.bin $(O)/calls.list
.PHONY: guest
# Their flags are here.
$(KERNEL_OBJS) $(LWIP_OBJS) $(NUCLEUS_OBJS) $(STAGE1_OBJS) $(START_OBJS): mk/guest.mk
-include $(KERNEL_OBJS:.o=.d) $(NUCLEUS_OBJS:.o=.d) $(STAGE1_OBJS:.o=.d) $(START_OBJS:.o=.d)
