# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
#
# The parts of lwIP that the library OS uses: its core without threads, sockets and name resolver
# (programs bring their own). Its own warnings are not ours. The files on the way of every packet
# are made for speed, the others for size.

LWIP_CORE = core/def core/inet_chksum core/ip core/mem core/memp core/netif core/pbuf core/tcp \
	core/tcp_in \
	core/tcp_out core/timeouts core/udp \
	core/ipv4/dhcp core/ipv4/etharp core/ipv4/icmp core/ipv4/igmp core/ipv4/ip4 \
	core/ipv4/ip4_addr \
	core/ipv4/ip4_frag \
	core/ipv6/ethip6 core/ipv6/icmp6 core/ipv6/inet6 core/ipv6/ip6 core/ipv6/ip6_addr \
	core/ipv6/ip6_frag \
	core/ipv6/mld6 core/ipv6/nd6 netif/ethernet
LWIP_OBJS = $(LWIP_CORE:%=$(O)/guest/lwip/%.o)
LWIP_CFLAGS = -w \
	$(filter-out $(WARN) -Wall -Wextra -Werror -fstack-protector-strong,$(KERNEL_CFLAGS))

LWIP_CONFIG = $(LWIP_DIR)/.fetched $(addprefix kernel/net/lwip/,lwipopts.h lwip_hooks.h arch/cc.h)

$(LWIP_OBJS): $(O)/guest/lwip/%.o: $(LWIP_CONFIG)
	@mkdir -p $(@D)
	$(call say,CC,lwip/$*.c)
	$(Q)$(CC) $(LWIP_CFLAGS) -c -o $@ $(LWIP_DIR)/src/$*.c

$(LWIP_DIR)/.fetched: scripts/fetch-lwip $(wildcard kernel/net/lwip/patches/*.patch)
# The compiler tells no dependencies of headers that it meets through -isystem.
$(filter $(O)/guest/kernel/net/%,$(KERNEL_OBJS)): $(LWIP_CONFIG)
