// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What is needed of ACPI's tables (ACPI Specification 6.4, chapter 5): interrupt controllers (MADT),
// how to switch off (FADT), PCI's configuration space (MCFG). Of the DSDT, which is a program, three
// things are picked by their form: the value for S5, virtio devices in memory, and the event device.
#include <drivers/io.h>
#include <platform/pc/start/start.h>

#define TABLE_MAX (1u << 20)
#define TABLES_MAX 128 // that are looked at
#define RSDP_LEN 36
#define RSDT_AT 16 // of the RSDP
#define XSDT_AT 24
#define FADT_LEN 116 // the least: ACPI 1.0's
#define FADT_FLAGS 112
#define FADT_HW_REDUCED (1u << 20)
#define FADT_RESET (1u << 10)
#define S5_LEN 6 // of the name, and what gives the place of the value
#define MMIO_LEN 9 // of an interrupt, and more than the name
#define REGION_LEN 16 // of the event device's, up to the end of the address
#define SPACE_MEMORY 0 // of a generic address
#define SPACE_IO 1
#define BIOS_EBDA 0x40e // word: segment of the extended BIOS data area

struct sdt {
	char signature[4];
	uint32_t len;
	uint8_t rest[28];
} __attribute__((packed)); // tables lie at any address
_Static_assert(sizeof(struct sdt) == 36, "ACPI 5.2.6");

static uint32_t word32(const void *p, unsigned off)
{
	uint32_t v;

	__builtin_memcpy(&v, (const uint8_t *)p + off, sizeof(v));
	return v;
}

static uint64_t word64(const void *p, unsigned off)
{
	return word32(p, off) | (uint64_t)word32(p, off + 4) << 32;
}

static bool same(const uint8_t *p, const char *text)
{
	for (; *text; p++, text++)
		if (*p != (uint8_t)*text)
			return false;
	return true;
}

// A table at pa, whole, or NULL.
static const struct sdt *table(struct start *s, uint64_t pa)
{
	const struct sdt *t = (const void *)pa;

	if (!pa)
		return NULL;
	start_reach(s, pa, sizeof(*t));
	if (t->len < sizeof(*t) || t->len > TABLE_MAX)
		return NULL;
	start_reach(s, pa, t->len);
	return t;
}

// The value that PM1_CNT takes for S5: the first element of the package \_S5 (ACPI 7.4.2), as AML
// has it (20.2): NameOp "_S5_" PackageOp PkgLength NumElements, a byte constant.
static void find_s5(struct start *s, const struct sdt *dsdt)
{
	const uint8_t *p = (const uint8_t *)dsdt, *end = p + dsdt->len;

	for (p += sizeof(*dsdt); p + S5_LEN <= end; p++) {
		unsigned value;

		if (!same(p, "_S5_\x12"))
			continue;
		p += 5;
		p += (*p >> 6) + 2; // PkgLength, NumElements
		if (p + 2 > end)
			return;
		value = (p[0] == 0x0a ? p[1] : p[0]) & 7;
		s->pc.pm_sleep = (uint16_t)(value << 10 | 1 << 13);
		s->pc.sleep_value = (uint8_t)(value << 2 | 1 << 5);
		return;
	}
}

// Virtio devices in memory (virtio 1.1, 4.2.1; QEMU's microvm): _HID "LNRO0005", and in _CRS a fixed
// range (ACPI 6.4.3.4: 0x86) and an interrupt (6.4.3.6: 0x89).
static void find_mmio(struct start *s, const struct sdt *dsdt)
{
	const uint8_t *p = (const uint8_t *)dsdt, *end = p + dsdt->len - MMIO_LEN, *stop;
	struct words *w = &s->words;

	for (p += sizeof(*dsdt); p < end && w->mmio_count < PC_DEVICES_MAX; p++) {
		uint64_t at = 0;

		if (!same(p, "LNRO0005"))
			continue;
		for (stop = p + 160 < end ? p + 160 : end; p < stop; p++) {
			if (p[0] == 0x86 && p[1] == 9 && !p[2])
				at = word32(p, 4);
			if (p[0] == 0x89 && p[1] == 6 && !p[2] && p[4] == 1 && at) {
				w->mmio[w->mmio_count].at = at;
				w->mmio[w->mmio_count++].irq = word32(p, 5);
				break;
			}
		}
	}
}

// Where hardware is reduced the power button is an event of the generic event device (ACPI 5.6.9), whose
// register is its driver's own: that of QEMU (hw/acpi/generic_event_device.c: ACPI_GED_PWR_DOWN_EVT), and that of Cloud
// Hypervisor (devices/src/acpi.rs: AcpiNotificationFlags). OpRegionOp, name, SystemMemory, a constant (20.2.5.2, 20.2.3).
static void find_button(struct start *s, const struct sdt *dsdt)
{
	static const struct {
		char form[8];
		uint8_t bit, wide;
	} kinds[] = { { "\x5b\x80" "EREG", 2, 1 }, { "\x5b\x80" "GDST", 8, 0 } };
	const uint8_t *p = (const uint8_t *)dsdt, *end = p + dsdt->len - REGION_LEN;

	for (p += sizeof(*dsdt); p <= end; p++) {
		for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
			if (!same(p, kinds[i].form) || p[6] != SPACE_MEMORY)
				continue;
			s->pc.button_va = p[7] == 0x0e ? word64(p, 8) : p[7] == 0x0c ? word32(p, 8) : 0;
			s->pc.button_bit = kinds[i].bit;
			s->pc.button_wide = kinds[i].wide;
		}
	}
}

static void read_fadt(struct start *s, const struct sdt *t)
{
	uint32_t flags = word32(t, FADT_FLAGS);
	uint64_t dsdt_at = t->len >= 148 && word64(t, 140) ? word64(t, 140) : word32(t, 40);
	const struct sdt *dsdt = table(s, dsdt_at);
	const uint8_t *p = (const uint8_t *)t;

	if (dsdt) {
		find_s5(s, dsdt);
		find_button(s, dsdt);
		if (!s->words.mmio_count)
			find_mmio(s, dsdt);
	}
	if (flags & FADT_RESET && t->len >= 129 && p[116] == SPACE_IO) {
		s->pc.reset = (uint16_t)word32(t, 120);
		s->pc.reset_value = p[128];
	}
	if (flags & FADT_HW_REDUCED) {
		if (t->len >= 256 && p[244] == SPACE_MEMORY && word64(t, 248)) {
			s->pc.sleep_va = word64(t, 248);
			start_reach(s, s->pc.sleep_va, 1);
		} else if (t->len >= 256 && p[244] == SPACE_IO) {
			s->pc.sleep_port = (uint16_t)word32(t, 248);
		}
		return;
	}
	s->pc.pm_event = (uint16_t)word32(t, 56);
	s->pc.pm_control = (uint16_t)word32(t, 64);
	s->pm_timer = (uint16_t)word32(t, 76);
	if (word32(t, 48) && p[52] && !(io_in16(s->pc.pm_control) & 1)) // ACPI mode
		io_out8((uint16_t)word32(t, 48), p[52]);
}

static void read_madt(struct start *s, const struct sdt *t)
{
	const uint8_t *p = (const uint8_t *)t + 44, *end = (const uint8_t *)t + t->len;

	for (; p + 2 <= end && p[1] >= 2 && p + p[1] <= end; p += p[1]) {
		if (p[0] != 1 || p[1] < 12 || s->ioapic_count == IOAPICS_MAX) // I/O APIC
			continue;
		s->ioapic[s->ioapic_count].at = word32(p, 4);
		s->ioapic[s->ioapic_count++].first = word32(p, 8);
	}
}

static uint64_t search(uint64_t from, uint64_t to)
{
	for (; from < to; from += 16)
		if (same((const uint8_t *)from, "RSD PTR "))
			return from;
	return 0;
}

// Where it is on PCs whose boot loader does not say (ACPI 5.2.5.1).
static uint64_t find_rsdp(void)
{
	uint64_t ebda = (uint64_t)mmio_read16(BIOS_EBDA) << 4, at = 0;

	if (ebda >= 0x80000 && ebda < 0xa0000)
		at = search(ebda, ebda + 1024);
	return at ? at : search(0xe0000, 0x100000);
}

void acpi_read(struct start *s)
{
	uint64_t rsdp = s->machine.rsdp ? s->machine.rsdp : find_rsdp();
	const uint8_t *root = (const uint8_t *)rsdp;
	const struct sdt *list;
	unsigned width, n = 0;

	if (!rsdp)
		return;
	start_reach(s, rsdp, RSDP_LEN);
	width = root[15] >= 2 && word64(root, XSDT_AT) ? 8 : 4;
	list = table(s, width == 8 ? word64(root, XSDT_AT) : word32(root, RSDT_AT));
	for (unsigned off = sizeof(*list);
	     list && off + width <= list->len && n < TABLES_MAX; off += width, n++) {
		const struct sdt *t = table(s, width == 8 ? word64(list, off) : word32(list, off));

		if (!t)
			continue;
		if (same((const uint8_t *)t, "FACP") && t->len >= FADT_LEN)
			read_fadt(s, t);
		else if (same((const uint8_t *)t, "APIC"))
			read_madt(s, t);
		else if (same((const uint8_t *)t, "MCFG") && t->len >= 60)
			s->ecam = word64(t, 44);
	}
}
