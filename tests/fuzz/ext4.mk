# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
FUZZ_fuzz_ext4_SRCS = $(sort $(wildcard kernel/fs/ext4/*.c)) tests/unit/ext4/env.c tests/unit/ext4/disk.c
FUZZ_fuzz_ext4_FLAGS = -Ikernel -Itests/unit
