// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The console device: standard input, output and error of the instance. Each is a terminal for the
// program if it is one on the host (the host's terminal does echo and line editing, so settings are
// only reported); else it looks like a pipe.
#include <fs/console.h>
#include <core/console.h>
#include <fs/abi.h>
#include <fs/vnode.h>
#include <linux/process.h>
#include <linux/syscall.h>

#define SIGPIPE_ 13
#define TCGETS 0x5401 /* include/uapi/asm-generic/ioctls.h */
#define TCSETS 0x5402
#define TCSETSF 0x5404
#define TIOCGPGRP 0x540f
#define TIOCGWINSZ 0x5413

struct linux_termios { // include/uapi/asm-generic/termbits.h
	uint32_t iflag, oflag, cflag, lflag;
	uint8_t line, cc[19];
};

// Somebody has polled for input and none has come yet: the host goes on reading for him.
static bool poll_wants;

static int stream_of(struct file *f)
{
	return (int)(uintptr_t)f->data;
}

static void poll_want(bool on)
{
	if (poll_wants != on)
		console_want_input(on);
	poll_wants = on;
}

static ssize_t console_file_read(struct file *f, struct iov_iter *it, uint64_t *pos, bool nowait)
{
	char buf[512];
	ssize_t n;
	int r = 0;

	if (!it->left)
		return 0;
	if (!console_readable()) {
		if (file_nowait(f, nowait)) {
			poll_want(true);
			return -EAGAIN;
		}
		console_want_input(true);
		wait_until(&console_input, console_readable(), FOREVER, r);
		console_want_input(false);
		if (r)
			return -ERESTARTSYS;
	}
	poll_want(false);
	n = console_read(buf, MIN(sizeof(buf), it->left));
	return n > 0 ? iov_copy_out(it, buf, (size_t)n) : n;
}

static ssize_t console_file_write(struct file *f, struct iov_iter *it, uint64_t *pos, bool nowait)
{
	struct siginfo_lite pipe = { .signo = SIGPIPE_, .pid = current_process()->pid };
	ssize_t r = console_write_iter(stream_of(f) == 2 ? CONSOLE_ERR : CONSOLE_OUT, it,
				       file_nowait(f, nowait));

	if (r == -EPIPE)
		signal_thread(current(), &pipe);
	return r;
}

static uint32_t console_poll(struct file *f, struct wait_queue **q)
{
	uint32_t ready = 0;

	if ((f->flags & O_ACCMODE) != O_RDONLY) {
		*q = &console_output;
		ready = console_writable() ? POLLOUT | POLLWRNORM : 0;
	}
	if ((f->flags & O_ACCMODE) != O_WRONLY) {
		*q = &console_input;
		if (console_readable())
			ready |= POLLIN | POLLRDNORM;
		else
			poll_want(true);
	}
	return ready;
}

static long console_ioctl(struct file *f, unsigned long cmd, unsigned long arg)
{
	static const struct linux_termios termios = {
		.iflag = 0x500, .oflag = 0x5, .cflag = 0xbf, .lflag = 0x8a3b,
		.cc = { 3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22 },
	};
	int group = foreground_group;
	uint16_t size[4] = { 0 };
	unsigned rows, cols;

	if (!console_is_tty(stream_of(f)))
		return -ENOTTY;
	if (cmd == TCGETS)
		return copy_to_user((void *)arg, &termios, sizeof(termios));
	console_size(&rows, &cols);
	size[0] = (uint16_t)rows;
	size[1] = (uint16_t)cols;
	if (cmd == TIOCGWINSZ)
		return copy_to_user((void *)arg, size, sizeof(size));
	if (cmd == TIOCGPGRP)
		return copy_to_user((void *)arg, &group, sizeof(group));
	if (cmd >= TCSETS && cmd <= TCSETSF)
		return 0;
	return terminal_ioctl ? terminal_ioctl(cmd, arg) : -ENOTTY;
}

static int console_stat(struct file *f, struct kstat *st)
{
	bool tty = console_is_tty(stream_of(f));

	st->dev = 0xd;
	st->ino = (uint64_t)stream_of(f) + 1;
	st->mode = tty ? S_IFCHR | 0620 : S_IFIFO | 0600;
	st->rdev = tty ? MKDEV(136, 0) : 0;
	return 0;
}

const struct file_ops console_file_ops = {
	.kind = "console",
	.read = console_file_read,
	.write = console_file_write,
	.poll = console_poll,
	.ioctl = console_ioctl,
	.stat = console_stat,
};

struct file *console_open(int stream, unsigned flags)
{
	return file_new(&console_file_ops, flags, (void *)(uintptr_t)stream);
}
