# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
FUZZ_fuzz_image_SRCS = tests/unit/monitor/sample_image.c monitor/image.c monitor/image_parts.c \
	monitor/image_memory.c monitor/unpack.c monitor/branches.c monitor/load.c loader/load.c loader/places.c loader/strings.c \
	host/failure.c
FUZZ_fuzz_image_LIBS = -ldeflate
FUZZ_fuzz_volume_SRCS = monitor/dev/volume.c monitor/dev/volume_node.c monitor/dev/volume_name.c \
	monitor/dev/volume_file.c monitor/dev/volume_open.c monitor/dev/volume_later.c host/failure.c
