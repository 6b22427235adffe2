# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
# Fuzzers of the builder: ELF bytes into the door for programs, and into the search for system calls.
FUZZ_fuzz_program_SRCS := image/program.c host/failure.c
FUZZ_fuzz_calls_SRCS := $(addprefix image/,calls.c code.c code_map.c program.c call_names.c) host/failure.c $(O)/gen/call_names.inc
FUZZ_fuzz_calls_FLAGS := -I$(O)/gen
FUZZ_fuzz_calls_LIBS := -lZydis
FUZZ_fuzz_dynamic_SRCS := image/dynamic.c image/program.c host/failure.c
# Archives: any bytes as a tar, and any JSON as what describes a container image.
FUZZ_TREE_SRCS := $(addprefix image/,untar.c inflate.c spool.c digest.c tree.c tree_walk.c tree_content.c interrupt.c output.c) host/failure.c
FUZZ_EROFS_SRCS := $(addprefix image/,erofs_dir.c erofs_layout.c erofs_write.c)
FUZZ_fuzz_untar_SRCS := $(FUZZ_TREE_SRCS) $(FUZZ_EROFS_SRCS) kernel/fs/erofs.c
FUZZ_fuzz_untar_FLAGS := -Ikernel
FUZZ_fuzz_untar_LIBS := -larchive -lnettle
FUZZ_fuzz_container_SRCS := $(FUZZ_TREE_SRCS) $(addprefix image/,oci.c docker.c container.c json.c account.c spec.c) host/network_name.c
FUZZ_fuzz_container_LIBS := -larchive -lnettle -lcjson
