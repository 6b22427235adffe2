# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
#
# Units of kernel/fs. tests/unit/fs/fakes.c stands for what is below them: memory, threads, the program's memory.
FS_FLAGS = -Ikernel -Itests/unit
FS_FAKES = tests/unit/fs/fakes.c kernel/core/iov.c
FS_TREE = $(addprefix kernel/fs/,erofs.c erofs_vnode.c file.c fd.c vnode.c path.c getcwd.c open.c vfile.c tmpfs.c tmpfs_dir.c tmpfs_names.c tmpfs_punch.c proc_name.c sys_truncate.c \
	tmpfs_file.c pages.c at.c sys_open.c sys_rw.c sys_stat.c sys_dir.c sys_attr.c sys_path.c sys_getdents.c sys_fd.c)

UNIT_test_erofs_SRCS = kernel/fs/erofs.c
UNIT_test_erofs_FLAGS = $(FS_FLAGS)
UNIT_test_pipe_SRCS = kernel/fs/pipe.c kernel/fs/file.c kernel/fs/fd.c kernel/fs/vnode.c $(FS_FAKES)
UNIT_test_pipe_FLAGS = $(FS_FLAGS)
UNIT_test_files_SRCS = $(FS_TREE) $(FS_FAKES)
UNIT_test_files_FLAGS = $(FS_FLAGS)
UNIT_test_pages_SRCS = kernel/fs/pages.c kernel/fs/fd.c kernel/fs/file.c kernel/fs/vnode.c $(FS_FAKES)
UNIT_test_pages_FLAGS = $(FS_FLAGS)
