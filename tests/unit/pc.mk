# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
#
# Units of platform/pc/start and stage1. tests/unit/pc/machine.c is the machine, tests/unit/virtio/io.h leads registers to it.
PC_FLAGS = -include tests/unit/virtio/io.h
PC_START = $(addprefix platform/pc/start/,$(addsuffix .c,$(1)))
PC_UNITS = test_pc_words test_pc_tables test_pc_acpi test_pc_devices test_pc_memory test_pc_clock

$(foreach u,$(PC_UNITS),$(eval UNIT_$(u)_SRCS = tests/unit/pc/machine.c platform/pc/start/say.c))
$(foreach u,$(PC_UNITS),$(eval UNIT_$(u)_FLAGS = $(PC_FLAGS)))
UNIT_test_pc_words_SRCS += $(call PC_START,words)
UNIT_test_pc_tables_SRCS += $(call PC_START,acpi info words)
UNIT_test_pc_acpi_SRCS += $(call PC_START,acpi)
UNIT_test_pc_devices_SRCS += $(call PC_START,apic devices mmio pci)
UNIT_test_pc_memory_SRCS += $(call PC_START,memory)
UNIT_test_pc_clock_SRCS += $(call PC_START,measure rtc)
UNIT_test_pc_stage1_SRCS = $(wildcard platform/pc/stage1/*.c) image/elf_head.c image/pack.c $(IMAGE_DOOR_SRCS)
UNIT_test_pc_stage1_LIBS = -ldeflate -lxxhash
