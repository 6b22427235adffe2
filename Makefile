# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
#
# The whole build. `make` builds everything into build/ (or O=DIR); mk/*.mk has one part each:
#   guest.mk   what goes into images: nucleus, library OS, the guest halves of the platforms, lwIP
#   host.mk    the pith command: monitor, builder, command line
#   apps.mk    the appliances
#   tests.mk   unit tests, fuzzers, guest tests
#   install.mk make install with PREFIX and DESTDIR
O ?= build
CC = gcc
MUSL_CC = musl-gcc
HOST_CFLAGS ?= -O2 -g
WARN = -Wall -Wextra -Werror -Wmissing-field-initializers -Wno-unused-parameter -Wvla
V ?= 0
Q = $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@printf '  %-7s %s\n' '$(1)' '$(2)')

all: pith apps

include mk/guest.mk
include mk/host.mk
include mk/apps.mk
include mk/tests.mk
include mk/install.mk

clean:
	rm -rf $(O)

.PHONY: all clean
.DELETE_ON_ERROR:
