// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Questions over UDP: a batch is received, answered and sent with one system call each.
#ifndef DNS_UDP_H
#define DNS_UDP_H

// Answers what waits on the socket, a few batches at most. how: as for query_process().
void udp_serve(int fd, unsigned how);

#endif
