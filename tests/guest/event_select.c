// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// select's three sets, changed in place.
#include "t.h"

int main(void)
{
	int p[2], q[2];
	fd_set r, w;
	NEED(pipe(p) == 0 && pipe(q) == 0 && write(p[1], "x", 1) == 1);
	FD_ZERO(&r);
	FD_ZERO(&w);
	FD_SET(p[0], &r);
	FD_SET(q[0], &r);
	FD_SET(q[1], &w);
	SHOW(select(q[1] + 1, &r, &w, NULL, NULL));
	say("%d %d %d", !!FD_ISSET(p[0], &r), !!FD_ISSET(q[0], &r), !!FD_ISSET(q[1], &w));
	struct timeval tv = { 0, 5000 };
	FD_ZERO(&r);
	FD_SET(q[0], &r);
	SHOW(select(q[0] + 1, &r, NULL, NULL, &tv));
	SHOW(!!FD_ISSET(q[0], &r));
	SHOW(tv.tv_sec + tv.tv_usec);
	close(q[1]);
	FD_SET(q[0], &r);
	SHOW(select(q[0] + 1, &r, NULL, NULL, NULL));
	return 0;
}
