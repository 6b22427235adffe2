# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
FUZZ_fuzz_erofs_SRCS = kernel/fs/erofs.c
FUZZ_fuzz_erofs_FLAGS = -Ikernel
