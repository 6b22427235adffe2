// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Named networks between two monitors in one process: joining, leaving, frames, and members that break the rules.
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include <monitor/dev/frame.h>
#include <monitor/dev/peers.h>

static char home[] = "/tmp/pith-nets-XXXXXX";
static struct netdev dev;
static struct failure why;

static int ends_empty(void **state)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/pith/nets/n", home);
	return !access(path, F_OK);
}

static void turn(struct peers *p, void (*take)(void *arg, struct peer *from), void *arg)
{
	dev.fd_count = 0;
	peers_fds(p, &dev, true);
	poll(dev.fds, dev.fd_count, 0);
	peers_polled(p, &dev, take, arg);
}

static void ignore(void *arg, struct peer *from)
{
	uint8_t buf[70000];

	while (peer_receive(arg, from, buf, sizeof(buf)))
		;
}

static void settle(struct peers *a, struct peers *b)
{
	for (int i = 0; i < 3; i++) {
		turn(a, ignore, a);
		turn(b, ignore, b);
	}
}

static struct peers *join(const char *name)
{
	struct peers *p = calloc(1, sizeof(*p));

	if (peers_join(p, "n", name, 70000, &why))
		fail_msg("%s", why.text);
	return p;
}

static void leave(struct peers *p)
{
	peers_leave(p);
	free(p);
}

static void meeting(void **state)
{
	struct peers *a = join("a"), *b = join("b");

	settle(a, b);
	assert_int_equal(a->count, 1);
	assert_int_equal(b->count, 1);
	assert_string_equal(a->list[0]->name, "b");
	assert_ptr_equal(a->by_number[b->net.number], a->list[0]);
	assert_int_equal(a->list[0]->frame_max, 70000);
	assert_int_equal(a->unknown, 0);
	leave(b);
	settle(a, a);
	assert_int_equal(a->count, 0);
	leave(a);
}

static void same_number_again(void **state)
{
	struct peers *a = join("a");
	uint8_t number = a->net.number;

	leave(a);
	a = join("a");
	assert_int_equal(a->net.number, number);
	leave(a);
}

static void refused(const char *network, const char *name, int err, const char *words)
{
	struct peers *p = calloc(1, sizeof(*p));

	assert_int_equal(peers_join(p, network, name, 70000, &why), err);
	assert_non_null(strstr(why.text, words));
	assert_int_equal(p->count, 0);
	free(p);
}

static void names(void **state)
{
	struct peers *a = join("Web");

	refused("n", "Web", -EEXIST, "already");
	refused("n", "wEB", -EEXIST, "already");
	refused("n", "a.b", -EINVAL, "without dots");
	refused("user", "b", -EINVAL, "no network");
	refused("tap", "b", -EINVAL, "no network");
	refused("../x", "b", -EINVAL, "no network");
	refused("", "b", -EINVAL, "no network");
	refused("a-name-that-is-longer-than-a-label-of-the-domain-name-system-may", "b", -EINVAL, "no network");
	leave(a);
}

static void stale_file(void **state)
{
	struct peers *a = join("a"), *b;

	close(a->net.listen_fd); // as if it had been killed
	a->net.listen_fd = -1;
	b = join("A");
	assert_int_equal(b->count, 0);
	assert_int_equal(b->net.number, a->net.number);
	a->net.file[0] = 0;
	leave(a);
	leave(b);
}

static void forgetting(void **state)
{
	struct peers *a = join("a"), *b = join("b");

	network_forget("n", "a"); // lives
	refused("n", "a", -EEXIST, "already");
	close(a->net.listen_fd);
	a->net.listen_fd = -1;
	network_forget("n", "a");
	assert_int_equal(faccessat(b->net.dir_fd, a->net.file, F_OK, 0), -1);
	leave(a);
	leave(b);
}

// One socket under all numbers.
static void full(void **state)
{
	struct peers *a = join("a");
	char file[32];

	for (unsigned n = NETWORK_FIRST; n <= NETWORK_LAST; n++) {
		snprintf(file, sizeof(file), "%u.x%u", n, n);
		if (n != a->net.number)
			assert_int_equal(linkat(a->net.dir_fd, a->net.file, a->net.dir_fd, file, 0), 0);
	}
	refused("n", "last", -ENOSPC, "full: it has 251 members");
	for (unsigned n = NETWORK_FIRST; n <= NETWORK_LAST; n++) {
		snprintf(file, sizeof(file), "%u.x%u", n, n);
		unlinkat(a->net.dir_fd, file, 0);
	}
	leave(a);
}

struct counting {
	struct peers *p;
	unsigned records;
	size_t bytes, last;
};

static void count(void *arg, struct peer *from)
{
	struct counting *c = arg;
	static uint8_t buf[70000];
	size_t n;

	while ((n = peer_receive(c->p, from, buf, sizeof(buf)))) {
		c->records++;
		c->bytes += n;
		c->last = n;
	}
}

static void slow_receiver(void **state)
{
	struct peers *a = join("a"), *b = join("b");
	static uint8_t frame[60000];
	const struct iovec parts[] = { { frame, 10000 }, { frame + 10000, 50000 } };
	struct counting c = { .p = b };

	settle(a, b);
	for (int i = 0; i < 200; i++)
		peer_send(a, a->list[0], parts, 2);
	assert_true(a->list[0]->in.ring != NULL);  // the socket is full: they are kept
	assert_true(a->list[0]->dropped > 0);      // and at some time no more
	for (int i = 0; i < 300; i++) {
		turn(b, count, &c);
		turn(a, ignore, a);
	}
	assert_int_equal(c.records + a->list[0]->dropped, 200);
	assert_int_equal(c.bytes, c.records * 60000);
	peer_send(a, a->list[0], parts, 1);
	turn(b, count, &c);
	assert_int_equal(c.last, 10000);
	leave(a);
	leave(b);
}

static void too_long(void **state)
{
	struct peers *a = join("a"), *b = join("b");
	static uint8_t frame[70001];
	const struct iovec parts[] = { { frame, 70001 } };
	struct counting c = { .p = b };

	settle(a, b);
	peer_send(a, a->list[0], parts, 1);
	assert_int_equal(a->list[0]->dropped, 1);
	turn(b, count, &c);
	assert_int_equal(c.records, 0);
	leave(a);
	leave(b);
}

static int connected(const struct peers *a)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

	snprintf(at.sun_path, sizeof(at.sun_path), "/proc/self/fd/%d/%s", a->net.dir_fd, a->net.file);
	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	return fd;
}

// Somebody who connects and says the wrong thing is no peer.
static void bad_hello(struct peers *a, const void *hello, size_t len)
{
	int fd = connected(a);

	if (len)
		assert_int_equal(send(fd, hello, len, 0), (ssize_t)len);
	else
		shutdown(fd, SHUT_RDWR);
	settle(a, a);
	assert_int_equal(a->count, 0);
	assert_int_equal(a->unknown, 0);
	close(fd);
}

static struct peer_hello good_hello(const struct peers *a)
{
	struct peer_hello h = { .magic = PEER_MAGIC, .frame_max = 70000, .number = a->net.number == 9 ? 10 : 9 };

	strcpy(h.name, "x");
	return h;
}

static void hellos(void **state)
{
	struct peers *a = join("a");
	struct peer_hello h = good_hello(a);

	bad_hello(a, NULL, 0);
	bad_hello(a, "x", 1);
	bad_hello(a, &h, sizeof(h) - 1);
	h.magic++;
	bad_hello(a, &h, sizeof(h));
	h = good_hello(a);
	h.number = a->net.number;
	bad_hello(a, &h, sizeof(h));
	h.number = 3;
	bad_hello(a, &h, sizeof(h));
	h.number = 255;
	bad_hello(a, &h, sizeof(h));
	h = good_hello(a);
	h.frame_max = 100;
	bad_hello(a, &h, sizeof(h));
	h = good_hello(a);
	strcpy(h.name, "A");
	bad_hello(a, &h, sizeof(h));
	strcpy(h.name, "a.b");
	bad_hello(a, &h, sizeof(h));
	memset(h.name, 'y', sizeof(h.name));
	bad_hello(a, &h, sizeof(h));
	leave(a);
}

static void many_who_say_nothing(void **state)
{
	struct peers *a = join("a"), *b;
	int fds[PEERS_WAITING + 4];

	for (int i = 0; i < PEERS_WAITING + 4; i++)
		fds[i] = connected(a);
	settle(a, a);
	assert_int_equal(a->unknown, PEERS_WAITING);
	for (int i = 0; i < PEERS_WAITING + 4; i++)
		close(fds[i]);
	settle(a, a);
	settle(a, a);
	b = join("b");
	settle(a, b);
	settle(a, b);
	assert_int_equal(a->count, 1);
	assert_string_equal(a->list[0]->name, "b");
	leave(a);
	leave(b);
}

static int prepare(void **state)
{
	if (!mkdtemp(home) || chmod(home, 0755) || setenv("XDG_RUNTIME_DIR", home, 1))
		return -1;
	return 0;
}

static int tidy_up(void **state)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/pith/nets", home);
	if (rmdir(path))
		return -1;
	snprintf(path, sizeof(path), "%s/pith", home);
	free(dev.fds);
	return rmdir(path) || rmdir(home);
}

#define TEST(t) cmocka_unit_test_teardown(t, ends_empty)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(meeting), TEST(same_number_again), TEST(names), TEST(stale_file), TEST(forgetting), TEST(full),
		TEST(slow_receiver), TEST(too_long), TEST(hellos), TEST(many_who_say_nothing),
	};

	return cmocka_run_group_tests(tests, prepare, tidy_up);
}
