// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The header in front of every frame in the network rings: struct virtio_net_hdr_v1 (virtio 1.1,
// 5.1.6; also what a Linux tap with IFF_VNET_HDR and TUNSETVNETHDRSZ 12 takes). Little-endian.
#ifndef PITH_NET_HEADER_H
#define PITH_NET_HEADER_H

#include <stdint.h>

// flags: the checksum from csum_start on is still to be made, at csum_start + csum_offset
#define NET_HDR_NEEDS_CSUM 1
#define NET_HDR_DATA_VALID 2 // flags: the checksum has been checked
#define NET_HDR_GSO_NONE 0
#define NET_HDR_GSO_TCPV4 1
#define NET_HDR_GSO_TCPV6 4

struct net_header {
	uint8_t flags;
	uint8_t gso_type;
	uint16_t hdr_len;
	uint16_t gso_size;
	uint16_t csum_start;
	uint16_t csum_offset;
	uint16_t num_buffers;
};
_Static_assert(sizeof(struct net_header) == 12, "virtio_net_hdr_v1");

#define NET_FRAME_MAX (14 + 65535)

#endif
