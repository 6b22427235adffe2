# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
#
# Units of kernel/mm. tests/unit/mm/env.c stands for the platform, the files and the rest of the library OS.
MM_FLAGS = -Ikernel -Itests/unit
MM_LIBS = -Wl,--wrap=frame_alloc
MM_SRCS = $(addprefix kernel/mm/,advise.c chunk.c fault.c fill.c frame.c kmalloc.c kstack.c msync.c protect.c punch.c region.c fork.c \
	region_tree.c remap.c space.c truncate.c wx.c) \
	tests/unit/mm/env.c
MM_UNITS = test_mm_frame test_mm_frame_dirty test_mm_kmalloc test_mm_chunk test_mm_region test_mm_space test_mm_wx test_mm_files test_mm_remap test_mm_random test_mm_fork

$(foreach u,$(MM_UNITS) test_mm_exec,$(eval UNIT_$(u)_SRCS = $(MM_SRCS)))
$(foreach u,$(MM_UNITS) test_mm_exec,$(eval UNIT_$(u)_FLAGS = $(MM_FLAGS)))
$(foreach u,$(MM_UNITS) test_mm_exec,$(eval UNIT_$(u)_LIBS = $(MM_LIBS)))
UNIT_test_mm_exec_SRCS += kernel/mm/exec.c kernel/mm/exec_stack.c kernel/core/iov.c
