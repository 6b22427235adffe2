# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers

IMAGE_DOOR = monitor/image.c monitor/image_parts.c monitor/image_memory.c monitor/unpack.c monitor/branches.c \
	host/failure.c
LOADER = loader/load.c loader/places.c loader/strings.c
UNIT_test_image_SRCS = tests/unit/monitor/sample_image.c $(IMAGE_DOOR)
UNIT_test_load_SRCS = tests/unit/monitor/sample_image.c monitor/load.c $(LOADER) $(IMAGE_DOOR)
UNIT_test_image_LIBS = -ldeflate
UNIT_test_load_LIBS = -ldeflate
UNIT_test_options_SRCS = host/options.c host/failure.c
UNIT_test_process_filter_SRCS = monitor/process/filter.c
VOLUME_DOOR = monitor/dev/volume.c monitor/dev/volume_node.c monitor/dev/volume_name.c monitor/dev/volume_file.c \
	monitor/dev/volume_open.c monitor/dev/volume_later.c host/failure.c
UNIT_test_volume_SRCS = $(VOLUME_DOOR)
UNIT_test_branches_SRCS = monitor/branches.c
