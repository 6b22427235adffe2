# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
FUZZ_fuzz_qemu_door_SRCS = monitor/qemu/door.c
