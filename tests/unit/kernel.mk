# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
#
# Units of kernel/core, kernel/sched and kernel/linux.
K_UNIT_FLAGS = -Ikernel
K_LIBC_NAMES = memcpy memmove memset memcmp memchr strlen strnlen strcmp strncmp strchr strrchr
K_RENAME = $(foreach n,$(K_LIBC_NAMES),--redefine-sym $(n)=k_$(n))

# The library OS's string functions have the names of libc's: they are compiled apart and renamed.
$(O)/unit/kernel/%.o: kernel/core/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -O1 -g -fno-builtin -ffreestanding -Iinclude -I. -Ikernel -c -o $@ $< && objcopy $(K_RENAME) $@
$(O)/unit/kernel/%.o: kernel/core/%.S
	@mkdir -p $(@D)
	$(Q)$(CC) -c -o $@ $< && objcopy $(K_RENAME) $@

UNIT_test_klib_SRCS = kernel/core/printf.c kernel/core/random.c $(O)/unit/kernel/klib.o $(O)/unit/kernel/mem.o
UNIT_test_klib_FLAGS = $(K_UNIT_FLAGS)
UNIT_test_klib_LIBS = $(O)/unit/kernel/klib.o $(O)/unit/kernel/mem.o
UNIT_test_timer_SRCS = kernel/sched/timer.c
UNIT_test_timer_FLAGS = $(K_UNIT_FLAGS)
UNIT_test_futex_SRCS = kernel/linux/futex.c
UNIT_test_futex_FLAGS = $(K_UNIT_FLAGS)
UNIT_test_patch_SRCS = kernel/linux/patch_code.c
UNIT_test_patch_FLAGS = $(K_UNIT_FLAGS)
UNIT_test_names_SRCS = kernel/linux/names.c kernel/linux/errnames.c kernel/linux/signames.c
UNIT_test_names_FLAGS = $(K_UNIT_FLAGS)
