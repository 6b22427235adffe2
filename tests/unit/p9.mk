# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
UNIT_test_volumes_front_SRCS = drivers/volumes.c
UNIT_test_volumes_front_FLAGS = -Ikernel
P9_CLIENT = drivers/volumes.c $(addprefix drivers/p9/,message.c node.c names.c create.c attr.c gone.c data.c readdir.c serve.c)
P9_UNIT_SRCS = tests/unit/p9/server.c tests/unit/p9/volume.c $(P9_CLIENT) $(FS_FAKES) kernel/fs/fd.c kernel/fs/file.c kernel/fs/vnode.c
UNIT_test_p9_SRCS = $(P9_UNIT_SRCS)
UNIT_test_p9_FLAGS = $(FS_FLAGS)
UNIT_test_p9_lies_SRCS = $(P9_UNIT_SRCS)
UNIT_test_p9_lies_FLAGS = $(FS_FLAGS)
UNIT_test_p9_virtio_SRCS = drivers/p9/virtio_9p.c drivers/dma.c
UNIT_test_p9_virtio_FLAGS = -Ikernel
