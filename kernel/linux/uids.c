// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Users and groups. An instance has one user, root; the ids are kept so that programs that give up
// root see that they did.
#include <asm-generic/errno.h>

#include <core/user.h>
#include <linux/process.h>
#include <linux/syscall.h>

#define KEEP UINT32_MAX
#define NGROUPS_MAX 65536

long sys_getuid(void)
{
	return current_process()->uid;
}

long sys_geteuid(void)
{
	return current_process()->euid;
}

long sys_getgid(void)
{
	return current_process()->gid;
}

long sys_getegid(void)
{
	return current_process()->egid;
}

// The three ids of one kind.
struct ids {
	uint32_t *real, *effective, *saved;
};

static struct ids uids(void)
{
	struct process *p = current_process();

	return (struct ids){ &p->uid, &p->euid, &p->suid };
}

static struct ids gids(void)
{
	struct process *p = current_process();

	return (struct ids){ &p->gid, &p->egid, &p->sgid };
}

static bool root(void)
{
	return current_process()->euid == 0;
}

static bool one_of(const struct ids *i, uint32_t id)
{
	return id == *i->real || id == *i->effective || id == *i->saved;
}

static long set_one(struct ids i, uint32_t id)
{
	if (id == KEEP)
		return -EINVAL;
	if (root())
		*i.real = *i.saved = id;
	else if (id != *i.real && id != *i.saved)
		return -EPERM;
	*i.effective = id;
	return 0;
}

static long set_three(struct ids i, uint32_t real, uint32_t effective, uint32_t saved)
{
	const uint32_t wanted[] = { real, effective, saved };

	for (int k = 0; k < 3; k++)
		if (wanted[k] != KEEP && !root() && !one_of(&i, wanted[k]))
			return -EPERM;
	*i.real = real == KEEP ? *i.real : real;
	*i.effective = effective == KEEP ? *i.effective : effective;
	*i.saved = saved == KEEP ? *i.saved : saved;
	return 0;
}

// setreuid: the saved id follows the effective one if the real one is set or the effective one
// becomes another than the real one was.
static long set_two(struct ids i, uint32_t real, uint32_t effective)
{
	uint32_t was = *i.real, new_effective = effective == KEEP ? *i.effective : effective;
	bool follow = real != KEEP || (effective != KEEP && effective != was);

	if (!root() && real != KEEP && real != *i.real && real != *i.effective)
		return -EPERM;
	return set_three(i, real, effective, follow ? new_effective : KEEP);
}

static long get_three(struct ids i, uint32_t *real, uint32_t *effective, uint32_t *saved)
{
	if (copy_to_user(real, i.real, 4) || copy_to_user(effective, i.effective, 4) ||
	    copy_to_user(saved, i.saved, 4))
		return -EFAULT;
	return 0;
}

long sys_setuid(uint32_t id)
{
	return set_one(uids(), id);
}

long sys_setgid(uint32_t id)
{
	return set_one(gids(), id);
}

long sys_setreuid(uint32_t real, uint32_t effective)
{
	return set_two(uids(), real, effective);
}

long sys_setregid(uint32_t real, uint32_t effective)
{
	return set_two(gids(), real, effective);
}

long sys_setresuid(uint32_t real, uint32_t effective, uint32_t saved)
{
	return set_three(uids(), real, effective, saved);
}

long sys_setresgid(uint32_t real, uint32_t effective, uint32_t saved)
{
	return set_three(gids(), real, effective, saved);
}

long sys_getresuid(uint32_t *real, uint32_t *effective, uint32_t *saved)
{
	return get_three(uids(), real, effective, saved);
}

long sys_getresgid(uint32_t *real, uint32_t *effective, uint32_t *saved)
{
	return get_three(gids(), real, effective, saved);
}

// File access follows the effective ids; these give the old value, which is all that can be asked.
long sys_setfsuid(uint32_t id)
{
	return current_process()->euid;
}

long sys_setfsgid(uint32_t id)
{
	return current_process()->egid;
}

// No supplementary groups; a program that drops them finds them dropped.
long sys_getgroups(int size, uint32_t *list)
{
	return size < 0 ? -EINVAL : 0;
}

long sys_setgroups(size_t size, const uint32_t *list)
{
	if (!root())
		return -EPERM;
	return size > NGROUPS_MAX ? -EINVAL : 0;
}
