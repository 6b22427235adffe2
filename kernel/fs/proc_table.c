// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What there is in /proc and /sys: see fs/procfs.h.
#include <fs/procfs.h>

const char proc_table[] =
	"pLself\0s\0"
	"pLthread-self\0t\0"
	"phmeminfo\0\0"
	"pCcpuinfo\0\0"
	"pSstat\0\0"
	"pUuptime\0\0"
	"p=loadavg\0" "0.00 0.00 0.00 1/1 2\n\0"
	"p=version\0Linux version 6.1.0-pith (pith) #1 Pith\n\0"
	"pomounts\0\0"
	"p=filesystems\0nodev\ttmpfs\nnodev\tproc\nnodev\tsysfs\n\terofs\n\0"
	"p=cmdline\0pith\n\0"
	"pdsys\0s\0"
	"sdkernel\0k\0"
	"k=ostype\0Linux\n\0"
	"k=osrelease\0" "6.1.0-pith\n\0"
	"k=version\0#1 Pith\n\0"
	"kHhostname\0\0"
	"k=pid_max\0" "32768\n\0"
	"k=threads-max\0" "32768\n\0"
	"k=cap_last_cap\0" "40\n\0"
	"kdrandom\0r\0"
	"rRuuid\0\0"
	"rBboot_id\0\0"
	"r=entropy_avail\0" "256\n\0"
	"sdvm\0v\0"
	"v=overcommit_memory\0" "1\n\0"
	"v=max_map_count\0" "65530\n\0"
	"v=min_free_kbytes\0" "1024\n\0"
	"v=swappiness\0" "0\n\0"
	"sdfs\0f\0"
	"f=file-max\0" "1048576\n\0"
	"f=nr_open\0" "1048576\n\0"
	"f=pipe-max-size\0" "1048576\n\0"
	"sdnet\0n\0"
	"ndcore\0c\0"
	"c=somaxconn\0" "4096\n\0"
	"Pccmdline\0\0"
	"Peenviron\0\0"
	"Pncomm\0\0"
	"Pmmaps\0\0"
	"Ptstat\0\0"
	"PMstatm\0\0"
	"Pustatus\0\0"
	"Pomounts\0\0"
	"POmountinfo\0\0"
	"P=cgroup\0" "0::/\n\0"
	"P2oom_score_adj\0\0"
	"PLexe\0x\0"
	"PLcwd\0w\0"
	"PLroot\0r\0"
	"PFfd\0\0"
	"PTtask\0\0"
	"yddevices\0" "1\0"
	"1dsystem\0" "2\0"
	"2dcpu\0" "3\0"
	"3=online\0" "0\n\0"
	"3=possible\0" "0\n\0"
	"3=present\0" "0\n\0"
	"ydkernel\0" "4\0"
	"4dmm\0" "5\0"
	"5dtransparent_hugepage\0" "6\0"
	"6=enabled\0" "always [madvise] never\n\0"
	"6=hpage_pmd_size\0" "2097152\n\0";

static const char *next_in_table(const char *record)
{
	const char *text = proc_record_text(record);

	return text + strlen(text) + 1;
}

const char *proc_record_after(const char *record)
{
	const char *next = next_in_table(record);

	if (next == proc_table + sizeof(proc_table) - 1)
		return proc_more ? proc_more : NULL;
	return proc_more && next == proc_more + proc_more_len ? NULL : next;
}

uint64_t proc_record_place(const char *record)
{
	bool here = record >= proc_table && record < proc_table + sizeof(proc_table);

	return (uint64_t)(here ? record - proc_table : record - proc_more + (long)sizeof(proc_table));
}
