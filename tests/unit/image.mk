# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
# Unit tests of the builder: what each is linked with.
IMAGE_CALLS_SRCS := $(addprefix image/,calls.c code.c code_map.c program.c call_names.c) host/failure.c
IMAGE_DOOR_SRCS := monitor/image.c monitor/image_parts.c monitor/image_memory.c monitor/unpack.c monitor/branches.c host/failure.c

UNIT_test_image_program_SRCS := image/program.c host/failure.c
UNIT_test_image_calls_SRCS := $(IMAGE_CALLS_SRCS) $(O)/gen/call_names.inc
UNIT_test_image_calls_FLAGS := -I$(O)/gen
UNIT_test_image_calls_LIBS := -lZydis
UNIT_test_image_spec_SRCS := image/spec.c host/failure.c host/network_name.c
UNIT_test_image_yaml_SRCS := image/yaml.c image/spec.c host/failure.c host/network_name.c
UNIT_test_image_yaml_LIBS := -lyaml
UNIT_test_image_compose_LIBS := -ldeflate
UNIT_test_image_compose_SRCS = image/compose.c image/elf_head.c image/pack.c image/manifest.c image/spec.c $(IMAGE_EROFS_SRCS) $(filter-out host/failure.c,$(IMAGE_TREE_SRCS)) host/network_name.c $(IMAGE_DOOR_SRCS)
UNIT_test_image_report_SRCS := image/report.c image/report_files.c image/gather.c $(addprefix image/,tree.c tree_walk.c tree_content.c tree_host.c interrupt.c) image/spec.c host/failure.c host/network_name.c
UNIT_test_image_report_LIBS := -lcjson
IMAGE_TREE_SRCS := $(addprefix image/,tree.c tree_walk.c tree_content.c tree_host.c interrupt.c output.c) host/failure.c
IMAGE_EROFS_SRCS := $(addprefix image/,erofs_dir.c erofs_layout.c erofs_write.c)
UNIT_test_image_tree_SRCS := $(IMAGE_TREE_SRCS)
UNIT_test_image_erofs_SRCS := $(IMAGE_TREE_SRCS) $(IMAGE_EROFS_SRCS) kernel/fs/erofs.c
UNIT_test_image_erofs_FLAGS := -Ikernel
IMAGE_LIBRARIES_SRCS := $(addprefix image/,dynamic.c libraries.c opened.c program.c search.c spec.c) host/failure.c host/network_name.c \
	tests/unit/image/elf.c
UNIT_test_image_dynamic_SRCS := image/dynamic.c image/program.c host/failure.c tests/unit/image/elf.c
UNIT_test_image_libraries_SRCS := $(IMAGE_LIBRARIES_SRCS)
IMAGE_GATHER_SRCS := $(addprefix image/,gather.c gather_path.c search.c spec.c) host/network_name.c $(IMAGE_TREE_SRCS)
UNIT_test_image_packages_SRCS := $(addprefix image/,dpkg.c packages.c package_files.c package_state.c users.c) $(IMAGE_GATHER_SRCS)
UNIT_test_image_subject_SRCS := $(addprefix image/,script.c subject.c search.c spec.c) host/failure.c host/network_name.c
UNIT_test_image_ldcache_SRCS := image/ldcache.c image/spec.c host/failure.c host/network_name.c
UNIT_test_image_archive_SRCS = $(IMAGE_TREE_SRCS) $(addprefix image/,account.c container.c json.c digest.c spool.c inside.c script.c search.c program.c spec.c) host/network_name.c
UNIT_test_image_archive_LIBS := -lcjson -lnettle
