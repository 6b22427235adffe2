# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
#
# The conformance set: $(O)/tests/guest/NAME.glibc and NAME.musl from tests/guest/NAME.{c,cc}; see
# tests/guest/README.md for the metadata lines (LIBC, LINK) that are read here. Linux programs, so
# nothing of Pith is in their flags.

O ?= build
MUSL_CC ?= musl-gcc
GUEST_DIR = tests/guest
GUEST_OUT = $(O)/tests/guest
GUEST_META = $(shell cd $(GUEST_DIR) && grep -lE '^// $(1)$$' *.c *.cc 2>/dev/null)
GUEST_C = $(notdir $(wildcard $(GUEST_DIR)/*.c))
GUEST_CC = $(notdir $(wildcard $(GUEST_DIR)/*.cc))
GUEST_GLIBC_ONLY := $(call GUEST_META,LIBC: glibc)
GUEST_MUSL_ONLY := $(call GUEST_META,LIBC: musl)
GUEST_PIE := $(call GUEST_META,LINK: static-pie)
GUEST_HEADERS = $(wildcard $(GUEST_DIR)/*.h)
GUEST_WARN = -Wall -Wextra -Werror -Wno-unused-parameter -Wno-nonnull -Wno-missing-field-initializers \
	-Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds -Wno-unused-result -Wno-infinite-recursion -Wno-format-truncation
GUEST_CFLAGS = -O1 -fno-strict-aliasing -pthread $(GUEST_WARN)
GUEST_BINS = $(patsubst %.c,$(GUEST_OUT)/%.glibc,$(filter-out $(GUEST_MUSL_ONLY),$(GUEST_C))) \
	$(patsubst %.cc,$(GUEST_OUT)/%.glibc,$(GUEST_CC)) \
	$(patsubst %.c,$(GUEST_OUT)/%.musl,$(filter-out $(GUEST_GLIBC_ONLY),$(GUEST_C)))

# musl-gcc's specs know nothing of static PIE: its start file and the linker's flags are given by
# hand.
MUSL_LIB ?= /usr/lib/x86_64-linux-musl
GUEST_MUSL_PIE = -fPIE -nostartfiles -static -Wl,-pie,--no-dynamic-linker,-z,text \
	$(addprefix $(MUSL_LIB)/,rcrt1.o crti.o crtn.o)

$(GUEST_OUT)/%.glibc: $(GUEST_DIR)/%.c $(GUEST_HEADERS) | $(GUEST_OUT)
	$(call say,CC,$*.glibc)
	$(Q)$(CC) -std=gnu11 $(GUEST_CFLAGS) $(if $(filter $*.c,$(GUEST_PIE)),-fPIE -static-pie,-no-pie -static) -o $@ $< -lm
$(GUEST_OUT)/%.glibc: $(GUEST_DIR)/%.cc $(GUEST_HEADERS) | $(GUEST_OUT)
	$(call say,CXX,$*.glibc)
	$(Q)$(CXX) -std=gnu++17 $(GUEST_CFLAGS) -Wno-terminate $(if $(filter $*.cc,$(GUEST_PIE)),-fPIE -static-pie,-no-pie -static) -o $@ $<
$(GUEST_OUT)/%.musl: $(GUEST_DIR)/%.c $(GUEST_HEADERS) | $(GUEST_OUT)
	$(call say,MUSL,$*.musl)
	$(Q)$(MUSL_CC) -std=gnu11 $(GUEST_CFLAGS) $(if $(filter $*.c,$(GUEST_PIE)),$(GUEST_MUSL_PIE),-fno-pie -no-pie -static) -o $@ $<
$(GUEST_OUT):
	@mkdir -p $@

guest-tests: $(GUEST_BINS)
.PHONY: guest-tests
