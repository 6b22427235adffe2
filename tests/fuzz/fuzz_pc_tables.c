// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What a boot loader and firmware tell the start-up code of pc: memory map, command line, ACPI. The input is the memory that they lie in
// (tests/unit/pc/machine.h). Whatever it is: nothing is read but what start_reach() was asked for, and all that was found is within its
// bounds.
#include <stdlib.h>

#include <tests/unit/pc/machine.h>

#define CHECK(x) ((x) ? (void)0 : abort())

static void read_all(struct start *s)
{
	info_read(s);
	acpi_read(s);
}

static void check_strings(const struct words *w)
{
	const char *end = w->text + sizeof(w->text);

	CHECK(w->arg_count <= WORDS_MAX && w->env_count <= WORDS_MAX);
	for (unsigned i = 0; i < w->arg_count; i++)
		CHECK(w->args[i] >= w->text && w->args[i] + strlen(w->args[i]) < end);
	for (unsigned i = 0; i < w->env_count; i++)
		CHECK(w->env[i] >= w->text && w->env[i] + strlen(w->env[i]) < end);
	CHECK(w->volume_count <= PC_VOLUMES_MAX && !w->volume_at[w->volume_count]);
	for (unsigned i = 0; i < w->volume_count; i++) {
		CHECK(w->volume_at[i][0] == '/' && w->volume_at[i] + strlen(w->volume_at[i]) < end);
		CHECK(memchr(w->volume[i].name, 0, sizeof(w->volume[i].name)));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct start *s = &machine;

	machine_reset();
	machine_load(data, len);
	if (!machine_run(read_all))
		return 0;
	CHECK(s->machine.ram_count <= RANGES_MAX && s->ioapic_count <= IOAPICS_MAX);
	for (unsigned i = 0; i < s->machine.ram_count; i++)
		CHECK(s->machine.ram[i].start < s->machine.ram[i].end);
	CHECK(s->words.mmio_count <= PC_DEVICES_MAX && s->words.net.dns_count <= 3);
	CHECK(memchr(s->pc.notes, 0, sizeof(s->pc.notes)));
	check_strings(&s->words);
	return 0;
}
