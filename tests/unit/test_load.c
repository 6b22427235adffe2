// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The loader: what include/pith/boot.h promises holds for every memory size, and nothing lies where
// something else is.
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <errno.h>
#include <monitor/load.h>
#include <tests/unit/monitor/sample_image.h>

#define MIB (1ull << 20)
#define ROUNDS 50

static struct sample sample;
static struct image image;

static int set_up(void **state)
{
	struct failure why;

	sample_make(&sample);
	strcpy(image.path, "some.pith");
	return image_check(&image, sample.bytes, SAMPLE_LEN, true, &why);
}

static struct load_config config(uint64_t memory)
{
	return (struct load_config){ .ram = calloc(1, memory),
				     .memory = memory,
				     .platform = BOOT_PROCESS };
}

static void load(struct load_config *cfg, struct loaded *l)
{
	struct failure why;

	memset(cfg->ram, 0, cfg->memory);
	if (load_checked_image(&image, cfg, l, &why))
		fail_msg("%s", why.text);
}

static bool apart(uint64_t a, uint64_t a_len, uint64_t b, uint64_t b_len)
{
	return a + a_len <= b || b + b_len <= a;
}

static void check_places(const struct load_config *cfg, const struct loaded *l)
{
	const struct boot_block *b = l->boot;

	assert_true(l->low >= WINDOW_LOW && l->high <= WINDOW_HIGH && l->low < l->high);
	for (unsigned i = 0; i < l->maps; i++) {
		const struct load_map *m = &l->map[i];

		assert_int_equal((m->va | m->pa | m->len) & (PAGE_SIZE - 1), 0);
		assert_true(m->va > l->low && m->va + m->len < l->high);
		assert_false((m->prot & LOAD_W) && (m->prot & LOAD_X));
		if (m->pa < l->image_pa)
			assert_true(m->pa >= LOAD_RAM_PA &&
				    m->pa + m->len <= LOAD_RAM_PA + cfg->memory);
		else
			assert_true(!(m->prot & LOAD_W) &&
				    m->pa + m->len <= l->image_pa + SAMPLE_LEN);
		// Ascending, and a guard page behind each, but for the library OS's own parts,
		// which are neighbours.
		if (i)
			assert_true(l->map[i - 1].va + l->map[i - 1].len <= m->va);
		assert_true(apart(m->va, m->len, b->stacks_va, b->stacks_len));
		assert_true(apart(m->va, m->len, l->own_va - PAGE_SIZE,
				  cfg->own_va_len ? cfg->own_va_len + 2 * PAGE_SIZE : 0));
	}
	assert_true(b->stacks_len >= 16 * (32 << 10));
}

static const struct load_map *map_of(const struct loaded *l, uint64_t va, uint64_t len)
{
	for (unsigned i = 0; i < l->maps; i++) {
		if (va >= l->map[i].va && va + len <= l->map[i].va + l->map[i].len)
			return &l->map[i];
	}
	fail_msg("%#lx is not mapped", va);
	return NULL;
}

static void every_size_every_time(void **state)
{
	const uint64_t sizes[] = { MIB / 2, MIB,      MIB + 4096, 2 * MIB,  3 * MIB,
				   4 * MIB, 16 * MIB, 64 * MIB,	  512 * MIB };

	for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct load_config cfg = config(sizes[i]);
		struct loaded l;

		cfg.own_va_len = i % 2 ? 5 * PAGE_SIZE : 0;
		cfg.reserve = i % 3 * 16 * PAGE_SIZE;
		for (unsigned n = 0; n < (sizes[i] > 64 * MIB ? 2 : ROUNDS); n++) {
			load(&cfg, &l);
			check_places(&cfg, &l);
			map_of(&l, l.entry, 1);
			assert_int_equal(map_of(&l, l.entry, 1)->prot, LOAD_R | LOAD_X);
			map_of(&l, l.boot_va, l.boot->len);
			map_of(&l, l.boot->area_va, PAGE_SIZE);
			map_of(&l, l.stack_top - LOAD_STACK, LOAD_STACK);
			assert_int_equal(l.boot->ram_len, cfg.memory - cfg.reserve);
			assert_true(l.boot->ram_free_off < l.boot->ram_len);
			assert_int_equal(l.boot->kernel_len, 0x5000);
		}
		free(cfg.ram);
	}
}

static void small_memory_is_one_block(void **state)
{
	struct load_config cfg = config(MIB);
	struct loaded l;

	load(&cfg, &l);
	assert_int_equal(l.high - l.low, 2 * MIB);
	free(cfg.ram);
}

static void addresses_differ_from_start_to_start(void **state)
{
	struct load_config cfg = config(64 * MIB);
	struct loaded a, b;

	load(&cfg, &a);
	load(&cfg, &b);
	assert_true(a.entry != b.entry && a.map[0].va != b.map[0].va);
	assert_memory_not_equal(a.boot->seed, (uint8_t[64]){ 0 }, 64);
	free(cfg.ram);
}

static void data_is_relocated_and_the_rest_is_zero(void **state)
{
	struct load_config cfg = config(MIB);
	struct loaded l;
	uint64_t word;

	load(&cfg, &l);
	memcpy(&word, cfg.ram + SAMPLE_RELOC_WORD, sizeof(word));
	assert_int_equal(word, SAMPLE_RELOC_VALUE + l.boot->kernel_va);
	for (uint64_t at = l.boot->ram_free_off; at < cfg.memory; at++)
		assert_int_equal(cfg.ram[at], 0);
	free(cfg.ram);
}

static const char *boot_string(const struct loaded *l, struct boot_strings list, unsigned n)
{
	const char *p = (const char *)l->boot + list.off;

	assert_true(n < list.count);
	while (n--)
		p += strlen(p) + 1;
	return p;
}

static void strings_of_the_manifest(void **state)
{
	struct load_config cfg = config(MIB);
	struct loaded l;

	load(&cfg, &l);
	assert_int_equal(l.boot->args.count, 2);
	assert_string_equal(boot_string(&l, l.boot->args, 1), "arg");
	assert_int_equal(l.boot->env.count, 2);
	assert_string_equal((char *)l.boot + l.boot->program, "/prog");
	assert_string_equal((char *)l.boot + l.boot->hostname, "sample");
	free(cfg.ram);
}

static void strings_given(void **state)
{
	const char *args[] = { "p", NULL }, *env[] = { "B=three", "AA=x", NULL };
	struct load_config cfg = config(MIB);
	struct loaded l;

	cfg.args = args;
	cfg.env = env;
	cfg.hostname = "h";
	load(&cfg, &l);
	assert_int_equal(l.boot->args.count, 1);
	assert_int_equal(l.boot->env.count, 3);
	assert_string_equal(boot_string(&l, l.boot->env, 0), "A=one");
	assert_string_equal(boot_string(&l, l.boot->env, 1), "B=three");
	assert_string_equal(boot_string(&l, l.boot->env, 2), "AA=x");
	assert_string_equal((char *)l.boot + l.boot->hostname, "h");
	free(cfg.ram);
}

static void rings_lie_apart(void **state)
{
	struct load_net net = { .flags = NET_RX_TSO, .mtu = 1500 };
	const uint64_t sizes[] = { MIB, 4 * MIB, 8 * MIB, 16 * MIB };
	const uint32_t want[] = { 16 << 10, 32 << 10, 64 << 10, 256 << 10 };

	for (unsigned i = 0; i < 4; i++) {
		struct load_config cfg = config(sizes[i]);
		struct loaded l;

		cfg.net = &net;
		load(&cfg, &l);
		assert_int_equal(l.net_rx.size, want[i]);
		assert_int_equal(l.boot->net.tx.va - l.boot->ram_va,
				 (uint64_t)((uint8_t *)l.net_tx.ring - cfg.ram));
		assert_true(apart(l.boot->net.rx.va, ring_bytes(want[i]), l.boot->net.tx.va,
				  ring_bytes(want[i])));
		assert_true(apart(l.boot->con_in.va, ring_bytes(l.con_in.size), l.boot->con_out.va,
				  ring_bytes(l.con_out.size)));
		assert_int_equal((l.boot->net.rx.va | l.boot->net.tx.va | l.boot->con_in.va |
				  l.boot->con_out.va) &
					 63,
				 0);
		free(cfg.ram);
	}
}

// Without the monitor: where things are is given, and nothing else is drawn than what is given.
static struct load_config bare_config(uint64_t memory, const struct load_random *random)
{
	struct load_config cfg = config(memory);

	cfg.image = (struct load_image){ image.map, image.len, &image.header, image.manifest };
	cfg.ram_pa = 0x4600000;
	cfg.image_pa = 0x200000;
	cfg.random = random;
	return cfg;
}

static struct load_random some_numbers(void)
{
	struct load_random r;

	for (unsigned i = 0; i < LOAD_DICE; i++)
		r.dice[i] = 0x9e3779b97f4a7c15 * (i + 1);
	memset(r.seed, 0x5e, sizeof(r.seed));
	return r;
}

static void pas_are_those_given(void **state)
{
	struct load_random random = some_numbers();
	struct load_config cfg = bare_config(4 * MIB, &random);
	struct loaded l;

	assert_int_equal(load_image(&cfg, &l), 0);
	assert_int_equal(l.boot->ram_pa, cfg.ram_pa);
	assert_int_equal(l.boot->image_pa, cfg.image_pa);
	assert_int_equal(l.image_pa, cfg.image_pa);
	assert_int_equal(l.area_pa, cfg.ram_pa + (uint64_t)((uint8_t *)l.area - cfg.ram));
	assert_memory_equal(l.boot->seed, random.seed, sizeof(random.seed));
	for (unsigned i = 0; i < l.maps; i++) {
		const struct load_map *m = &l.map[i];

		if (m->pa >= cfg.ram_pa)
			assert_true(m->pa + m->len <= cfg.ram_pa + cfg.memory);
		else
			assert_true(m->pa >= cfg.image_pa &&
				    m->pa + m->len <= cfg.image_pa + SAMPLE_LEN);
	}
	assert_int_equal(map_of(&l, l.boot->ram_va, l.boot->ram_len)->pa, cfg.ram_pa);
	assert_int_equal(map_of(&l, l.boot->image_va, SAMPLE_LEN)->pa, cfg.image_pa);
	free(cfg.ram);
}

static void same_numbers_same_places(void **state)
{
	struct load_random random = some_numbers();
	struct load_config cfg = bare_config(64 * MIB, &random);
	struct loaded a, b;

	assert_int_equal(load_image(&cfg, &a), 0);
	memset(cfg.ram, 0, cfg.memory);
	assert_int_equal(load_image(&cfg, &b), 0);
	assert_memory_equal(a.map, b.map, sizeof(a.map));
	random.dice[0]++;
	memset(cfg.ram, 0, cfg.memory);
	assert_int_equal(load_image(&cfg, &b), 0);
	assert_memory_not_equal(a.map, b.map, sizeof(a.map));
	free(cfg.ram);
}

static void dirty_ram_is_as_clean_where_it_is_used(void **state)
{
	struct load_random random = some_numbers();
	struct load_config clean = bare_config(MIB, &random), dirty = bare_config(MIB, &random);
	const struct load_net net = { .mtu = 1500 };
	struct loaded a, b;

	clean.net = dirty.net = &net;
	memset(dirty.ram, 0xa5, dirty.memory);
	dirty.flags = BOOT_RAM_DIRTY;
	assert_int_equal(load_image(&clean, &a), 0);
	assert_int_equal(load_image(&dirty, &b), 0);
	assert_int_equal(b.boot->flags, BOOT_RAM_DIRTY);
	b.boot->flags = 0;
	assert_memory_equal(clean.ram, dirty.ram, a.boot->ram_free_off);
	assert_int_equal(dirty.ram[b.boot->ram_free_off], 0xa5);
	free(clean.ram);
	free(dirty.ram);
}

static void says_what_it_needs(void **state)
{
	struct load_random random = some_numbers();
	struct load_config cfg = bare_config(256 << 10, &random);
	struct loaded l;
	uint64_t need;

	assert_int_equal(load_image(&cfg, &l), -ENOMEM);
	need = l.need;
	free(cfg.ram);
	cfg = bare_config(need, &random);
	assert_int_equal(load_image(&cfg, &l), 0);
	cfg.memory -= PAGE_SIZE;
	assert_int_equal(load_image(&cfg, &l), -ENOMEM);
	free(cfg.ram);
}

static void more_memory_than_the_window(void **state)
{
	struct load_random random = some_numbers();
	struct load_config cfg = bare_config(MIB, &random);
	struct loaded l;

	cfg.memory = WINDOW_HIGH - WINDOW_LOW;
	assert_int_equal(load_image(&cfg, &l), -EFBIG);
	free(cfg.ram);
}

static void refused(struct load_config *cfg, int err, const char *words)
{
	struct failure why;
	struct loaded l;

	assert_int_equal(load_checked_image(&image, cfg, &l, &why), err);
	if (!strstr(why.text, words))
		fail_msg("\"%s\" does not say \"%s\"", why.text, words);
	free(cfg->ram);
}

static void too_little_memory(void **state)
{
	struct load_config cfg = config(256 << 10);

	refused(&cfg, -ENOMEM, "too little");
}

static void too_little_besides_the_reserve(void **state)
{
	struct load_config cfg = config(MIB);

	cfg.reserve = 900 << 10;
	refused(&cfg, -ENOMEM, "too little");
}

static void too_many_arguments(void **state)
{
	static char text[3 << 20];
	const char *args[] = { text, NULL };
	struct load_config cfg = config(64 * MIB);

	memset(text, 'x', sizeof(text) - 1);
	cfg.args = args;
	refused(&cfg, -E2BIG, "longer than");
}

static void arguments_larger_than_memory(void **state)
{
	static char text[800 << 10];
	const char *args[] = { text, NULL };
	struct load_config cfg = config(MIB);

	memset(text, 'x', sizeof(text) - 1);
	cfg.args = args;
	refused(&cfg, -ENOMEM, "too little");
}

#define T(f) cmocka_unit_test(f)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(every_size_every_time),
		T(small_memory_is_one_block),
		T(addresses_differ_from_start_to_start),
		T(data_is_relocated_and_the_rest_is_zero),
		T(strings_of_the_manifest),
		T(strings_given),
		T(rings_lie_apart),
		T(pas_are_those_given),
		T(same_numbers_same_places),
		T(dirty_ram_is_as_clean_where_it_is_used),
		T(says_what_it_needs),
		T(more_memory_than_the_window),
		T(too_little_memory),
		T(too_little_besides_the_reserve),
		T(too_many_arguments),
		T(arguments_larger_than_memory),
	};

	return cmocka_run_group_tests_name("load", tests, set_up, NULL);
}
