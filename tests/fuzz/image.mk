# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
# Fuzzers of the builder: ELF bytes into the door for programs, and into the search for system calls.
FUZZ_fuzz_program_SRCS := image/program.c host/failure.c
FUZZ_fuzz_calls_SRCS := $(addprefix image/,calls.c code.c code_map.c program.c call_names.c) host/failure.c $(O)/gen/call_names.inc
FUZZ_fuzz_calls_FLAGS := -I$(O)/gen
FUZZ_fuzz_calls_LIBS := -lZydis
FUZZ_fuzz_dynamic_SRCS := image/dynamic.c image/program.c host/failure.c
