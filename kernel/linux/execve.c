// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// execve and execveat: another program in the process.
//
// First everything is brought in and checked: file, script, ELF headers, arguments. The point of no
// return is the end of the process's other threads. A process that has its memory for itself gives
// it up before the new program is mapped, so that no memory is held twice; then a failure ends the
// process. One that has its parent's (vfork) keeps it until the new program is there.
#include <asm-generic/errno.h>
#include <linux/resource.h>

#include <core/user.h>
#include <fs/at.h>
#include <fs/file.h>
#include <linux/child.h>
#include <linux/execve.h>
#include <linux/signal.h>
#include <linux/syscall.h>
#include <mm/mm.h>
#include <sched/fpu.h>

#pragma weak procfs_file_name

void *const execve_needs[] __attribute__((used)) = { (void *)process_clone };

// May it be executed? Takes the reference; on failure gives it back.
static int take_program(struct vnode *v, struct vnode **out)
{
	int r = S_ISLNK(v->mode) ? -ELOOP : !S_ISREG(v->mode) ? -EACCES : vnode_access(v, 1, false);

	if (r)
		vnode_put(v);
	else
		*out = v;
	return r;
}

static int open_program(struct vnode *at, const char *path, unsigned flags, struct vnode **out)
{
	struct vnode *v;
	int r = path_vnode(at, path, flags & AT_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW, &v);

	return r ? r : take_program(v, out);
}

static int open_by_fd(int fd, char *path, struct vnode **out)
{
	struct vnode *v;
	int r = fd_vnode(fd, -EACCES, &v);

	ksnprintf(path, PATH_MAX, "/dev/fd/%d", fd);
	return r ? r : take_program(v, out);
}

// A file that has been mapped before is known by that path already: also by way of /proc/self/exe.
static void know_path(struct vnode *v, struct vnode *at, const char *path)
{
	char *absolute = v->path || !procfs_file_name ? NULL : procfs_file_name(at, path);

	if (absolute)
		vnode_mapped_as(v, absolute);
	kfree(absolute);
}

static int open_named(struct exec_call *e, int dirfd, const char *user, unsigned flags)
{
	struct at_path a;
	int r = at_begin(&a, dirfd, user);
	const char *slash;

	if (r)
		return r;
	if (!a.path[0] && (flags & AT_EMPTY_PATH) && dirfd != AT_FDCWD)
		r = open_by_fd(dirfd, a.path, &e->file);
	else
		r = open_program(a.at, a.path, flags, &e->file);
	slash = strrchr(a.path, '/');
	ksnprintf(e->comm, sizeof(e->comm), "%s", slash ? slash + 1 : a.path);
	if (!r)
		e->name = exec_string(a.path);
	if (!r)
		know_path(e->file, a.at, a.path);
	at_end(&a);
	return r ? r : e->name ? 0 : -ENOMEM; // do_execve() gives back what there is
}

// Follows #! lines, then takes the file apart.
static int find_program(struct exec_call *e)
{
	for (int depth = 0;; depth++) {
		char interpreter[EXEC_LINE];
		struct vnode *next;
		int r = exec_script(e, interpreter);

		if (r <= 0)
			return r ? r : exec_prepare(e->file, e->name, true, &e->program);
		if (depth == EXEC_SCRIPTS)
			return -ELOOP;
		r = open_program(NULL, interpreter, 0, &next);
		if (r)
			return r;
		vnode_put(e->file);
		e->file = next;
		know_path(next, NULL, interpreter);
	}
}

static void stop_other_threads(struct process *p)
{
	struct waiter w;

	process_stop_threads(p, current());
	wait_begin(&p->child_wait, &w);
	while (p->thread_count > 1)
		wait_sleep(FOREVER, false);
	wait_end(&w);
	current()->tid = p->pid;
}

// The new program in `fresh`. After 0 the old memory is gone, for this process.
static int change_memory(struct process *p, struct mm *fresh, struct exec_call *e)
{
	struct mm *old = p->mm;
	bool alone = mm_alone(old);
	int r;

	p->mm = fresh;
	if (alone)
		process_drop_mm(old);
	mm_enter(fresh);
	r = exec_map(fresh, e->program, &e->args, &e->env, &e->start);
	if (r && alone) {
		klog("%s: could not be loaded (error %d), and the program before it is gone: the "
		     "process ends (SIGKILL)",
		     e->name, -r);
		process_exit(SIGKILL);
	}
	if (r) {
		p->mm = old;
		mm_put(fresh);
		mm_enter(old);
	} else if (!alone) {
		process_drop_mm(old);
	}
	return r;
}

static void fresh_signals(struct process *p, struct thread *t)
{
	for (size_t i = 0; i < ARRAY_LEN(p->actions); i++) {
		bool ignored = p->actions[i].handler == (uint64_t)SIG_IGN;

		p->actions[i] = (struct signal_action){ .handler = ignored ? (uint64_t)SIG_IGN : 0 };
	}
	t->sig.altstack_base = t->sig.altstack_len = 0;
	t->sig.altstack_flags = 0;
	t->restart = NULL;
}

static void fresh_thread(struct thread *t, const struct exec_call *e)
{
	struct trap_frame *f = t->frame;

	memcpy(t->comm, e->comm, sizeof(t->comm));
	*f = (struct trap_frame){ .nr = (uint64_t)-1, .rip = e->start.rip, .rsp = e->start.rsp,
				  .cs = USER_CS, .ss = USER_SS, .rflags = 0x202 };
	__asm__ volatile("wrfsbase %0" : : "r"(0ul));
	fpu_reset();
	percpu()->need_resched = 1;
}

// What the process was started with now. The strings become the process's.
static void new_invocation(struct process *p, struct exec_call *e)
{
	struct invocation *i = e->invocation;

	*i = (struct invocation){ .refs = 1, .args = e->args, .env = e->env, .exe = e->exe };
	e->args.bytes = e->env.bytes = NULL;
	e->exe = NULL;
	e->invocation = NULL;
	invocation_put(p->invocation);
	p->invocation = i;
}

// A position-dependent program goes where it must, also if another is there.
static int make_room(struct exec_call *e, struct mm *fresh, const struct mm *old)
{
	uintptr_t start, end;
	int r;

	if (!exec_fixed(e->program, &start, &end))
		return 0;
	r = mm_join(fresh, start, end, mm_alone(old) ? old : NULL);
	if (r == -EEXIST)
		klog("cannot run %s: it is not position-independent, and several programs have "
		     "memory at its addresses (from 0x%lx): build it as PIE",
		     e->name, start);
	return r == -EEXIST ? -ENOEXEC : r;
}

static int replace(struct exec_call *e)
{
	struct process *p = current_process();
	struct fd_table *files = fd_table_shared(p->files) ? fd_table_copy(p->files) : p->files;
	struct mm *fresh = mm_new();
	int r = 0;

	e->invocation = kmalloc(sizeof(*e->invocation));
	e->exe = exec_string(e->file->path ? e->file->path : e->name);
	if (!files || !fresh || !e->invocation || !e->exe)
		r = -ENOMEM;
	else
		r = make_room(e, fresh, p->mm);
	if (!r) {
		stop_other_threads(p);
		thread_leave(current());
		r = change_memory(p, fresh, e);
		fresh = NULL;
	}
	if (r) {
		mm_put(fresh);
		if (files != p->files)
			fd_table_put(files);
		return r;
	}
	vfork_over(p);
	if (files != p->files)
		fd_table_put(p->files);
	p->files = files;
	fd_table_exec(files);
	if (posix_timers_forget)
		posix_timers_forget(p);
	fresh_signals(p, current());
	p->dumpable = true;
	p->barriers = 0;
	caps_exec(&p->caps, !p->euid);
	fresh_thread(current(), e);
	new_invocation(p, e);
	return 0;
}

static size_t room_for_arguments(void)
{
	return MIN(current_process()->limits[RLIMIT_STACK].cur / 4, EXEC_ARGS_MAX);
}

static long do_execve(int dirfd, const char *path, uint64_t args, uint64_t env, unsigned flags)
{
	struct exec_call e = { 0 };
	long r;

	if (flags & ~(unsigned)(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW))
		return -EINVAL;
	r = open_named(&e, dirfd, path, flags);
	if (!r)
		r = exec_strings(&e.args, args, room_for_arguments());
	if (!r && !e.args.count)
		r = exec_strings_front(&e.args, "", false); // as Linux: a program has an argv[0]
	if (!r)
		r = exec_strings(&e.env, env, room_for_arguments() - MIN(e.args.len, room_for_arguments()));
	if (!r)
		r = find_program(&e);
	if (!r)
		r = replace(&e);
	if (e.program)
		exec_forget(e.program);
	vnode_put(e.file);
	kfree(e.invocation);
	kfree(e.name);
	kfree(e.exe);
	kfree((void *)(uintptr_t)e.args.bytes);
	kfree((void *)(uintptr_t)e.env.bytes);
	return r;
}

long sys_execve(const char *path, uint64_t args, uint64_t env)
{
	return do_execve(AT_FDCWD, path, args, env, 0);
}

long sys_execveat(int dirfd, const char *path, uint64_t args, uint64_t env, unsigned flags)
{
	return do_execve(dirfd, path, args, env, flags);
}
