// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What sendfile cannot read from or write to.
//
// ERROR: yes
#include "t.h"
#include <sys/sendfile.h>

int main(void)
{
	int p[2];
	off_t minus = -1;
	t_dir();
	t_file("a", "abc");
	NEED(pipe(p) == 0);
	int r = open("a", O_RDONLY), w = open("b", O_CREAT | O_WRONLY, 0600);
	CHECK_ERR(sendfile(99, r, NULL, 1), EBADF);
	CHECK_ERR(sendfile(w, 99, NULL, 1), EBADF);
	CHECK_ERR(sendfile(r, r, NULL, 1), EBADF);
	CHECK_ERR(sendfile(w, w, NULL, 1), EBADF);
	CHECK_ERR(sendfile(w, r, &minus, 1), EINVAL);
	CHECK_ERR(sendfile(w, r, (off_t *)BAD_PTR, 1), EFAULT);
	off_t zero = 0;
	CHECK_ERR(sendfile(w, p[0], &zero, 1), ESPIPE);
	return 0;
}
