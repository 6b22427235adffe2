// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// By path alone, as the Filesystem Hierarchy Standard and Debian's policy have them. Paths below
// /lib, /bin and /sbin are those below /usr.
#include <stddef.h>
#include <string.h>

#include <image/package_files.h>

// Below one of these everything is left out. One that ends with * is a beginning of a name.
static const char *const nothing[] = {
	// For people.
	"/usr/share/doc", "/usr/share/man", "/usr/share/info", "/usr/share/locale", "/usr/share/help",
	"/usr/share/doc-base", "/usr/share/applications", "/usr/share/pixmaps", "/usr/share/menu",
	"/usr/share/metainfo", "/usr/share/appdata", "/usr/share/bash-completion",
	"/usr/share/zsh", "/usr/share/fish", "/etc/bash_completion.d", "/usr/share/nano",
	"/usr/share/vim",
	// For debuggers and kernels.
	"/usr/src", "/usr/lib/debug", "/usr/share/gdb",
	// For the host's administration.
	"/usr/share/lintian", "/usr/share/bug", "/usr/share/reportbug", "/usr/share/apport",
	"/usr/share/debconf", "/usr/share/debhelper", "/usr/share/dbus-1", "/usr/share/polkit-1",
	"/usr/share/initramfs-tools", "/usr/share/apparmor", "/usr/share/python3/runtime.d",
	"/usr/share/binfmts", "/usr/lib/binfmt.d", "/usr/lib/systemd", "/usr/lib/udev",
	"/usr/lib/tmpfiles.d", "/usr/lib/sysusers.d", "/usr/lib/sysctl.d", "/usr/lib/modules-load.d",
	"/etc/init.d", "/etc/rc*", "/etc/init", "/etc/default", "/etc/logrotate.d", "/etc/logcheck",
	"/etc/cron*", "/etc/ufw", "/etc/apparmor*", "/etc/systemd", "/etc/udev", "/etc/pam.d",
	"/etc/security", "/etc/sudoers*", "/etc/dbus-1", "/etc/polkit-1", "/etc/sysctl*",
	"/etc/profile.d", "/etc/xdg", "/etc/apt", "/etc/dpkg", "/etc/kernel", "/etc/modprobe.d",
	"/etc/modules-load.d", "/etc/network", "/etc/ld.so*", "/etc/alternatives",
	"/etc/update-motd.d", "/etc/insserv*", "/etc/rsyslog.d", "/etc/ssl/private",
	"/usr/lib/x86_64-linux-gnu/security",
};

static const char *const linking[] = {
	"/usr/include", "/usr/share/pkgconfig", "/usr/lib/pkgconfig",
	"/usr/lib/x86_64-linux-gnu/pkgconfig", "/usr/share/aclocal", "/usr/share/cmake",
	"/usr/lib/cmake", "/usr/lib/x86_64-linux-gnu/cmake",
};

static const char *const programs[] = { "/usr/bin", "/usr/sbin", "/usr/games", "/usr/local/bin",
					"/usr/lib/cgi-bin",
					"/usr/local/sbin" };

// What only those who link programs read.
static const char *const endings[] = { ".a", ".la", ".h", ".pc", ".jmod", ".hrl" };

static const char *const shared[] = { "/etc", "/etc/ssl", "/etc/opt", "/etc/X11", "/etc/skel",
				      "/etc/fonts", "/etc/perl", "/etc/emacs" };

// Compares as if the path had /usr in front wherever its first folder is one that moved there.
static bool is_below(const char *path, const char *folder)
{
	static const char *const moved[] = { "/bin/", "/sbin/", "/lib/", "/lib64/" };
	size_t n;

	for (size_t i = 0; i < sizeof(moved) / sizeof(moved[0]); i++)
		if (!strncmp(path, moved[i], strlen(moved[i])) && !strncmp(folder, "/usr/", 5))
			folder += 4;
	n = strlen(folder);
	if (folder[n - 1] == '*')
		return !strncmp(path, folder, n - 1);
	return !strncmp(path, folder, n) && (!path[n] || path[n] == '/');
}

static bool is_below_one(const char *path, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_below(path, list[i]))
			return true;
	return false;
}

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum worth package_file_worth(const char *path)
{
	size_t n = strlen(path);

	if (is_below_one(path, nothing, COUNT(nothing)))
		return WORTH_NOTHING;
	if (is_below_one(path, linking, COUNT(linking)))
		return WORTH_LINKING;
	for (size_t i = 0; i < COUNT(endings); i++) {
		size_t len = strlen(endings[i]);

		if (n > len && !strcmp(path + n - len, endings[i]))
			return WORTH_LINKING;
	}
	if (is_below_one(path, programs, COUNT(programs)))
		return WORTH_PROGRAM;
	return is_below(path, "/etc") ? WORTH_CONFIG : WORTH_FILE;
}

bool package_file_is_program(const char *path)
{
	for (size_t i = 0; i < COUNT(programs); i++) {
		const char *name = strrchr(path, '/');
		char folder[32];

		if (name - path < (long)sizeof(folder) && is_below(path, programs[i])) {
			memcpy(folder, path, (size_t)(name - path));
			folder[name - path] = 0;
			if (is_below(folder, programs[i]))
				return true;
		}
	}
	return false;
}

bool package_dir_is_shared(const char *path)
{
	for (size_t i = 0; i < COUNT(shared); i++)
		if (!strcmp(path, shared[i]))
			return true;
	return false;
}
