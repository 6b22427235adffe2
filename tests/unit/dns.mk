# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
# Unit tests of the dns appliance: what each is linked with.
UNIT_test_dns_name_SRCS := apps/dns/name.c
UNIT_test_dns_zparse_SRCS := $(addprefix apps/dns/,name.c text.c zlex.c zone.c rdata.c zparse.c)
UNIT_test_dns_wire_SRCS := $(addprefix apps/dns/,name.c text.c zlex.c zone.c rdata.c zparse.c \
	wire.c answer.c query.c)
