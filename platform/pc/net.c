// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The network: the first virtio device of that kind, for images whose programs have sockets.
#include <drivers/virtio/net.h>
#include <platform/pc/pc.h>

static struct virtio_net net;

static void net_start(void)
{
	const struct pc_device *d = pc_find(PC_TYPE_NET, 0);

	if (virtio_net_open(&net, d, &pc.dma, &pc.boot->net))
		pc_fail("the network device", d->where, net.v.why);
}

static bool net_pump(void) { return virtio_net_pump(&net); }
static bool net_arm(void) { return virtio_net_arm(&net); }
static void net_disarm(void) { virtio_net_disarm(&net); }

const struct pc_part pc_net = { net_start, net_pump, net_arm, net_disarm };
