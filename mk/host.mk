# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
#
# The pith command. Small libraries are linked statically where Debian has them so, to start fast; libslirp is opened only when used.

HOST_SRCS = $(sort $(wildcard host/*.c monitor/*.c monitor/*/*.c image/*.c cli/*.c))
HOST_OBJS = $(patsubst %.c,$(O)/%.o,$(HOST_SRCS))
HOST_FLAGS = -std=gnu11 $(HOST_CFLAGS) $(WARN) -D_GNU_SOURCE -Iinclude -I. -fPIE -fstack-protector-strong \
	-D_FORTIFY_SOURCE=2 -DPITH_LIBDIR='"$(PITH_LIBDIR)"'
HOST_LIBS = -Wl,-Bstatic -lseccomp -lyaml -lcjson -lcapstone -lxxhash -Wl,-Bdynamic -ldl
PITH_LIBDIR ?= $(PREFIX)/lib/pith
PREFIX ?= /usr/local

$(O)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(HOST_FLAGS) -MMD -MP -c -o $@ $<
$(O)/pith: $(HOST_OBJS)
	$(call say,LD,$@)
	$(Q)$(CC) -pie -Wl,-z,relro,-z,now -o $@ $(HOST_OBJS) $(HOST_LIBS)

pith: guest $(O)/pith
.PHONY: pith
-include $(HOST_OBJS:.o=.d)
