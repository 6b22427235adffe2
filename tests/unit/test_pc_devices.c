// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// How pc's start-up code finds virtio devices on PCI and in memory, what it leaves for CPL 3 of them, and where their interrupts go.
// Devices that lie give nothing that is outside of what they may be.
#include <drivers/io.h>
#include <tests/unit/pc/machine.h>
#include <cmocka.h>

#define FUNCTIONS 8
#define BAR_MEMORY 0xfe000000u
#define IOAPIC 0xfec00000ul
#define ECAM 0xb0000000ul

// PCI functions by address (bus << 16 | device << 11 | function << 8), each with its configuration space.
static struct function {
	uint32_t at;
	uint8_t config[256];
} functions[FUNCTIONS];
static unsigned function_count;
static bool no_ports;
static uint32_t address, vector[4], ioapic_index, ioapic_reg[64];

static struct function *find(uint32_t at)
{
	for (unsigned i = 0; i < function_count; i++)
		if (functions[i].at == at)
			return &functions[i];
	return NULL;
}

static bool config(uint32_t at, unsigned off, uint32_t *v, bool write)
{
	struct function *f = find(at);

	if (!f || off + 4 > sizeof(f->config))
		return false;
	if (write)
		memcpy(f->config + off, v, 4);
	else
		memcpy(v, f->config + off, 4);
	return true;
}

static struct {
	uint64_t at;
	uint32_t magic, version, type;
} slot;

static bool in(bool port, uint64_t at, unsigned width, uint32_t *v)
{
	if (port && at == 0xcf8 && !no_ports)
		return (*v = address, true);
	if (port && at == 0xcfc)
		return config(address & 0xffff00, address & 0xfc, v, false);
	if (!port && at >= ECAM && at < ECAM + (256 << 20)) {
		if (!config((uint32_t)(at - ECAM) >> 4 & 0xffff00, at & 0xfff, v, false))
			*v = UINT32_MAX;
		return true;
	}
	if (!port && at == IOAPIC + 0x10)
		return (*v = ioapic_index == 1 ? 23 << 16 : ioapic_reg[ioapic_index & 63], true);
	if (!port && slot.at && at >= slot.at && at < slot.at + 16)
		return (*v = at == slot.at ? slot.magic : at == slot.at + 4 ? slot.version : slot.type, true);
	return *v = UINT32_MAX, true;
}

static void out(bool port, uint64_t at, unsigned width, uint32_t v)
{
	if (port && at == 0xcf8)
		address = v;
	if (port && at == 0xcfc)
		config(address & 0xffff00, address & 0xfc, &v, true);
	if (!port && at >= ECAM && at < ECAM + (256 << 20))
		config((uint32_t)(at - ECAM) >> 4 & 0xffff00, at & 0xfff, &v, true);
	if (!port && at == IOAPIC)
		ioapic_index = v;
	if (!port && at == IOAPIC + 0x10)
		ioapic_reg[ioapic_index & 63] = v;
	if (!port && at >= BAR_MEMORY + 0x8000 && at < BAR_MEMORY + 0x8010)
		vector[at >> 2 & 3] = v;
}

// What test_pc_memory tests is only watched here.
void start_reach(struct start *s, uint64_t pa, uint64_t len)
{
	if (len > s->top || pa > s->top - len)
		start_fail(s, "no such address", "");
}

static int set_up(void **state)
{
	machine_reset();
	machine.top = 1ull << 40;
	machine.apic_id = 3;
	machine.ioapic[0].at = IOAPIC;
	machine.ioapic_count = 1;
	machine_in = in;
	machine_out = out;
	function_count = 0;
	no_ports = false;
	memset(functions, 0, sizeof(functions));
	memset(vector, 0, sizeof(vector));
	memset(ioapic_reg, 0, sizeof(ioapic_reg));
	memset(&slot, 0, sizeof(slot));
	return 0;
}

static void put(struct function *f, unsigned off, uint32_t v)
{
	memcpy(f->config + off, &v, 4);
}

static struct function *add(uint32_t at, uint16_t id)
{
	struct function *f = &functions[function_count++];

	f->at = at;
	put(f, 0, 0x1af4 | (uint32_t)id << 16);
	put(f, 0x0c, 0x80 << 16); // of several functions
	return f;
}

static void capability(struct function *f, unsigned cap, unsigned next, unsigned kind, uint32_t off, uint32_t len)
{
	put(f, cap, 0x09 | next << 8 | 16u << 16 | kind << 24);
	put(f, cap + 4, 4); // BAR 4
	put(f, cap + 8, off);
	put(f, cap + 12, len);
}

// As QEMU's virtio-net-pci,disable-legacy=on has it.
static struct function *modern(uint32_t at, unsigned type)
{
	struct function *f = add(at, (uint16_t)(0x1040 + type));

	put(f, 0x20, BAR_MEMORY | 4); // 64 bits
	put(f, 0x14, BAR_MEMORY + 0x8000);
	put(f, 0x34, 0x40);
	capability(f, 0x40, 0x50, 1, 0, 0x1000);
	capability(f, 0x50, 0x60, 3, 0x1000, 0x1000);
	capability(f, 0x60, 0x70, 4, 0x2000, 0x1000);
	capability(f, 0x70, 0x90, 2, 0x3000, 0x1000);
	put(f, 0x80, 4); // notify_off_multiplier
	put(f, 0x90, 0x11 | 3 << 16 | 1u << 30);
	put(f, 0x94, 1); // table: BAR 1
	return f;
}

static void finds_a_modern_device(void **state)
{
	struct function *f = modern(2 << 11, PC_TYPE_NET);
	const struct pc_device *d = machine.pc.device;

	assert_true(machine_run(pci_find));
	assert_int_equal(machine.pc.device_count, 1);
	assert_int_equal(d->transport, PC_VIRTIO_PCI);
	assert_int_equal(d->type, PC_TYPE_NET);
	assert_string_equal(d->where, "pci 00:02.0");
	assert_int_equal(machine.map_count, 4);
	assert_int_equal(machine.map[3].pa, BAR_MEMORY + 0x3000);
	assert_int_equal(d->regs, 0x1000);   // behind a page that is not there
	assert_int_equal(d->notify, 0x4000);
	assert_int_equal(d->notify_len, 0x1000);
	assert_int_equal(d->notify_multiplier, 4);
	assert_int_equal(d->msix, 1);
	assert_int_equal(vector[0], 0xfee03000);
	assert_int_equal(vector[2], NUCLEUS_DEVICE_VECTOR);
	assert_int_equal(vector[3], 0);
	assert_int_equal(f->config[4] & 7, 7);
	assert_int_equal(f->config[0x93] & 0xc0, 0x80); // on, not masked
}

static void finds_by_ecam_and_behind_bridges(void **state)
{
	struct function *f = add(1 << 11, 0x1000);

	put(f, 0, 0x29c08086);
	put(f, 0x0c, 0x81 << 16);
	put(f, 0x18, 5 << 8);
	modern(5 << 16, PC_TYPE_RNG);
	modern(6 << 16, PC_TYPE_RNG); // no bridge leads there
	no_ports = true;
	assert_true(machine_run(pci_find));
	assert_int_equal(machine.pc.device_count, 0);
	machine.ecam = ECAM;
	assert_true(machine_run(pci_find));
	assert_int_equal(machine.pc.device_count, 1);
	assert_string_equal(machine.pc.device[0].where, "pci 05:00.0");
	no_ports = false;
	modern(3 << 11 | 1 << 8, PC_TYPE_NET);
	put(add(3 << 11, 0), 0, 0x12348086);
	assert_true(machine_run(pci_find));
	assert_int_equal(machine.ecam, 0); // ports are better
	assert_int_equal(machine.pc.device_count, 3);
}

static void finds_a_legacy_device(void **state)
{
	struct function *f = add(4 << 11, 0x1000);
	const struct pc_device *d = machine.pc.device;
	uint8_t bits[PORTS / 8 + 1];

	put(f, 0x10, 0xc000 | 1);
	put(f, 0x2c, PC_TYPE_NET << 16);
	put(f, 0x3c, 11);
	assert_true(machine_run(pci_find));
	assert_int_equal(machine.pc.device_count, 1);
	assert_int_equal(d->transport, PC_VIRTIO_PCI_LEGACY);
	assert_int_equal(d->type, PC_TYPE_NET);
	assert_int_equal(d->port, 0xc000);
	assert_int_equal(ioapic_reg[0x10 + 22], NUCLEUS_DEVICE_VECTOR);
	assert_int_equal(ioapic_reg[0x11 + 22], 3 << 24);
	devices_permit(&machine, bits);
	assert_int_equal(bits[0xc000 / 8 - 1], 0xff);
	assert_int_equal(bits[0xc000 / 8], 0);
	assert_int_equal(bits[0xc100 / 8], 0xff);
	assert_int_equal(bits[PORTS / 8], 0xff);
}

static void ports_end_at_the_last(void **state)
{
	uint8_t bits[PORTS / 8 + 1];

	start_ports(&machine, 0xfff8, 256);
	start_ports(&machine, 0, 8); // not there
	devices_permit(&machine, bits);
	assert_int_equal(bits[PORTS / 8 - 1], 0);
	assert_int_equal(bits[PORTS / 8 - 2], 0xff);
	assert_int_equal(bits[0], 0xff);
	for (int i = 0; i < 2 * PORTS_MAX; i++)
		start_ports(&machine, 8, 1);
	assert_int_equal(machine.port_count, PORTS_MAX);
}

// One without registers is named, and the next does not get what it had.
static void a_device_without_registers(void **state)
{
	struct function *f = modern(1 << 11, PC_TYPE_NET);

	capability(f, 0x70, 0, 9, 0, 0x1000); // no notify
	f = modern(2 << 11, PC_TYPE_RNG);
	put(f, 0x34, 0x60); // device, notify alone
	f = modern(3 << 11, PC_TYPE_BLOCK);
	capability(f, 0x50, 0x70, 3, 0x1000, 0x1000); // no configuration
	assert_true(machine_run(pci_find));
	assert_int_equal(machine.pc.device_count, 1);
	assert_int_equal(machine.pc.device[0].type, PC_TYPE_BLOCK);
	assert_int_equal(machine.pc.device[0].config, 0);
	assert_int_equal(machine.pc.device[0].config_len, 0);
	assert_string_equal(machine.pc.notes, "pith: the firmware has given no registers to pci 00:01.0\n"
					      "pith: the firmware has given no registers to pci 00:02.0\n");
}

static void capabilities_that_lie(void **state)
{
	struct function *f = modern(1 << 11, PC_TYPE_NET);

	put(f, 0x40, 0x09 | 0x40 << 8 | 1u << 24); // itself
	assert_true(machine_run(pci_find));
	assert_int_equal(machine.pc.device_count, 0);

	set_up(NULL);
	f = modern(1 << 11, PC_TYPE_NET);
	put(f, 0x24, 0xffffff00); // BAR 4 is where no processor reaches
	assert_true(machine_run(pci_find));
	assert_int_equal(machine.map_count, 0);
	assert_int_equal(machine.pc.device_count, 0);

	set_up(NULL);
	f = modern(1 << 11, PC_TYPE_NET);
	put(f, 0x20, 0xfffffff4);
	put(f, 0x24, 0xff); // 1 << 40, almost: the region goes beyond
	capability(f, 0x40, 0x50, 1, UINT32_MAX, UINT32_MAX);
	assert_true(machine_run(pci_find));
	assert_int_equal(machine.map_count, 0);

	set_up(NULL);
	f = modern(1 << 11, PC_TYPE_NET);
	capability(f, 0x70, 0x90, 2, 0x3000, UINT32_MAX);
	assert_true(machine_run(pci_find));
	assert_int_equal(machine.pc.device[0].notify_len, 0x4000);
	assert_int_equal(machine.map[3].pages, 4);

	set_up(NULL);
	f = modern(1 << 11, PC_TYPE_NET);
	put(f, 0x94, 7); // a BAR that no function has
	capability(f, 0x60, 0x70, 4, 0, 0);
	assert_true(machine_run(pci_find));
	assert_int_equal(machine.pc.device[0].msix, 0);
	assert_int_equal(machine.pc.device[0].config, 0);
}

static void more_devices_than_there_is_room_for(void **state)
{
	for (unsigned i = 0; i < PC_DEVICES_MAX; i++)
		assert_non_null(start_device(&machine));
	assert_null(start_device(&machine));
	assert_string_equal(machine.pc.notes, "pith: more than 24 virtio devices; the others are not used\n");
	modern(1 << 11, PC_TYPE_NET);
	assert_true(machine_run(pci_find));
	slot.at = 0xfeb00000;
	slot.magic = 0x74726976;
	slot.version = slot.type = 1;
	machine.words.mmio[0].at = slot.at;
	machine.words.mmio_count = 1;
	assert_true(machine_run(mmio_find));
	assert_int_equal(machine.pc.device_count, PC_DEVICES_MAX);
	for (unsigned i = 0; i < MAPS_MAX; i++)
		assert_int_not_equal(start_map(&machine, 0xfe000ff0, 0x20), 0);
	assert_int_equal(machine.map_pages, 2 * MAPS_MAX);
	assert_int_equal(start_map(&machine, 0xfe000000, 1), 0);
}

static void in_memory(uint32_t magic, uint32_t version, uint32_t type, uint64_t at)
{
	set_up(NULL);
	slot.at = 0xfeb00200;
	slot.magic = magic;
	slot.version = version;
	slot.type = type;
	machine.words.mmio[0].at = at;
	machine.words.mmio[0].irq = 12;
	machine.words.mmio_count = 1;
	machine_run(mmio_find);
}

static void finds_devices_in_memory(void **state)
{
	in_memory(0x74726976, 2, PC_TYPE_CONSOLE, 0xfeb00200);
	assert_int_equal(machine.pc.device_count, 1);
	assert_int_equal(machine.pc.device[0].type, PC_TYPE_CONSOLE);
	assert_int_equal(machine.pc.device[0].regs, 0x1200);
	assert_string_equal(machine.pc.device[0].where, "mmio at 0xfeb00200");
	assert_int_equal(ioapic_reg[0x10 + 24], NUCLEUS_DEVICE_VECTOR);
	in_memory(0x74726976, 1, PC_TYPE_CONSOLE, 0xfeb00200);
	assert_int_equal(machine.pc.device_count, 1);
}

static void not_devices_in_memory(void **state)
{
	in_memory(0x74726976, 2, 0, 0xfeb00200); // a place without a device: nothing is said
	assert_string_equal(machine.pc.notes, "");
	in_memory(0x74726976, 3, 1, 0xfeb00200);
	assert_int_equal(machine.pc.device_count, 0);
	in_memory(1, 2, 1, 0xfeb00200);
	assert_string_equal(machine.pc.notes, "pith: there is no virtio device at 0xfeb00200\n");
	in_memory(0x74726976, 2, 1, 0xffffffffffffff00);
	assert_string_equal(machine_failed, "no such address");
	in_memory(0x74726976, 2, 1, 1ull << 52);
	assert_string_equal(machine_failed, "no such address");
	assert_int_equal(machine.pc.device_count, 0);
}

static void lines(void **state)
{
	apic_line(&machine, 23);
	assert_int_equal(ioapic_reg[0x10 + 46], NUCLEUS_DEVICE_VECTOR);
	memset(ioapic_reg, 0, sizeof(ioapic_reg));
	apic_line(&machine, 24); // nobody's
	apic_line(&machine, UINT32_MAX);
	machine.ioapic[0].first = 30;
	apic_line(&machine, 23);
	machine.ioapic_count = 0;
	apic_line(&machine, 31);
	for (int i = 0; i < 64; i++)
		assert_int_equal(ioapic_reg[i], 0);
}

static void local_apic(void **state)
{
	machine_apic_base = 0xfee00900;
	assert_true(machine_run(apic_open));
	assert_int_equal(machine.apic, 0xfee00000);
	assert_int_equal(machine_apic_base, 0xfee00900);
	machine_apic_base = 0xfee00d00; // x2APIC, as firmware leaves it
	assert_true(machine_run(apic_open));
	assert_int_equal(machine.apic, 0xfee00000);
	assert_int_equal(machine_apic_base & 0xc00, 0x800);
	machine_apic_base = 0xfea00100; // off, and elsewhere
	assert_true(machine_run(apic_open));
	assert_int_equal(machine.apic, 0xfea00000);
	assert_int_equal(machine_apic_base, 0xfea00800);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(finds_a_modern_device, set_up),
		cmocka_unit_test_setup(finds_by_ecam_and_behind_bridges, set_up),
		cmocka_unit_test_setup(finds_a_legacy_device, set_up),
		cmocka_unit_test_setup(ports_end_at_the_last, set_up),
		cmocka_unit_test_setup(a_device_without_registers, set_up),
		cmocka_unit_test_setup(capabilities_that_lie, set_up),
		cmocka_unit_test_setup(more_devices_than_there_is_room_for, set_up),
		cmocka_unit_test_setup(finds_devices_in_memory, set_up),
		cmocka_unit_test_setup(not_devices_in_memory, set_up),
		cmocka_unit_test_setup(lines, set_up),
		cmocka_unit_test_setup(local_apic, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
