// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Users and groups. Who may become anybody is who has the capability for it, as on Linux: root,
// mostly; but also who has kept it (PR_SET_KEEPCAPS), and not a root that has dropped it.
#include <asm-generic/errno.h>
#include <linux/capability.h>
#include <linux/securebits.h>

#include <core/user.h>
#include <linux/process.h>
#include <linux/syscall.h>
#include <mm/mm.h>

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

// The three ids of one kind, and whether they may become any.
struct ids {
	uint32_t *real, *effective, *saved;
	bool any;
};

static bool capable(unsigned capability)
{
	return !(current_process()->caps.not_effective >> capability & 1);
}

static struct ids uids(void)
{
	struct process *p = current_process();

	return (struct ids){ &p->uid, &p->euid, &p->suid, capable(CAP_SETUID) };
}

static struct ids gids(void)
{
	struct process *p = current_process();

	return (struct ids){ &p->gid, &p->egid, &p->sgid, capable(CAP_SETGID) };
}

void caps_follow_uid(struct process *p, const uint32_t was[3])
{
	bool was_root = !was[0] || !was[1] || !was[2], is_root = !p->uid || !p->euid || !p->suid;
	struct capabilities *c = &p->caps;

	if (c->secure_bits & SECBIT_NO_SETUID_FIXUP)
		return;
	if (was_root && !is_root) {
		if (!c->keep)
			c->not_permitted = CAPS_ALL;
		c->ambient = 0;
	}
	if (!was[1] && p->euid)
		c->not_effective = CAPS_ALL;
	else if (was[1] && !p->euid)
		c->not_effective = c->not_permitted;
	c->not_effective |= c->not_permitted;
}

static bool one_of(const struct ids *i, uint32_t id)
{
	return id == *i->real || id == *i->effective || id == *i->saved;
}

static long set_one(struct ids i, uint32_t id)
{
	if (id == KEEP)
		return -EINVAL;
	if (i.any)
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
		if (wanted[k] != KEEP && !i.any && !one_of(&i, wanted[k]))
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

	if (!i.any && real != KEEP && real != *i.real && real != *i.effective)
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

// The result of a change of user ids, and what it means for capabilities.
static long uids_changed(long r, const uint32_t was[3])
{
	if (!r)
		caps_follow_uid(current_process(), was);
	return r;
}

#define UIDS_NOW { current_process()->uid, current_process()->euid, current_process()->suid }

long sys_setuid(uint32_t id)
{
	const uint32_t was[3] = UIDS_NOW;

	return uids_changed(set_one(uids(), id), was);
}

long sys_setgid(uint32_t id)
{
	return set_one(gids(), id);
}

long sys_setreuid(uint32_t real, uint32_t effective)
{
	const uint32_t was[3] = UIDS_NOW;

	return uids_changed(set_two(uids(), real, effective), was);
}

long sys_setregid(uint32_t real, uint32_t effective)
{
	return set_two(gids(), real, effective);
}

long sys_setresuid(uint32_t real, uint32_t effective, uint32_t saved)
{
	const uint32_t was[3] = UIDS_NOW;

	return uids_changed(set_three(uids(), real, effective, saved), was);
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

long sys_getgroups(int size, uint32_t *list)
{
	const struct groups *g = current_process()->groups;
	uint32_t count = g ? g->count : 0;

	if (size < 0 || (size && (unsigned)size < count))
		return -EINVAL;
	if (size && count && copy_to_user(list, g->id, count * sizeof(*list)))
		return -EFAULT;
	return count;
}

// Sorted on the way in, as Linux gives them back.
static void sort(uint32_t *g, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k && g[k - 1] > g[k]; k--) {
			uint32_t t = g[k];

			g[k] = g[k - 1];
			g[k - 1] = t;
		}
}

static void groups_put(struct groups *g)
{
	if (g && !--g->refs)
		kfree(g);
}

long sys_setgroups(size_t size, const uint32_t *list)
{
	struct process *p = current_process();
	struct groups *g = NULL;

	if (!capable(CAP_SETGID))
		return -EPERM;
	if (size > NGROUPS_MAX)
		return -EINVAL;
	if (size) {
		g = kmalloc(sizeof(*g) + size * sizeof(g->id[0]));
		if (!g)
			return -ENOMEM;
		if (copy_from_user(g->id, list, size * sizeof(g->id[0]))) {
			kfree(g);
			return -EFAULT;
		}
		sort(g->id, size);
		g->refs = 1;
		g->count = (uint32_t)size;
	}
	groups_put(p->groups);
	p->groups = g;
	return 0;
}
