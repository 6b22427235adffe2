// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What boot loaders and firmware tell on pc: what QEMU's machines said, and tables that lie.
#include <stdio.h>
#include <stdlib.h>

#include <tests/unit/pc/machine.h>
#include <cmocka.h>

#define SEEDS "tests/fuzz/seeds/fuzz_pc_tables/"
#define INFO 0x200000u
#define TABLES 0x300000u
#define RAM_LEN 0x1000000ull

static void read_all(struct start *s)
{
	info_read(s);
	acpi_read(s);
}

// A machine whose memory is in a file.
static const struct start *seen(const char *name)
{
	static uint8_t bytes[32768];
	char path[100];
	FILE *f;

	snprintf(path, sizeof(path), SEEDS "%s", name);
	f = fopen(path, "r");
	assert_non_null(f);
	machine_reset();
	machine_load(bytes, fread(bytes, 1, sizeof(bytes), f));
	fclose(f);
	machine_run(read_all);
	assert_null(machine_failed);
	assert_string_equal(machine.pc.notes, "");
	return &machine;
}

static void microvm(void **state)
{
	const struct start *s = seen("microvm");

	assert_int_equal(s->machine.ram_count, 2);
	assert_int_equal(s->machine.ram[1].start, 0x100000);
	assert_int_equal(s->machine.ram[1].end, 0x1800000);
	assert_string_equal(s->words.hostname, "box");
	assert_int_equal(s->words.arg_count, 2);
	assert_int_equal(s->ioapic_count, 2);
	assert_int_equal(s->ioapic[0].at, 0xfec00000);
	assert_int_equal(s->ioapic[1].first, 24);
	assert_int_equal(s->pc.pm_control, 0); // hardware-reduced
	assert_int_equal(s->pc.sleep_va, 0xfea00200);
	assert_int_equal(s->pc.sleep_value, 5 << 2 | 1 << 5); // \_S5 is the last of the DSDT
	assert_int_equal(s->pc.button_va, 0xfea00000);
	assert_int_equal(s->pc.button_bit, 2);
	assert_int_equal(s->pc.button_wide, 1);
	assert_int_equal(s->words.mmio_count, 1); // where a device is, as ACPI says
	assert_int_equal(s->words.mmio[0].at, 0xfeb02e00);
	assert_int_equal(s->words.mmio[0].irq, 47);
}

static void q35(void **state)
{
	const struct start *s = seen("q35");

	assert_int_equal(s->machine.ram_count, 2);
	assert_int_equal(s->pc.pm_event, 0x600);
	assert_int_equal(s->pc.pm_control, 0x604);
	assert_int_equal(s->pm_timer, 0x608);
	assert_int_equal(s->pc.pm_sleep, 1 << 13); // S5 is 0
	assert_int_equal(s->pc.reset, 0xcf9);
	assert_int_equal(s->pc.reset_value, 0xf);
	assert_int_equal(s->ecam, 0xb0000000);
	assert_int_equal(s->ioapic_count, 1);
	assert_int_equal(s->words.mmio_count, 0);
}

static void pc(void **state)
{
	const struct start *s = seen("pc");

	assert_int_equal(s->pc.pm_control, 0x604);
	assert_int_equal(s->ecam, 0);
	assert_int_equal(s->pc.reset, 0); // ACPI 1.0 has no such register
}

static void grub(void **state)
{
	const struct start *s = seen("grub");

	assert_int_equal(s->machine.ram_count, 2);
	assert_string_equal(s->words.args[0], "a b");
	assert_int_equal(s->pc.pm_control, 0x604);
}

// A boot loader that speaks PVH.

struct pvh {
	uint32_t magic, version, flags, modules;
	uint64_t module_list, cmdline, rsdp, map;
	uint32_t count, pad;
	struct {
		uint64_t addr, size;
		uint32_t type, pad;
	} entry[4];
};

static struct pvh pvh_one(void)
{
	return (struct pvh){ .magic = PVH_MAGIC,
			     .version = 1,
			     .map = INFO + offsetof(struct pvh, entry),
			     .count = 1,
			     .entry[0] = { 0, RAM_LEN, 1, 0 } };
}

static const struct start *pvh(struct pvh p)
{
	machine_reset();
	machine_boot.info = INFO;
	machine_put(INFO, &p, sizeof(p));
	machine_run(read_all);
	return &machine;
}

static void pvh_maps(void **state)
{
	struct pvh p = pvh_one();

	assert_int_equal(pvh(p)->machine.ram_count, 1);
	p.count = 4;
	p.entry[1].addr = 1ull << 40; // reserved
	p.entry[1].size = RAM_LEN;
	p.entry[1].type = 2;
	p.entry[2].addr = -RAM_LEN; // wraps
	p.entry[2].size = RAM_LEN + 1;
	p.entry[2].type = 1;
	p.entry[3].type = 1; // empty
	assert_int_equal(pvh(p)->machine.ram_count, 1);
	p.count = 0;
	assert_int_equal(pvh(p)->machine.ram_count, 0);
	assert_null(machine_failed);
}

static void pvh_lies(void **state)
{
	struct pvh p = pvh_one();

	p.magic++;
	pvh(p);
	assert_string_equal(machine_failed, "started by neither PVH nor Multiboot2");
	p = pvh_one();
	p.version = 0;
	pvh(p);
	assert_string_equal(machine_failed, "the boot loader tells no memory map (PVH version 0)");
	p = pvh_one();
	p.count = UINT32_MAX;
	pvh(p);
	assert_string_equal(machine_failed, "the boot loader tells more than 1 MiB");
	p.count = 40000;
	p.map = MACHINE_TOP - 100;
	pvh(p);
	assert_string_equal(machine_failed, "no such address");
	p = pvh_one();
	p.map = UINT64_MAX - 8;
	pvh(p);
	assert_string_equal(machine_failed, "no such address");
	p = pvh_one();
	p.cmdline = UINT64_MAX - 8;
	pvh(p);
	assert_string_equal(machine_failed, "no such address");
	p = pvh_one();
	p.rsdp = 1ull << 63;
	pvh(p);
	assert_string_equal(machine_failed, "no such address");
}

static void pvh_map_of_many(void **state)
{
	struct pvh p = pvh_one();
	struct {
		uint64_t addr, size, type;
	} entry[RANGES_MAX + 10];

	for (unsigned i = 0; i < RANGES_MAX + 10; i++) {
		entry[i].addr = i << 20;
		entry[i].size = 1 << 20;
		entry[i].type = 1;
	}
	p.map = TABLES;
	p.count = RANGES_MAX + 10;
	machine_reset();
	machine_boot.info = INFO;
	machine_put(INFO, &p, sizeof(p));
	machine_put(TABLES, entry, sizeof(entry));
	assert_true(machine_run(read_all));
	assert_int_equal(machine.machine.ram_count, RANGES_MAX);
}

// One that speaks Multiboot2: tags behind each other.

static uint8_t tags[8192];
static uint32_t tags_len;

static void tag(uint32_t type, uint32_t size, const void *bytes, size_t len)
{
	memcpy(tags + tags_len, &type, 4);
	memcpy(tags + tags_len + 4, &size, 4);
	memcpy(tags + tags_len + 8, bytes, len);
	tags_len += (8 + (uint32_t)len + 7) & ~7u;
}

static void tags_begin(void)
{
	memset(tags, 0, sizeof(tags));
	tags_len = 8;
}

static const struct start *mb2(uint32_t total)
{
	memcpy(tags, &total, 4);
	machine_reset();
	machine_boot.magic = MB2_LOADER_MAGIC;
	machine_boot.info = INFO;
	machine_put(INFO, tags, tags_len);
	machine_run(read_all);
	return &machine;
}

struct memory_tag {
	uint32_t entry_size, version;
	struct {
		uint64_t addr, size;
		uint32_t type, pad;
	} entry[2];
};
static const struct memory_tag memory = { 24, 0, { { 0, 0x9f000, 1, 0 }, { 1 << 20, RAM_LEN, 1, 0 } } };

static void mb2_tags(void **state)
{
	tags_begin();
	tag(1, 8 + 16, "hostname=a -- b", 16);
	tag(77, 8 + 5, "12345", 5);
	tag(6, 8 + sizeof(memory), &memory, sizeof(memory));
	tag(0, 8, "", 0);
	tag(1, 8 + 11, "hostname=no", 11);
	assert_int_equal(mb2(tags_len)->machine.ram_count, 2);
	assert_null(machine_failed);
	assert_string_equal(machine.words.hostname, "a");
	assert_int_equal(machine.words.arg_count, 1);
}

static void mb2_lengths_that_lie(void **state)
{
	static const uint32_t size[] = { 0, 1, 7, 0x7fffffff, 0xfffffff8, 0xfffffff9, UINT32_MAX };
	struct memory_tag m = memory;

	for (size_t i = 0; i < sizeof(size) / sizeof(*size); i++) {
		tags_begin();
		tag(77, size[i], "", 0);
		tag(6, 8 + sizeof(memory), &memory, sizeof(memory));
		assert_int_equal(mb2(tags_len)->machine.ram_count, 0);
		assert_null(machine_failed);
	}
	for (uint32_t n = 0; n <= 24; n++) { // an entry is 24 bytes or more
		tags_begin();
		m.entry_size = n;
		tag(6, 8 + sizeof(m), &m, sizeof(m));
		assert_int_equal(mb2(tags_len)->machine.ram_count, n < 24 ? 0 : 2);
	}
	m.entry_size = UINT32_MAX;
	tags_begin();
	tag(6, 8 + sizeof(m), &m, sizeof(m));
	assert_int_equal(mb2(tags_len)->machine.ram_count, 0);
	for (uint32_t n = 8; n < 8 + sizeof(m); n++) { // the tag is cut
		tags_begin();
		tag(6, n, &memory, sizeof(memory));
		assert_int_equal(mb2(tags_len)->machine.ram_count, n >= 8 + 8 + 24);
	}
	mb2(UINT32_MAX);
	assert_string_equal(machine_failed, "the boot loader tells more than 1 MiB");
	for (uint32_t n = 0; n < 24; n++)
		assert_int_equal(mb2(n)->machine.ram_count, 0);
}

static void mb2_command_line_without_an_end(void **state)
{
	tags_begin();
	tag(1, 8 + 16, "hostname=abcdefg", 16);
	assert_string_equal(mb2(tags_len)->words.hostname, "abcdefg");
	tags_begin();
	tag(1, 8, "", 0);
	assert_null(mb2(tags_len)->words.hostname);
	assert_null(machine_failed);
	memset(tags, 'x', sizeof(tags));
	tags_len = 8;
	tag(1, 8 + 5000, tags + 4000, 0);
	tags_len += 5000;
	mb2(tags_len);
	assert_string_equal(machine_failed, "the command line has more than 4095 bytes");
}

// ACPI: an RSDP in BIOS's memory and tables at TABLES, one after the other, 4096 bytes apart.

static uint8_t list[4096];
static unsigned list_width, list_len;

static void put32(uint8_t *p, unsigned off, uint32_t v) { memcpy(p + off, &v, 4); }

static void acpi_begin(unsigned width, uint64_t at)
{
	uint8_t rsdp[36] = "RSD PTR ";

	machine_reset();
	rsdp[15] = width == 8 ? 2 : 0;
	put32(rsdp, width == 8 ? 24 : 16, (uint32_t)at);
	put32(rsdp, 28, (uint32_t)(at >> 32) * (width == 8));
	machine_put(0xf0010, rsdp, sizeof(rsdp));
	memset(list, 0, sizeof(list));
	list_width = width;
	list_len = 36;
}

static void acpi_add(uint64_t at)
{
	memcpy(list + list_len, &at, list_width);
	list_len += list_width;
}

static void acpi_table(uint64_t at, const char *name, uint8_t *bytes, size_t len, uint32_t says)
{
	memcpy(bytes, name, 4);
	put32(bytes, 4, says);
	machine_put(at, bytes, len);
}

static const struct start *acpi(uint32_t list_says)
{
	acpi_table(TABLES, "LIST", list, list_len, list_says);
	machine_run(acpi_read);
	return &machine;
}

// A FADT of a PC, with its DSDT one page on.
static void acpi_fadt(uint64_t at, size_t len)
{
	uint8_t t[276] = { 0 };

	put32(t, 40, (uint32_t)at + 4096);
	put32(t, 56, 0x600);
	put32(t, 64, 0x604);
	put32(t, 76, 0x608);
	put32(t, 112, 1 << 10); // reset register
	t[116] = 1;
	put32(t, 120, 0xcf9);
	t[128] = 6;
	acpi_table(at, "FACP", t, len, (uint32_t)len);
}

static void acpi_dsdt(uint64_t at, const void *code, size_t len)
{
	uint8_t t[4096] = { 0 };

	memcpy(t + 36, code, len);
	acpi_table(at, "DSDT", t, 36 + len, (uint32_t)(36 + len));
}

#define S5_CODE "\x08_S5_\x12\x06\x04\x0a\x05\x0a\x05"

static void acpi_fixed(void **state)
{
	uint8_t aml[200] = { 0 };

	memcpy(aml + 20, S5_CODE, sizeof(S5_CODE) - 1);
	for (unsigned width = 4; width <= 8; width += 4) {
		acpi_begin(width, TABLES);
		acpi_add(TABLES + 0x1000);
		acpi_fadt(TABLES + 0x1000, 244);
		acpi_dsdt(TABLES + 0x2000, aml, sizeof(aml));
		acpi(list_len);
		assert_int_equal(machine.pc.pm_control, 0x604);
		assert_int_equal(machine.pc.pm_sleep, 5 << 10 | 1 << 13);
		assert_int_equal(machine.pc.reset, 0xcf9);
		assert_int_equal(machine.pc.reset_value, 6);
	}
}

static void acpi_button_in(const void *region, size_t len)
{
	uint8_t aml[60] = { 0 };

	memcpy(aml + sizeof(aml) - len, region, len);
	acpi_begin(4, TABLES);
	acpi_add(TABLES + 0x1000);
	acpi_fadt(TABLES + 0x1000, 244);
	acpi_dsdt(TABLES + 0x2000, aml, sizeof(aml));
	acpi(list_len);
	assert_null(machine_failed);
}

static void acpi_button(void **state)
{
	static const char small[] = "\x5b\x80GDST\x00\x0c\x00\x10\x00\xe0\x01\x5b\x81\x0b";
	static const char large[] = "\x5b\x80GDST\x00\x0e\xff\xef\xff\xff\x0f\x00\x00\x00";

	acpi_button_in(small, sizeof(small) - 1);
	assert_int_equal(machine.pc.button_va, 0xe0001000);
	assert_int_equal(machine.pc.button_bit, 8);
	assert_int_equal(machine.pc.button_wide, 0);
	acpi_button_in(large, sizeof(large) - 1);
	assert_int_equal(machine.pc.button_va, 0xfffffefff);
	for (size_t len = 1; len < sizeof(large) - 1; len++) { // the table ends in the middle
		acpi_button_in(large, len);
		assert_int_equal(machine.pc.button_va, 0);
	}
	acpi_button_in("\x5b\x80GDST\x01\x0c\x00\x10\x00\xe0\x01\x00\x00\x00", 16); // not in memory
	assert_int_equal(machine.pc.button_va, 0);
	acpi_button_in("\x5b\x80GDST\x00\x70\x00\x10\x00\xe0\x01\x00\x00\x00", 16); // not a constant
	assert_int_equal(machine.pc.button_va, 0);
}

// The value's place is the end of the table, or behind it.
static void acpi_s5_at_the_end(void **state)
{
	for (size_t len = 40; len < 120; len++) {
		uint8_t aml[120] = { 0 };

		memcpy(aml + len - 6, "_S5_\x12\xff", 6);
		acpi_begin(4, TABLES);
		acpi_add(TABLES + 0x1000);
		acpi_fadt(TABLES + 0x1000, 244);
		acpi_dsdt(TABLES + 0x2000, aml, len);
		acpi(list_len);
		assert_null(machine_failed);
	}
}

static void acpi_short_tables(void **state)
{
	for (size_t len = 36; len < 276; len++) {
		acpi_begin(4, TABLES);
		acpi_add(TABLES + 0x1000);
		acpi_fadt(TABLES + 0x1000, len);
		acpi_dsdt(TABLES + 0x2000, "", 1);
		acpi(list_len);
		assert_null(machine_failed);
		assert_int_equal(machine.pc.pm_control, len < 116 ? 0 : 0x604);
	}
	for (uint32_t len = 0; len < 60; len++) {
		uint8_t t[60] = { 0 };

		acpi_begin(8, TABLES);
		acpi_add(TABLES + 0x1000);
		acpi_add(TABLES + 0x2000);
		put32(t, 44, 0x1000);
		acpi_table(TABLES + 0x1000, "MCFG", t, sizeof(t), len);
		acpi_table(TABLES + 0x2000, "APIC", t, sizeof(t), len);
		acpi(list_len);
		assert_int_equal(machine.ecam, 0);
	}
}

static void acpi_madt(void **state)
{
	uint8_t t[44 + 8 * 12] = { 0 };

	for (unsigned i = 0; i < 8; i++) {
		t[44 + 12 * i] = 1;
		t[45 + 12 * i] = 12;
		put32(t, 48 + 12 * i, 0xfec00000 + (i << 12));
		put32(t, 52 + 12 * i, 24 * i);
	}
	acpi_begin(8, TABLES);
	acpi_add(TABLES + 0x1000);
	acpi_table(TABLES + 0x1000, "APIC", t, sizeof(t), sizeof(t));
	assert_int_equal(acpi(list_len)->ioapic_count, IOAPICS_MAX);
	assert_int_equal(machine.ioapic[3].first, 72);
	for (unsigned n = 0; n < 12; n++) { // entries that are too short, or stand still
		t[45] = (uint8_t)n;
		acpi_begin(8, TABLES);
		acpi_add(TABLES + 0x1000);
		acpi_table(TABLES + 0x1000, "APIC", t, 56, 56);
		assert_int_equal(acpi(list_len)->ioapic_count, 0);
	}
}

static void acpi_lists_that_lie(void **state)
{
	// Itself, over and over; a length of everything; too long; nowhere.
	acpi_begin(8, TABLES);
	for (int i = 0; i < 20; i++)
		acpi_add(TABLES);
	acpi(list_len);
	acpi(1 << 20);
	assert_null(machine_failed);
	acpi((1 << 20) + 1);
	acpi(UINT32_MAX);
	acpi(0);
	acpi(35);
	assert_null(machine_failed);
	acpi_begin(8, TABLES);
	acpi_add(0);
	acpi_add(1ull << 52);
	acpi(list_len);
	assert_string_equal(machine_failed, "no such address");
	acpi_begin(8, UINT64_MAX - 3);
	acpi(36);
	assert_string_equal(machine_failed, "no such address");
	acpi_begin(4, 0);
	acpi(36);
	assert_null(machine_failed);
}

// Every byte of the list counts as an entry, each a table with a DSDT: it ends all the same.
static void acpi_lists_without_an_end(void **state)
{
	acpi_begin(4, TABLES);
	acpi_fadt(TABLES + 0x1000, 244);
	acpi_dsdt(TABLES + 0x2000, "", 1);
	while (list_len + 4 <= sizeof(list))
		acpi_add(TABLES + 0x1000);
	acpi(list_len);
	assert_null(machine_failed);
}

static void no_acpi(void **state)
{
	machine_reset();
	assert_true(machine_run(acpi_read));
	machine_ebda = 0xffff;
	assert_true(machine_run(acpi_read));
	machine_ebda = 0x8000;
	assert_true(machine_run(acpi_read));
	assert_int_equal(machine.ioapic_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(microvm),
		cmocka_unit_test(q35),
		cmocka_unit_test(pc),
		cmocka_unit_test(grub),
		cmocka_unit_test(pvh_maps),
		cmocka_unit_test(pvh_lies),
		cmocka_unit_test(pvh_map_of_many),
		cmocka_unit_test(mb2_tags),
		cmocka_unit_test(mb2_lengths_that_lie),
		cmocka_unit_test(mb2_command_line_without_an_end),
		cmocka_unit_test(acpi_fixed),
		cmocka_unit_test(acpi_button),
		cmocka_unit_test(acpi_s5_at_the_end),
		cmocka_unit_test(acpi_short_tables),
		cmocka_unit_test(acpi_madt),
		cmocka_unit_test(acpi_lists_that_lie),
		cmocka_unit_test(acpi_lists_without_an_end),
		cmocka_unit_test(no_acpi),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
