# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
#
# The appliances: plain Linux programs, static with musl. Each folder says its sources in sources.mk.

APPS = web dns hello
-include $(wildcard apps/*/sources.mk)
HELLO_SRCS ?= apps/hello/hello.c
APP_CFLAGS = -std=gnu11 -Os -g0 -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables -fomit-frame-pointer \
	$(WARN) -D_GNU_SOURCE

$(O)/apps/web: $(WEB_SRCS) $(wildcard apps/web/*.h)
$(O)/apps/dns: $(DNS_SRCS) $(wildcard apps/dns/*.h)
$(O)/apps/hello: $(HELLO_SRCS)
$(O)/apps/%:
	@mkdir -p $(@D)
	$(call say,MUSL,$@)
	$(Q)$(MUSL_CC) $(APP_CFLAGS) -static -Wl,--gc-sections -s -o $@ $(filter %.c,$^)

apps: $(APPS:%=$(O)/apps/%)
.PHONY: apps
