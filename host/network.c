// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <host/network.h>
#include <host/state_priv.h>

#define TRIES 100
#define BACKLOG 256 // more than there are members: nobody waits for one that does not answer

struct joining {
	struct network *n;
	const char *member;
	bool taken[NETWORK_LAST + 1];
	int (*met)(void *arg, uint8_t number, const char *name, int fd);
	void *arg;
};

// By way of the folder's descriptor: a path in sockaddr_un is too short for some.
static void address(struct sockaddr_un *a, int dir_fd, const char *file)
{
	memset(a, 0, sizeof(*a));
	a->sun_family = AF_UNIX;
	snprintf(a->sun_path, sizeof(a->sun_path), "/proc/self/fd/%d/%s", dir_fd, file);
}

static int unix_socket(void)
{
	return socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

// Takes "NUMBER.NAME" apart. Gives 0 if it is no member's file.
static uint8_t number_of(const char *file, const char **name)
{
	char *end;
	unsigned long number = strtoul(file, &end, 10);

	if (!isdigit((unsigned char)file[0]) || *end != '.' || number < NETWORK_FIRST ||
	    number > NETWORK_LAST || !network_member_ok(end + 1))
		return 0;
	*name = end + 1;
	return (uint8_t)number;
}

// Calls f for each member's file; f gives 0 to go on.
static int each_file(int dir_fd, int (*f)(void *arg, const char *file), void *arg)
{
	int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;

	if (!dir) {
		r = -errno;
		if (fd >= 0)
			close(fd);
		return r;
	}
	while (!r && (e = readdir(dir)))
		r = f(arg, e->d_name);
	closedir(dir);
	return r;
}

// Gives a connection, -ECONNREFUSED (nobody listens any more), or another negative errno.
static int call(int dir_fd, const char *file)
{
	struct sockaddr_un at;
	int fd = unix_socket(), err;

	if (fd < 0)
		return -errno;
	address(&at, dir_fd, file);
	if (!connect(fd, (struct sockaddr *)&at, sizeof(at)))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

// One that is there already: greets it, or removes what is left of it. -EEXIST: has our name.
static int meet(void *arg, const char *file)
{
	struct joining *j = arg;
	const char *name;
	uint8_t number = number_of(file, &name);
	int fd = number ? call(j->n->dir_fd, file) : -1;

	if (!number)
		return 0;
	if (fd == -ECONNREFUSED || fd == -ENOENT) {
		unlinkat(j->n->dir_fd, file, 0);
		return 0;
	}
	j->taken[number] = true;
	if (!strcasecmp(name, j->member)) {
		if (fd >= 0)
			close(fd);
		return -EEXIST;
	}
	return fd < 0 ? fd : j->met(j->arg, number, name, fd);
}

// From where a hash of the name says on, so that a member that is started again finds its old
// number free.
static uint8_t choose(const struct joining *j)
{
	unsigned count = NETWORK_LAST - NETWORK_FIRST + 1;
	uint32_t h = 0x811c9dc5; // FNV-1a

	for (const char *c = j->member; *c; c++)
		h = (h ^ (uint8_t)tolower((unsigned char)*c)) * 0x01000193;
	for (unsigned i = 0; i < count; i++) {
		unsigned number = NETWORK_FIRST + (h + i) % count;

		if (!j->taken[number])
			return (uint8_t)number;
	}
	return 0;
}

// The member's own file. -ENOENT: the network's last member has just removed it.
static int claim(struct joining *j)
{
	struct network *n = j->n;
	struct sockaddr_un at;
	char file[sizeof(n->file)];
	int fd = unix_socket(), err;

	n->number = choose(j);
	if (fd < 0 || !n->number) {
		err = fd < 0 ? -errno : -ENOSPC;
		if (fd >= 0)
			close(fd);
		return err;
	}
	snprintf(file, sizeof(file), "%u.%s", n->number, j->member);
	address(&at, n->dir_fd, file);
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) || listen(fd, BACKLOG)) {
		err = -errno;
		close(fd);
		return err;
	}
	strcpy(n->file, file);
	n->listen_fd = fd;
	return 0;
}

static int open_folder(struct network *n, struct failure *why)
{
	char root[STATE_PATH_MAX], path[STATE_PATH_MAX + 8];
	int r = state_root(root, why);

	if (r)
		return r;
	snprintf(path, sizeof(path), "%s/nets", root);
	if (mkdir(path, 0700) && errno != EEXIST)
		return failure_errno(why, -errno, "cannot make %s", path);
	state_share(path);
	n->all_fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return n->all_fd < 0 ? failure_errno(why, -errno, "cannot open %s", path) : 0;
}

// The network's folder, locked. Gives 0 or a negative errno.
static int lock_folder(struct network *n)
{
	char path[32 + NETWORK_NAME_MAX];

	if (mkdirat(n->all_fd, n->name, 0700) && errno != EEXIST)
		return -errno;
	snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", n->all_fd, n->name);
	state_share(path);
	n->dir_fd = openat(n->all_fd, n->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return n->dir_fd < 0 || flock(n->dir_fd, LOCK_EX) ? -errno : 0;
}

static int try_to_join(struct joining *j)
{
	struct network *n = j->n;
	int r = lock_folder(n);

	if (!r)
		r = each_file(n->dir_fd, meet, j);
	if (!r)
		r = claim(j);
	if (n->dir_fd >= 0)
		flock(n->dir_fd, LOCK_UN);
	return r;
}

static int explain(const struct joining *j, int err, struct failure *why)
{
	const char *name = j->n->name;

	if (err == -EEXIST)
		return failure_set(why, err,
				   "the network %s has a member %s already (upper and lower case "
				   "are the same); choose another --name",
				   name, j->member);
	if (err == -ENOSPC)
		return failure_set(why, err, "the network %s is full: it has %d members", name,
				   NETWORK_LAST - NETWORK_FIRST + 1);
	return failure_errno(why, err, "cannot join the network %s", name);
}

int network_join(struct network *n, const char *network, const char *member,
		 int (*met)(void *arg, uint8_t number, const char *name, int fd), void *arg,
		 struct failure *why)
{
	struct joining j = { .n = n, .member = member, .met = met, .arg = arg };
	int r;

	memset(n, 0, sizeof(*n));
	n->all_fd = n->dir_fd = n->listen_fd = -1;
	if (!network_name_ok(network))
		return failure_set(why, -EINVAL,
				   "there is no network \"%s\": user, none, tap:NAME, or a name of "
				   "letters, digits, - and _, at most %d",
				   network, NETWORK_NAME_MAX);
	if (!network_member_ok(member))
		return failure_set(why, -EINVAL,
				   "on a network an instance has a name without dots, not %s",
				   member);
	strcpy(n->name, network);
	r = open_folder(n, why);
	if (r)
		return r;
	for (int i = 0; i < TRIES; i++) {
		r = try_to_join(&j);
		if (r != -ENOENT)
			break;
		// The folder was removed meanwhile; then nobody was in it.
		close(n->dir_fd);
		n->dir_fd = -1;
	}
	if (r) {
		network_leave(n);
		return explain(&j, r, why);
	}
	return 0;
}

void network_leave(struct network *n)
{
	int *fds[] = { &n->listen_fd, &n->dir_fd, &n->all_fd };

	if (n->dir_fd >= 0 && n->file[0])
		unlinkat(n->dir_fd, n->file, 0);
	if (n->all_fd >= 0)
		unlinkat(n->all_fd, n->name, AT_REMOVEDIR);
	for (unsigned i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		if (*fds[i] >= 0)
			close(*fds[i]);
		*fds[i] = -1;
	}
}

struct forgetting {
	int dir_fd;
	const char *member;
};

static int forget_file(void *arg, const char *file)
{
	const struct forgetting *f = arg;
	const char *name;
	int fd;

	if (!number_of(file, &name) || strcmp(name, f->member))
		return 0;
	fd = call(f->dir_fd, file);
	if (fd >= 0)
		close(fd);
	else if (fd == -ECONNREFUSED)
		unlinkat(f->dir_fd, file, 0);
	return 0;
}

void network_forget(const char *network, const char *member)
{
	struct network n = { .all_fd = -1, .dir_fd = -1, .listen_fd = -1 };
	struct forgetting f = { .member = member };
	struct failure why;

	if (!network_name_ok(network) || open_folder(&n, &why))
		return;
	strcpy(n.name, network);
	n.dir_fd = openat(n.all_fd, network, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	f.dir_fd = n.dir_fd;
	if (n.dir_fd >= 0 && !flock(n.dir_fd, LOCK_EX)) {
		each_file(n.dir_fd, forget_file, &f);
		flock(n.dir_fd, LOCK_UN);
	}
	network_leave(&n);
}
