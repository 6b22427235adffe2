# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
FUZZ_fuzz_pump_SRCS =
FUZZ_fuzz_frame_SRCS = monitor/dev/frame.c monitor/dev/frame_offload.c monitor/dev/names.c monitor/dev/hold.c
FUZZ_fuzz_member_names_SRCS = monitor/dev/names.c monitor/dev/frame.c monitor/dev/frame_offload.c
