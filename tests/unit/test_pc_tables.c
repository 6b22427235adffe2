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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
