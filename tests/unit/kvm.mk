# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers

UNIT_test_pagetable_SRCS = nucleus/pagetable.c
UNIT_test_nucleus_place_SRCS = loader/nucleus.c loader/descriptors.c nucleus/pagetable.c
UNIT_test_gpa_SRCS =
UNIT_test_sandbox_SRCS = monitor/sandbox.c monitor/sandbox_calls.c host/failure.c
