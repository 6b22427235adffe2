# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
#
# Units of the network: host's side (pump, netdev), and what of kernel/net stands alone.
NETWORK_SRCS = $(addprefix host/,network.c network_name.c state.c failure.c)
NETDEV_SRCS = $(addprefix monitor/dev/,netdev.c net_tap.c net_user.c gateway.c hold.c net_named.c peers.c \
	names.c frame.c frame_offload.c) $(NETWORK_SRCS)
UNIT_test_netdev_SRCS = $(NETDEV_SRCS)
UNIT_test_netdev_LIBS = -ldl -lcjson
UNIT_test_network_SRCS = $(NETDEV_SRCS)
UNIT_test_network_LIBS = -ldl -lcjson
UNIT_test_hold_SRCS = monitor/dev/hold.c
UNIT_test_frame_SRCS = monitor/dev/frame.c monitor/dev/frame_offload.c monitor/dev/frame_checksum.c
UNIT_test_member_names_SRCS = monitor/dev/names.c $(UNIT_test_frame_SRCS)
UNIT_test_gso_SRCS = kernel/net/gso.c
UNIT_test_gso_FLAGS = -Ikernel -isystem $(LWIP_DIR)/src/include -Ikernel/net/lwip \
	-Wno-builtin-declaration-mismatch
$(O)/unit/test_gso: | $(LWIP_DIR)/.fetched
