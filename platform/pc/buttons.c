// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What a machine has to be told by that it shall stop: the power button, ACPI's or that of an event
// device, and Ctrl-Alt-Del on the keyboard, which is all that Firecracker has. They mean what `pith stop`
// does. None makes an interrupt here: they are looked at now and then.
#include <drivers/io.h>
#include <platform/pc/pc.h>

#define LOOK_US 500000
#define POWER_BUTTON 0x100 // PM1_STS: PWRBTN_STS (ACPI 4.8.3.1.1)
#define PM1_EN 2           // where the same bits allow what PM1_STS tells (4.8.3.1.2)
#define STATUS 4           // of the keyboard controller (8042), behind its data
#define STATUS_FULL 0x01   // there is a byte
#define STATUS_MOUSE 0x20  // the mouse's
#define KEYS_MOST 16       // bytes that it holds
#define SIGTERM 15

// The keys as a PS/2 keyboard sends them, in both of its sets (IBM PS/2 Keyboard Technical Reference,
// scan code sets 1 and 2), Control or Alt first. What is held is sent again and again; 0xe0 comes before
// some.
#define CHORDS 4
static const uint8_t chords[CHORDS][3] = {
	{ 0x1d, 0x38, 0x53 }, { 0x38, 0x1d, 0x53 }, { 0x14, 0x11, 0x71 }, { 0x11, 0x14, 0x71 },
};
static uint8_t pressed[CHORDS]; // how many of the chord, in order

static bool take_key(uint8_t code)
{
	bool all = false;

	for (unsigned i = 0; i < CHORDS && code != 0xe0; i++) {
		uint8_t *n = &pressed[i];

		if (code == chords[i][*n])
			++*n;
		else if (!*n || code != chords[i][*n - 1])
			*n = code == chords[i][0];
		if (*n == 3) {
			*n = 0;
			all = true;
		}
	}
	return all;
}

static bool keyboard(uint16_t port)
{
	bool all = false;

	for (int i = 0; i < KEYS_MOST; i++) {
		uint8_t status = io_in8(port + STATUS), code;

		if (!(status & STATUS_FULL))
			break;
		code = io_in8(port);
		if (!(status & STATUS_MOUSE))
			all |= take_key(code);
	}
	return all;
}

static bool power_button(uint16_t port)
{
	if (!(io_in16(port) & POWER_BUTTON))
		return false;
	io_out16(port, POWER_BUTTON);
	return true;
}

// Reading clears it.
static bool event_device(void)
{
	const struct pc_info *i = pc.info;
	uint32_t events = i->button_wide ? mmio_read32(i->button_va) : mmio_read8(i->button_va);

	return events & i->button_bit;
}

void pc_buttons_start(void)
{
	if (pc.info->pm_event)
		io_out16(pc.info->pm_event + PM1_EN, POWER_BUTTON);
}

// Each look leaves the guest, so there are few.
void pc_buttons_look(void)
{
	static uint64_t next; // of the TSC
	const struct pc_info *i = pc.info;
	uint64_t now = io_tsc();

	if (now < next)
		return;
	next = now + pc_ticks(LOOK_US);
	if (!((i->pm_event && power_button(i->pm_event)) || (i->button_va && event_device()) ||
	      (i->keyboard && keyboard(i->keyboard))))
		return;
	__atomic_fetch_or(&pc.area->host_signals, 1ull << SIGTERM, __ATOMIC_RELAXED);
	__atomic_fetch_or(&pc.area->events, EVENT_SIGNALS, __ATOMIC_RELEASE);
}

uint64_t pc_buttons_patience(void)
{
	const struct pc_info *i = pc.info;

	return i->pm_event || i->button_va || i->keyboard ? LOOK_US * 1000ull : UINT64_MAX;
}
