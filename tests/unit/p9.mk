# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
UNIT_test_volumes_front_SRCS = drivers/volumes.c
UNIT_test_volumes_front_FLAGS = -Ikernel
