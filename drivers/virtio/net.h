// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A virtio network device (virtio 1.1, 5.1) at the host's end of the rings of boot_block.net: what
// the monitor does on kvm with a tap.
//
// Frames go out where they lie: the device reads the ring's record, which has the header that it
// wants, and the record is popped when the device is done with it. Frames come in by buffers of our
// own and are copied into the ring.
#ifndef DRIVERS_VIRTIO_NET_H
#define DRIVERS_VIRTIO_NET_H

#include <drivers/virtio/virtio.h>
#include <pith/boot.h>
#include <pith/ring.h>

struct virtio_net {
	struct virtio v;
	struct virtio_queue rxq, txq;
	uint32_t header;  // bytes of the device's header: 12, or 10 for old devices
	bool split;       // the header needs a descriptor of its own

	// Out. The records between tx.mine and ahead.mine are with the device, `sending` of them, the
	// oldest in slot `oldest`.
	struct ring_end tx, ahead;
	uint64_t tx_pa;   // of the ring's data
	uint32_t *end;    // by slot: where the record ends
	uint16_t oldest, sending;

	// In: `count` buffers of `size` bytes, one to a slot.
	struct ring_end rx;
	uint8_t *buffers;
	uint32_t size, count;
	uint32_t frame_max; // with a header of the ring's
	bool blocked;       // the library OS has not made room for what has come
	// The frame of which `left` buffers are still to come: `len` bytes of it are at `at`, where
	// there is room for `room`. NULL: it is dropped.
	uint8_t *at;
	uint32_t len, room, left;
};

// Starts the device. net->rx and net->tx are the rings, which lie in RAM; this fills in present,
// mac, mtu, and NET_RX_CSUM, NET_TX_CSUM, NET_RX_TSO and NET_TX_TSO of flags, whatever they were.
// Takes half a MiB of memory if there is a MiB, 100 KiB if there are 256, and some 30 KiB if there
// is little. Gives 0, -EIO or -ENOMEM: there is no network then, and n->v.why says why.
int virtio_net_open(struct virtio_net *n, const struct pc_device *d, struct dma *dma,
		    struct boot_net *net);

// Sends and receives all there is. True: something was received. On a device that is lost, what is
// sent is dropped.
bool virtio_net_pump(struct virtio_net *n);

// As virtio_arm(): for frames to come, if there is room for them, and for room for frames that
// could not be sent. Acknowledges earlier interrupts first.
bool virtio_net_arm(struct virtio_net *n);
void virtio_net_disarm(struct virtio_net *n);

#endif
