// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// System V shared memory: one segment attached twice is the same memory; it can be removed while it
// is attached, and goes with the last detachment.
#include "t.h"
#include <sys/ipc.h>
#include <sys/shm.h>

int main(void)
{
	struct shmid_ds ds;
	key_t key = 0x50000000 + getpid();
	int id, fresh;
	char *a, *b;

	NEED((id = shmget(key, 10000, IPC_CREAT | IPC_EXCL | 0600)) >= 0);
	CHECK(shmget(key, 0, 0) == id);
	CHECK(shmget(key, 5000, 0600) == id);
	NEED((a = shmat(id, NULL, 0)) != (void *)-1);
	CHECK(!a[0] && !a[9999]);
	NEED((b = shmat(id, NULL, SHM_RDONLY)) != (void *)-1 && a != b);
	strcpy(a + 5000, "shared");
	CHECK(!strcmp(b + 5000, "shared"));
	NEED(!shmctl(id, IPC_STAT, &ds));
	CHECK(ds.shm_segsz == 10000 && ds.shm_nattch == 2 && ds.shm_cpid == getpid());
	SHOW(ds.shm_perm.mode & 0777);
	SHOW(shmdt(b));
	NEED(!shmctl(id, IPC_STAT, &ds));
	SHOW(ds.shm_nattch);
	NEED((b = shmat(id, b, 0)) != (void *)-1);
	CHECK(!strcmp(b + 5000, "shared"));
	SHOW(shmctl(id, IPC_RMID, NULL));
	CHECK_ERR(shmget(key, 0, 0), ENOENT);
	CHECK(!strcmp(a + 5000, "shared"));
	SHOW(shmdt(a));
	NEED(!shmctl(id, IPC_STAT, &ds));
	SHOW(ds.shm_nattch);
	SHOW(shmdt(b));
	CHECK_ERR(shmctl(id, IPC_STAT, &ds), EINVAL);
	NEED((fresh = shmget(IPC_PRIVATE, 1, 0600)) >= 0);
	CHECK(fresh != id);
	SHOW(shmctl(fresh, IPC_RMID, NULL));
	return 0;
}
