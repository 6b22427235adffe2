// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Questions over UDP; see udp.h. A kernel without recvmmsg or sendmmsg gets one call a message.
#define _GNU_SOURCE 1
#include "udp.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "proto.h"
#include "query.h"

#define BATCH 32
#define ROUNDS 8          // batches in a row, so that TCP is not forgotten
#define QUESTION_MAX 2048 // a longer message is cut, and then found to be malformed

static struct {
	struct mmsghdr in[BATCH];
	struct mmsghdr out[BATCH];
	struct iovec in_iov[BATCH];
	struct iovec out_iov[BATCH];
	struct sockaddr_in6 peer[BATCH]; // the larger of the two families
	uint8_t question[BATCH][QUESTION_MAX];
	uint8_t answer[BATCH][DNS_EDNS_MAX];
} udp;

static void message_init(struct msghdr *m, struct iovec *iov, struct sockaddr_in6 *peer)
{
	memset(m, 0, sizeof(*m));
	m->msg_iov = iov;
	m->msg_iovlen = 1;
	m->msg_name = peer;
	m->msg_namelen = sizeof(*peer);
}

static void batch_init(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		udp.in_iov[i].iov_base = udp.question[i];
		udp.in_iov[i].iov_len = QUESTION_MAX;
		message_init(&udp.in[i].msg_hdr, &udp.in_iov[i], &udp.peer[i]);
	}
}

static int receive(int fd)
{
	int n = recvmmsg(fd, udp.in, BATCH, MSG_DONTWAIT, NULL);
	ssize_t len;

	if (n >= 0 || errno != ENOSYS)
		return n;
	len = recvmsg(fd, &udp.in[0].msg_hdr, MSG_DONTWAIT);
	udp.in[0].msg_len = len < 0 ? 0 : (unsigned)len;
	return len < 0 ? -1 : 1;
}

// musl's sendmmsg() is a loop of sendmsg(), so the system call is made here; the padding in musl's
// headers, which the kernel reads, is zero (message_init).
// What cannot be sent at once is lost, as any datagram may be; the client asks again.
static void send_all(int fd, unsigned count)
{
	unsigned sent = 0;
	int n;

	while (sent < count) {
		n = (int)syscall(SYS_sendmmsg, fd, udp.out + sent, count - sent, MSG_DONTWAIT);
		if (n < 0 && errno == ENOSYS)
			sendmsg(fd, &udp.out[sent].msg_hdr, MSG_DONTWAIT);
		sent += n > 0 ? (unsigned)n : 1;
	}
}

static unsigned answer_batch(unsigned count, unsigned how)
{
	unsigned answers = 0;
	size_t len;

	for (unsigned i = 0; i < count; i++) {
		len = query_process(udp.question[i], udp.in[i].msg_len, udp.answer[i], how);
		if (!len)
			continue;
		udp.out_iov[answers].iov_base = udp.answer[i];
		udp.out_iov[answers].iov_len = len;
		message_init(&udp.out[answers].msg_hdr, &udp.out_iov[answers], &udp.peer[i]);
		udp.out[answers++].msg_hdr.msg_namelen = udp.in[i].msg_hdr.msg_namelen;
	}
	return answers;
}

void udp_serve(int fd, unsigned how)
{
	int n = BATCH;

	batch_init(BATCH);
	for (int round = 0; round < ROUNDS && n == BATCH; round++) {
		n = receive(fd);
		if (n <= 0)
			return;
		send_all(fd, answer_batch((unsigned)n, how));
		batch_init((unsigned)n);
	}
}
