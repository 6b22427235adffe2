// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// openat2: open with limits on the way that the path takes. Path look-up asks here before each move
// that a limit may forbid (fs/path.c). Errors are Linux's (fs/open.c: build_open_flags, fs/namei.c).
#include <fs/at.h>
#include <mm/mm.h>

struct open_how { // include/uapi/linux/openat2.h
	uint64_t flags, mode, resolve;
};
_Static_assert(sizeof(struct open_how) == 24, "OPEN_HOW_SIZE_VER0");
#define RESOLVE_NO_XDEV 1u
#define RESOLVE_NO_MAGICLINKS 2u
#define RESOLVE_NO_SYMLINKS 4u
#define RESOLVE_BENEATH 8u
#define RESOLVE_IN_ROOT 0x10u
#define RESOLVE_CACHED 0x20u
#define RESOLVE_ALL 0x3fu
#define LIMIT_SHIFT 24
_Static_assert(LOOKUP_NO_XDEV == RESOLVE_NO_XDEV << LIMIT_SHIFT &&
	       LOOKUP_NO_MAGICLINKS == RESOLVE_NO_MAGICLINKS << LIMIT_SHIFT &&
	       LOOKUP_NO_SYMLINKS == RESOLVE_NO_SYMLINKS << LIMIT_SHIFT &&
	       LOOKUP_BENEATH == RESOLVE_BENEATH << LIMIT_SHIFT &&
	       LOOKUP_IN_ROOT == RESOLVE_IN_ROOT << LIMIT_SHIFT, "limits are Linux's, shifted");
_Static_assert(!(OPEN_FLAGS & LOOKUP_LIMITS), "both are in one word");

#define TMPFILE (O_TMPFILE_BIT | O_DIRECTORY)

#pragma weak volfs_volume

// A volume is one mount, of however many devices of the host its files are (an overlay has several).
static uint64_t device(const struct vnode *v)
{
	struct kstat st = { .dev = 0 };
	int volume = volfs_volume ? volfs_volume(v) : -1;

	if (volume >= 0)
		return UINT64_MAX - (unsigned)volume;
	return v->ops->getattr((struct vnode *)v, &st) ? 0 : st.dev;
}

static bool crosses(unsigned flags, const struct vnode *from, const struct vnode *to)
{
	return (flags & LOOKUP_NO_XDEV) && device(from) != device(to);
}

int lookup_allowed(unsigned flags, enum lookup_move move, const struct vnode *from,
		   const struct vnode *to)
{
	switch (move) {
	case MOVE_START: return flags & LOOKUP_BENEATH ? -EXDEV : 0;
	case MOVE_JUMP: return flags & LOOKUP_BENEATH || crosses(flags, from, to) ? -EXDEV : 0;
	case MOVE_UP: return flags & LOOKUP_BENEATH ? -EXDEV : 0;
	case MOVE_LINK: return flags & LOOKUP_NO_SYMLINKS ? -ELOOP : 0;
	case MOVE_MAGIC:
		if (flags & (LOOKUP_NO_SYMLINKS | LOOKUP_NO_MAGICLINKS))
			return -ELOOP;
		return flags & LOOKUP_SCOPED ? -EXDEV : 0;
	default: return crosses(flags, from, to) ? -EXDEV : 0;
	}
}

static int check(const struct open_how *how)
{
	uint64_t creates = how->flags & (O_CREAT | O_TMPFILE_BIT), resolve = how->resolve;
	uint64_t path_only = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

	if ((how->flags & ~(uint64_t)OPEN_FLAGS) || (resolve & ~(uint64_t)RESOLVE_ALL) ||
	    (resolve & (RESOLVE_BENEATH | RESOLVE_IN_ROOT)) == (RESOLVE_BENEATH | RESOLVE_IN_ROOT))
		return -EINVAL;
	if (creates ? how->mode & ~07777ull : how->mode)
		return -EINVAL;
	if ((how->flags & (O_DIRECTORY | O_CREAT)) == (O_DIRECTORY | O_CREAT))
		return -EINVAL;
	if ((how->flags & O_TMPFILE_BIT) &&
	    ((how->flags & TMPFILE) != TMPFILE || (how->flags & O_ACCMODE) == O_RDONLY))
		return -EINVAL;
	if ((how->flags & O_PATH) && (how->flags & ~path_only))
		return -EINVAL;
	// All names are at hand, always; but not so what changes something.
	return (resolve & RESOLVE_CACHED) && (how->flags & (O_TRUNC | O_CREAT | O_TMPFILE_BIT)) ?
		       -EAGAIN :
		       0;
}

// What a longer structure of a newer Linux says must be nothing.
static int how_from_user(struct open_how *how, const char *user, size_t size)
{
	if (size < sizeof(*how))
		return -EINVAL;
	if (size > PAGE_SIZE)
		return -E2BIG;
	for (size_t at = sizeof(*how); at < size; at++) {
		char more;

		if (copy_from_user(&more, user + at, 1))
			return -EFAULT;
		if (more)
			return -E2BIG;
	}
	return copy_from_user(how, user, sizeof(*how));
}

long sys_openat2(int dirfd, const char *path, const void *user_how, size_t size)
{
	struct open_how how;
	int r = how_from_user(&how, user_how, size);

	if (!r)
		r = check(&how);
	if (r)
		return r;
	return open_at(dirfd, path,
		       (unsigned)how.flags | ((unsigned)how.resolve << LIMIT_SHIFT & LOOKUP_LIMITS),
		       (uint32_t)how.mode);
}
