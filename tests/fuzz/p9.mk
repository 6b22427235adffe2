# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
FUZZ_fuzz_p9_SRCS = $(P9_CLIENT)
FUZZ_fuzz_p9_FLAGS = -Ikernel
