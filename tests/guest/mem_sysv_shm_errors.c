// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What shmget, shmat, shmdt and shmctl refuse; a read-only attachment cannot be written.
// ERROR: yes
#include "t.h"
#include <sys/ipc.h>
#include <sys/shm.h>

static sigjmp_buf again;

static void on_fault(int sig)
{
	siglongjmp(again, 1);
}

int main(void)
{
	key_t key = 0x60000000 + getpid();
	char *volatile a;
	int id;

	CHECK_ERR(shmget(key, 100, 0600), ENOENT);
	CHECK_ERR(shmget(key, 0, IPC_CREAT | 0600), EINVAL);
	NEED((id = shmget(key, 8192, IPC_CREAT | 0600)) >= 0);
	CHECK_ERR(shmget(key, 8192, IPC_CREAT | IPC_EXCL | 0600), EEXIST);
	CHECK_ERR(shmget(key, 8193, 0600), EINVAL);
	CHECK_ERR((long)shmat(-1, NULL, 0), EINVAL);
	CHECK_ERR((long)shmat(0x7ffffff0, NULL, 0), EINVAL);
	NEED((a = shmat(id, NULL, SHM_RDONLY)) != (void *)-1);
	CHECK_ERR((long)shmat(id, a + 1, 0), EINVAL);
	CHECK_ERR((long)shmat(id, a, 0), EINVAL);
	CHECK_ERR(shmdt(a + 4096), EINVAL);
	CHECK_ERR(shmdt(&key), EINVAL);
	CHECK_ERR(shmctl(0x7ffffff0, IPC_RMID, NULL), EINVAL);
	CHECK_ERR(shmctl(id, 99, NULL), EINVAL);
	CHECK_ERR(shmctl(id, IPC_STAT, BAD_PTR), EFAULT);
	signal(SIGSEGV, on_fault);
	if (!sigsetjmp(again, 1)) {
		a[0] = 1;
		say("written");
	} else {
		say("fault");
	}
	CHECK_ERR(mprotect(a, 4096, PROT_READ | PROT_WRITE), EACCES);
	SHOW(shmdt(a));
	CHECK_ERR(shmdt(a), EINVAL);
	SHOW(shmctl(id, IPC_RMID, NULL));
	return 0;
}
