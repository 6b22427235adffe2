# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
# The dns appliance: DNS_LIB_SRCS is all of it but the network, which tests link without.
DNS_LIB_SRCS := $(addprefix apps/dns/,name.c text.c zlex.c zone.c rdata.c zparse.c wire.c answer.c \
	query.c)
DNS_SRCS := $(DNS_LIB_SRCS) $(addprefix apps/dns/,udp.c tcp.c server.c main.c)
# One page less of padding: code and constants share a segment, which stays read-only.
$(O)/apps/dns: APP_CFLAGS += -Wl,-z,noseparate-code
