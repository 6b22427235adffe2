// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What the loader hands to the library OS, and the page through which the two, and the nucleus,
// talk while it runs.
//
// The loader (the monitor on kvm, the child of `pith run` on process) puts everything in place
// before the first instruction: the library OS is mapped at kernel_va and relocated, RAM and image
// are mapped for it, and a struct boot_block says where. The library OS is entered at
// image_header.entry with the address of the boot block in %rdi, %rsp at the end of the boot stack
// (boot_block.stack_va + stack_len, 16-byte aligned), at user privilege (CPL 3), GS base
// unspecified.
//
// Addresses. `pa` (paddr_t) names memory: RAM is [ram_pa, ram_pa + ram_len), the image file is
// [image_pa, image_pa + image_len). On kvm a pa is the guest-physical address; on process it is a
// name that the platform translates to (file, offset). Both are mapped whole for the library OS:
// RAM read-write at ram_va, the image read-only at image_va.
#ifndef PITH_BOOT_H
#define PITH_BOOT_H

#include <stddef.h>
#include <stdint.h>

#include <pith/ring.h>

typedef uint64_t paddr_t;

#define BOOT_MAGIC 0x746f6f6268746970ull /* "pithboot" */
#define BOOT_VERSION 1
#define PAGE_SIZE 4096ul
#define PAGE_SHIFT 12

// Where the loader puts the window of the library OS (kernel, boot block, rings, stacks, image,
// RAM): at random, 1 GiB aligned, between these two; programs get everything else of the user half.
// No known runtime asks for addresses in here.
#define WINDOW_LOW 0x100000000000ull  /* 16 TiB */
#define WINDOW_HIGH 0x300000000000ull /* 48 TiB */
#define USER_LOW 0x10000ull           /* as vm.mmap_min_addr on Debian: page 0 is never mapped */
#define USER_HIGH \
	0x7ffffffff000ull /* as Linux: TASK_SIZE of a 47-bit address space, less a guard page */

// Clock: ns = mono_ns + ((tsc - tsc_ref) * mult >> 32); wall clock = ns + wall_off. The host may
// correct it while the guest is stopped: seq is then changed by 2, so that a reader that was
// stopped in between reads again.
struct boot_clock {
	uint32_t seq;
	uint32_t pad;
	uint64_t tsc_ref;
	uint64_t mono_ns;   // CLOCK_MONOTONIC of the instance at tsc_ref (starts near 0 at boot)
	uint64_t mult;      // ns per tick, 32.32 fixed point
	int64_t wall_off;   // CLOCK_REALTIME - CLOCK_MONOTONIC, ns
};

// Traps that are not system calls, as the platform tells them to the library OS.
enum trap_vector {
	TRAP_DIVIDE = 0,
	TRAP_DEBUG = 1,
	TRAP_BREAKPOINT = 3,
	TRAP_OVERFLOW = 4,
	TRAP_BOUND = 5,
	TRAP_ILLEGAL = 6,
	TRAP_STACK = 12,
	TRAP_PROTECTION = 13,
	TRAP_PAGE = 14,
	TRAP_FPU = 16,
	TRAP_ALIGNMENT = 17,
	TRAP_SIMD = 19,
	TRAP_TICK = 32, // a timer tick or a kick: look at vcpu_area.events, poll devices, maybe
			// preempt
};
// Error code bits of TRAP_PAGE (Intel SDM vol. 3, 4.7).
#define TRAP_PF_PRESENT 0x1
#define TRAP_PF_WRITE 0x2
#define TRAP_PF_EXEC 0x10

// vcpu_area.events, set by the host, taken by the library OS with an atomic exchange.
#define EVENT_TICK \
	0x1 // a tick was due while the library OS was running: do what TRAP_TICK does at the next
	    // chance
#define EVENT_SIGNALS 0x2 // host_signals has bits

#define AREA_MISSING 32
struct area_missing {
	uint32_t nr; // Linux's number of the call
	uint32_t count;
};

// One page per vcpu, shared by the library OS (read, write), the nucleus and the host. Nothing in
// it is trusted by the host or the nucleus. Platforms write trap_* immediately before they enter
// trap_entry; the library OS copies them first thing.
struct vcpu_area {
	// The interrupted context of a trap; general registers other than these are still in the
	// cpu when trap_entry runs, and %rsp still is the interrupted one. From trap_error on it is
	// as the processor pushes it: on kvm this is the stack of the trap gates. trap_error is 0
	// for faults without an error code, and not written for ticks.
	uint64_t trap_vector;
	uint64_t trap_cr2; // TRAP_PAGE only
	uint64_t trap_error;
	uint64_t trap_rip;
	uint64_t trap_cs;
	uint64_t trap_rflags;
	uint64_t trap_rsp;
	uint64_t trap_ss;
	// Host to guest.
	uint32_t events;
	uint32_t pad1;
	uint64_t host_signals; // bit n: signal n for the program (SIGINT, SIGTERM, ...); taken with
			       // an atomic exchange
	uint32_t tty_rows, tty_cols;
	struct boot_clock clock;
	// Guest to host: arguments of wait, and what `pith inspect` shows of a running instance.
	uint64_t wait_ns;    // sleep at most this long; 0: only send and receive; UINT64_MAX: until
			     // something comes
	uint32_t want_stdin; // a thread waits for the console: only then does the host read its
			     // standard input
	uint32_t exit_status; // valid when the guest calls exit: as a wait(2) status would be shown
			      // by a shell (0..255)
	uint64_t ram_used;     // bytes of RAM in use
	uint64_t ram_peak;
	uint64_t syscalls; // system calls served, and how many of them trapped instead of running
			   // through a patched site
	uint64_t syscall_traps;
	uint64_t faults;       // page faults served
	uint64_t threads;
	uint64_t main_ns;      // monotonic ns at which the program's first instruction ran
	uint64_t entry_tsc;    // TSC at kernel_entry
	uint64_t main_tsc;     // TSC when the program's first instruction is about to run
	// Host to guest: why output could not be written, by stream (1, 2), as an errno of Linux;
	// 0: it could. What was in the ring is lost; the program's next write learns of it. EPIPE
	// stays, others are taken with an atomic exchange.
	uint32_t stream_error[4];
	// Guest to host: system calls that were asked for and are not there, in the order in which
	// they were first asked for; count 0: no more. What does not fit is only counted.
	uint32_t missing_others;
	uint32_t pad2;
	struct area_missing missing[AREA_MISSING];
	uint64_t open_files;  // what descriptors and mappings refer to, each counted once
	uint64_t wx_switches; // faults that made a page executable or writable again (kernel/mm/wx.c)
};
// Offsets for assembly.
#define AREA_VECTOR 0
#define AREA_CR2 8
#define AREA_ERROR 16
#define AREA_RIP 24
#define AREA_RFLAGS 40
#define AREA_RSP 48
#define AREA_EVENTS 64
_Static_assert(offsetof(struct vcpu_area, trap_cr2) == AREA_CR2, "entry.S knows this");
_Static_assert(offsetof(struct vcpu_area, trap_error) == AREA_ERROR, "entry.S knows this");
_Static_assert(offsetof(struct vcpu_area, trap_rip) == AREA_RIP, "entry.S knows this");
_Static_assert(offsetof(struct vcpu_area, trap_rflags) == AREA_RFLAGS, "entry.S knows this");
_Static_assert(offsetof(struct vcpu_area, trap_rsp) == AREA_RSP, "entry.S knows this");
_Static_assert(offsetof(struct vcpu_area, events) == AREA_EVENTS,
	       "the processor pushes trap frames below this");
_Static_assert(sizeof(struct vcpu_area) <= PAGE_SIZE, "one page");

struct boot_ring {
	uint64_t va;   // of struct ring
	uint32_t size; // bytes of data; 0: this ring does not exist
	uint32_t pad;
};

struct boot_strings {
	uint32_t off; // from the start of the boot block: `count` NUL-terminated strings one behind
		      // the other
	uint32_t count;
};

// Network as the loader configured it. Address families: v4_addr 0 and flag NET_DHCP: ask by DHCP.
// Addresses in network order.
#define NET_DHCP 0x1
#define NET_V6_AUTO 0x2  // IPv6: link-local and SLAAC
#define NET_RX_CSUM \
	0x4 // frames from the host may have VIRTIO_NET_HDR_F_NEEDS_CSUM or DATA_VALID: their
	    // checksums are good
#define NET_TX_CSUM 0x8  // the host completes checksums for frames with NEEDS_CSUM
#define NET_RX_TSO 0x10  // frames from the host may be up to 64 KiB (GSO)
#define NET_TX_TSO 0x20  // the host takes GSO frames
struct boot_net {
	uint32_t present;
	uint32_t flags;
	uint8_t mac[6];
	uint16_t mtu;
	uint32_t v4_addr, v4_mask, v4_gateway;
	uint8_t v6_addr[16]; // in a /64 whose router says the rest; zeros: none
	uint32_t dns_count;
	uint8_t dns[3][16];  // IPv6 or v4-mapped addresses
	struct boot_ring rx; // host to guest; a record is struct virtio_net_hdr_v1 (12 bytes) and
			     // the frame
	struct boot_ring tx; // guest to host, the same
};

// Volumes (include/pith/volume.h). request_va 0: there are none.
struct boot_volumes {
	uint64_t request_va;       // of struct volume_request, a page of its own
	uint32_t readonly, files;  // bit i: volume i may not be changed; is a single file
	uint32_t disks, pad;       // is a file with a file system in it, for the library OS to mount
	struct boot_strings paths; // where each belongs: absolute, the outer ones first
};

#define BOOT_STDIN_TTY 0x1
#define BOOT_STDOUT_TTY 0x2
#define BOOT_STDERR_TTY 0x4
#define BOOT_WX 0x8         // image_header flag IMAGE_F_WX
#define BOOT_TRACE 0x10     // print system calls (pith run --trace)
#define BOOT_SLOW_CPL0 \
	0x20 // privileged guest code is emulated (no hardware virtualization below): `int` does not
	     // work; on kvm page tables are the monitor's work
#define BOOT_RAM_DIRTY 0x40 // RAM above ram_free_off may hold anything
#define BOOT_RAM_KEPT 0x80  // the platform's release() gives nothing back: do not call it

enum boot_platform { BOOT_KVM = 1, BOOT_PROCESS = 2, BOOT_PC = 3 };

struct boot_block {
	uint64_t magic;
	uint32_t version;
	uint32_t len;       // of the boot block with its strings
	uint32_t platform;  // enum boot_platform
	uint32_t flags;     // BOOT_*
	uint64_t kernel_va; // where the library OS's base is, and its executable part
	uint64_t kernel_len;
	uint64_t text_va;
	uint64_t text_len;
	uint64_t area_va;   // struct vcpu_area
	uint64_t stack_va;  // boot stack
	uint64_t stack_len;
	uint64_t stacks_va; // address space for the kernel stacks of threads (nothing mapped)
	uint64_t stacks_len;
	paddr_t ram_pa;
	uint64_t ram_va;
	uint64_t ram_len;      // all RAM that the library OS may use, page tables already taken off
	uint64_t ram_free_off; // RAM below this offset is in use by the kernel's data, boot block
			       // and the like; above it reads as zeros, unless BOOT_RAM_DIRTY
	paddr_t image_pa;
	uint64_t image_va;
	uint64_t image_len;
	uint64_t root_off;    // the EROFS in the image
	uint64_t root_len;
	uint64_t symbols_off; // IMAGE_PART_SYMBOLS in the image
	uint64_t symbols_len;
	uint64_t memory;      // what --memory said
	struct boot_ring con_out; // guest to host: payload is bytes, tag is 1 for stdout, 2 for
				  // stderr
	struct boot_ring con_in;  // host to guest: payload is bytes; a record of length 0 is end of
				  // file
	struct boot_net net;
	uint8_t seed[64];     // fresh randomness
	struct boot_strings args;
	struct boot_strings env;
	uint32_t program;     // offset of a string: path of the program in the root
	uint32_t cwd;         // offset of a string
	uint32_t hostname;    // offset of a string
	uint32_t vdso_pad;
	uint64_t platform_data[8]; // between a loader and its platform's guest half only
	struct boot_volumes volumes;
	uint32_t uid, gid;         // of the program
};

#endif
