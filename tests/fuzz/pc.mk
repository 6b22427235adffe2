# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
FUZZ_fuzz_pc_tables_SRCS = tests/unit/pc/machine.c $(call PC_START,acpi info say words)
FUZZ_fuzz_pc_tables_FLAGS = $(PC_FLAGS)
FUZZ_fuzz_pc_devices_SRCS = tests/unit/pc/machine.c $(call PC_START,apic devices mmio pci say)
FUZZ_fuzz_pc_devices_FLAGS = $(PC_FLAGS)
