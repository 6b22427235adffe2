// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The pc platform's half in the library OS: include/pith/pc.h says what the start-up code has left.
// What the monitor does on kvm is done here: records move between the rings of the boot block and
// devices, whenever the library OS waits, and at each tick.
#ifndef PC_PC_H
#define PC_PC_H

#include <stdbool.h>

#include <drivers/dma.h>
#include <pith/boot.h>
#include <pith/pc.h>

struct pc {
	const struct pc_info *info;
	struct boot_block *boot;
	struct vcpu_area *area;
	struct dma dma;
};
extern struct pc pc;

// The n-th device of a type, from 0; NULL: there are not so many.
const struct pc_device *pc_find(unsigned type, unsigned n);
// A line on the console, as far as there is one: "pith: ", the device, what is wrong with it.
void pc_say(const char *what, const char *device, const char *why);
// The same, and the machine ends.
void pc_fail(const char *what, const char *device, const char *why) __attribute__((noreturn));

// A call to the nucleus (include/pith/nucleus.h).
long pc_call(uint64_t nr, uint64_t a, uint64_t b, uint64_t c, uint64_t d);

// Ticks of the TSC for so many microseconds.
static inline uint64_t pc_ticks(uint64_t us)
{
	return pc.info->tsc_khz * us / 1000;
}

// Sleeps until an interrupt comes, or for ns (UINT64_MAX: no limit). Drivers have asked for
// interrupts before.
void pc_idle(uint64_t ns);

// Parts that only some images have: pump() moves what there is, true: something came; arm() asks for
// an interrupt, true: something is there already; disarm() ends that.
struct pc_part {
	void (*start)(void);
	bool (*pump)(void);
	bool (*arm)(void);
	void (*disarm)(void);
};
extern const struct pc_part pc_net __attribute__((weak));

struct pc_volumes {
	void (*serve)(void);    // platform.volume
	uint64_t (*keep)(void); // does what is due without being asked; ns until it is due again
	bool (*pump)(void);     // as of struct pc_part
	bool (*arm)(void);
	void (*disarm)(void);
	void (*end)(void);      // the machine ends
};
extern const struct pc_volumes pc_volumes __attribute__((weak));

// The console and the control port (include/pith/pc_control.h).
void pc_console_start(void);
bool pc_console_pump(void);
bool pc_console_arm(void);
void pc_console_disarm(void);
// How long may it sleep, where something must be looked at that makes no interrupt.
uint64_t pc_console_patience(void);
// Everything that is in the ring goes out; waits for it, but not for a host that takes nothing.
void pc_console_drain(void);
// Writes to standard error, at once.
void pc_console_say(const char *text);

struct virtio_console;
struct virtio_port;
void pc_control_start(struct virtio_console *c);
bool pc_control_pump(void);
bool pc_control_there(void);
struct virtio_port *pc_control_port(void);
bool pc_control_input_ended(void);
void pc_control_send(uint32_t kind, uint32_t value);

// What asks the machine to stop (buttons.c). look() may be called often; patience() is how long it may sleep
// before the next look.
void pc_buttons_start(void);
void pc_buttons_look(void);
uint64_t pc_buttons_patience(void);

void pc_clock_keep(void);
void pc_end(int status) __attribute__((noreturn));

#endif
