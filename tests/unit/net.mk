# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
#
# Units of the network: host's side (pump, netdev), and what of kernel/net stands alone.
UNIT_test_netdev_SRCS = $(addprefix monitor/dev/,netdev.c net_tap.c net_user.c gateway.c) host/failure.c
UNIT_test_netdev_LIBS = -ldl
UNIT_test_gso_SRCS = kernel/net/gso.c
UNIT_test_gso_FLAGS = -Ikernel -isystem $(LWIP_DIR)/src/include -Ikernel/net/lwip \
	-Wno-builtin-declaration-mismatch
$(O)/unit/test_gso: | $(LWIP_DIR)/.fetched
