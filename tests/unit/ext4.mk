# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
#
# Units of kernel/fs/ext4. tests/unit/ext4 stands for what is below it; e2fsprogs makes and checks the images.
EXT4_FLAGS = -Ikernel -Itests/unit
EXT4_SRCS = $(sort $(wildcard kernel/fs/ext4/*.c)) $(addprefix tests/unit/ext4/,env.c disk.c files.c model.c)
EXT4_UNITS = $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/test_ext4*.c))

$(foreach u,$(EXT4_UNITS),$(eval UNIT_$(u)_SRCS = $(EXT4_SRCS)))
$(foreach u,$(EXT4_UNITS),$(eval UNIT_$(u)_FLAGS = $(EXT4_FLAGS)))
