# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
#
# The pith command. Small libraries are linked statically where Debian has them so, to start fast; libslirp is opened only when used.

PREFIX ?= /usr/local
PITH_LIBDIR ?= $(PREFIX)/lib/pith
HOST_FLAGS = -std=gnu11 $(HOST_CFLAGS) $(WARN) -D_GNU_SOURCE -Iinclude -I. -I$(O)/gen -fPIE -fstack-protector-strong \
	-D_FORTIFY_SOURCE=2 -DPITH_LIBDIR='"$(PITH_LIBDIR)"'

# pith: everything but building. Linked so that it starts fast.
HOST_SRCS = $(sort $(wildcard host/*.c monitor/*.c monitor/*/*.c cli/*.c export/*.c)) image/interrupt.c image/output.c
HOST_OBJS = $(patsubst %.c,$(O)/%.o,$(HOST_SRCS))
HOST_LIBS = -Wl,-Bstatic -ldeflate -Wl,-Bdynamic -lcjson -ldl
# Shared with what runs in the guest.
HOST_SHARED_SRCS = nucleus/pagetable.c $(sort $(wildcard loader/*.c))
HOST_SHARED_OBJS = $(patsubst %.c,$(O)/%.o,$(HOST_SHARED_SRCS))

# pith-build: the builder behind `pith build`, with the libraries that only it needs.
BUILD_SRCS = $(sort $(wildcard image/*.c)) host/failure.c host/tool.c host/archive.c host/network_name.c monitor/image.c monitor/image_parts.c monitor/image_memory.c monitor/unpack.c monitor/branches.c
BUILD_OBJS = $(patsubst %.c,$(O)/%.o,$(BUILD_SRCS))
BUILD_LIBS = -Wl,-Bstatic -lyaml -ldeflate -lnettle -Wl,-Bdynamic -lcjson -lZydis -larchive

$(O)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(HOST_FLAGS) -MMD -MP -c -o $@ $<

# Numbers and names of system calls, out of the machine's own header.
$(O)/gen/call_names.inc: /usr/include/x86_64-linux-gnu/asm/unistd_64.h
	@mkdir -p $(@D)
	$(Q)sed -n 's/^#define __NR_\([a-z0-9_]*\) \([0-9]*\)$$/[\2] = "\1",/p' $< > $@
$(O)/image/call_names.o: $(O)/gen/call_names.inc

$(O)/pith: $(HOST_OBJS) $(HOST_SHARED_OBJS)
	$(call say,LD,$@)
	$(Q)$(CC) -pie -Wl,-z,relro,-z,now -Wl,--as-needed -o $@ $^ $(HOST_LIBS)
$(O)/pith-build: $(BUILD_OBJS)
	$(call say,LD,$@)
	$(Q)$(CC) -pie -Wl,-z,relro,-z,now -Wl,--as-needed -o $@ $^ $(BUILD_LIBS)

pith: guest $(O)/pith $(O)/pith-build
.PHONY: pith
$(HOST_OBJS) $(BUILD_OBJS) $(HOST_SHARED_OBJS): mk/host.mk
-include $(HOST_OBJS:.o=.d) $(BUILD_OBJS:.o=.d) $(HOST_SHARED_OBJS:.o=.d)
