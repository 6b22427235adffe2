# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
# Fuzzers of the dns appliance: what each is linked with.
FUZZ_fuzz_dns_query_SRCS := $(addprefix apps/dns/,name.c text.c zlex.c zone.c rdata.c zparse.c \
	wire.c answer.c query.c)
FUZZ_fuzz_dns_zone_SRCS := $(FUZZ_fuzz_dns_query_SRCS)
