// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// ACPI's tables on pc, as they should be and as they lie: an RSDP in BIOS's memory and tables at TABLES, one after
// the other, 4096 bytes apart.
#include <tests/unit/pc/machine.h>
#include <cmocka.h>

#define TABLES 0x300000u

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
