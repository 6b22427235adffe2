// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <export/fat.h>
#include <image/output.h>

#define PIECE (1u << 20)

int content_write(const struct content *c, int fd, uint64_t at)
{
	uint64_t done = 0;
	int err = 0;
	char *piece;

	if (c->bytes)
		return output_write(fd, c->bytes, c->len, at);
	piece = malloc(PIECE);
	if (!piece)
		return -ENOMEM;
	while (done < c->len && !err) {
		uint64_t left = c->len - done;
		ssize_t n = pread(c->fd, piece, left < PIECE ? left : PIECE, (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			err = n ? -errno : -ESTALE; // it became shorter
		else
			err = output_write(fd, piece, (size_t)n, at + done);
		done += n > 0 ? (uint64_t)n : 0;
	}
	free(piece);
	return err;
}
