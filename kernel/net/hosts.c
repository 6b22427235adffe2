// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The instance's own name in /etc/hosts, added at boot. Programs look it up to know their address
// (java.net.InetAddress.getLocalHost, Squid, Erlang), and whoever runs a container writes it there
// too; else the question would go to a name server, which does not know it. A file that has the
// name already stays as it is, and so does one that is on a volume or is longer than PAGE_SIZE.
#include <fs/file.h>
#include <fs/vnode.h>
#include <linux/process.h>
#include <mm/mm.h>
#include <net/abi.h>
#include <net/netif.h>

#pragma weak file_open

#define PATH "/etc/hosts"
#define NAME_MAX_LEN 64 // HOST_NAME_MAX
#define LINE_ROOM (IP4ADDR_STRLEN_MAX + NAME_MAX_LEN + 3)

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// What would be more than a word in the file, or none, is no name.
static bool is_name(const char *name)
{
	size_t n = 0;

	for (; name[n]; n++)
		if (name[n] <= ' ' || name[n] == '#' || n == NAME_MAX_LEN)
			return false;
	return n;
}

// Is `name` a word of the text, outside comments?
static bool has_word(const char *text, const char *name)
{
	size_t len = strlen(name);

	while (*text) {
		if (*text == '#')
			while (*text && *text != '\n')
				text++;
		else if (is_space(*text))
			text++;
		else if (!strncmp(text, name, len) && (!text[len] || is_space(text[len])))
			return true;
		else
			while (*text && *text != '#' && !is_space(*text))
				text++;
	}
	return false;
}

// The line to be added to what `text` has, after a line that has no end.
static int make_line(char *line, const char *text, ssize_t n, const char *name)
{
	ip4_addr_t addr = *netif_ip4_addr(&net_eth);
	char number[IP4ADDR_STRLEN_MAX];

	if (!net_eth.state || ip4_addr_isany_val(addr))
		ip4_addr_set_loopback(&addr);
	return ksnprintf(line, LINE_ROOM, "%s%s %s\n", n && text[n - 1] != '\n' ? "\n" : "",
			 ip4addr_ntoa_r(&addr, number, sizeof(number)), name);
}

static void add_name(struct file *f, char *text, const char *name)
{
	char line[LINE_ROOM];
	struct kstat st;
	uint64_t pos = 0;
	ssize_t n;

	if (file_stat(f, &st) || st.dev != DEV_ROOT || !S_ISREG(st.mode) ||
	    st.size >= PAGE_SIZE)
		return;
	n = file_read_kernel(f, text, PAGE_SIZE - 1, &pos);
	if (n < 0)
		return;
	text[n] = 0;
	if (!has_word(text, name))
		file_write_kernel(f, line, (size_t)make_line(line, text, n, name), &pos);
}

void net_hosts(void)
{
	const char *name = init_process->hostname;
	struct file *f;
	char *text;

	if (!is_name(name) || file_open(NULL, PATH, O_RDWR | O_NONBLOCK, 0, &f))
		return;
	text = kmalloc(PAGE_SIZE);
	if (text)
		add_name(f, text, name);
	kfree(text);
	file_put(f);
}
