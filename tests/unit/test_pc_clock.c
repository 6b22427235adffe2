// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The clocks of pc's start-up code: the date, how fast the TSC runs against timers that do or do not run, KVM's factor.
#include <time.h>

#include <drivers/io.h>
#include <platform/pc/pvclock.h>
#include <tests/unit/pc/machine.h>
#include <cmocka.h>

#define TSC_HZ 2000000000ull
#define PM_TIMER 0x608
#define PIT_HZ 1193182ull
#define PM_HZ 3579545ull

static struct {
	uint8_t reg[16], index;
	bool pm, pit; // they run
	uint16_t latched;
	bool second;
	uint64_t pit_start;
} pc;

static bool in(bool port, uint64_t at, unsigned width, uint32_t *v)
{
	if (port && at == 0x71)
		*v = pc.reg[pc.index & 15];
	else if (port && at == PM_TIMER)
		*v = pc.pm ? (uint32_t)((unsigned __int128)(machine_tsc += 1000) * PM_HZ / TSC_HZ) | 0xff000000 : 77;
	else if (port && at == 0x40)
		*v = pc.second ? pc.latched >> 8 : pc.latched & 0xff, pc.second = !pc.second;
	else
		return false;
	return true;
}

static void out(bool port, uint64_t at, unsigned width, uint32_t v)
{
	if (port && at == 0x70)
		pc.index = (uint8_t)v;
	if (port && at == 0x43 && !v) {
		machine_tsc += 1000;
		pc.latched = pc.pit ? (uint16_t)(0xffff - (machine_tsc - pc.pit_start) * PIT_HZ / TSC_HZ) : 5;
		pc.second = false;
	}
	if (port && at == 0x43 && v)
		pc.pit_start = machine_tsc;
}

static int set_up(void **state)
{
	machine_reset();
	memset(&pc, 0, sizeof(pc));
	machine_in = in;
	machine_out = out;
	return 0;
}

static void date(int y, int mon, int d, int h, int min, int s, bool binary)
{
	const int v[] = { s, min, h, d, mon, y };
	static const int reg[] = { 0, 2, 4, 7, 8, 9 };
	struct tm tm = { .tm_year = 100 + y, .tm_mon = mon - 1, .tm_mday = d, .tm_hour = h, .tm_min = min, .tm_sec = s };

	for (int i = 0; i < 6; i++)
		pc.reg[reg[i]] = (uint8_t)(binary ? v[i] : v[i] / 10 << 4 | v[i] % 10);
	pc.reg[11] = binary ? 6 : 2;
	assert_int_equal(rtc_read(), timegm(&tm));
}

static void dates(void **state)
{
	for (int y = 0; y < 100; y++)
		for (int m = 1; m <= 12; m++)
			date(y, m, m == 2 && y % 4 == 0 ? 29 : 28, 23, 59, 59, y & 1);
	date(26, 11, 28, 23, 27, 0, false);
	date(0, 3, 1, 0, 0, 0, false);
}

static void no_date(void **state)
{
	assert_int_equal(rtc_read(), 0); // zeros
	memset(pc.reg, 0xff, sizeof(pc.reg));
	assert_int_equal(rtc_read(), 0); // being changed for ever
	pc.reg[10] = 0;
	assert_int_equal(rtc_read(), 0); // there is no such month
	machine_in = NULL;
	assert_int_equal(rtc_read(), 0); // no clock at all
}

static uint64_t khz(void)
{
	machine.pc.tsc_khz = 0;
	measure_tsc(&machine);
	return machine.pc.tsc_khz;
}

static void near(uint64_t khz)
{
	assert_in_range(khz, TSC_HZ / 1000 - TSC_HZ / 1000 / 500, TSC_HZ / 1000 + TSC_HZ / 1000 / 500);
}

static void measures(void **state)
{
	machine.pm_timer = PM_TIMER;
	pc.pm = true;
	for (int i = 0; i < 50; i++) { // wherever the counter is, over its end too
		machine_tsc += TSC_HZ / 9;
		near(khz());
	}
	machine.pm_timer = 0;
	pc.pit = true;
	near(khz());
	machine.pm_timer = PM_TIMER; // it stands still: the other one
	pc.pm = false;
	near(khz());
}

static void timers_that_stand_still(void **state)
{
	machine.pm_timer = PM_TIMER;
	assert_int_equal(khz(), 0);
	machine_in = NULL; // no such ports: ones
	assert_int_equal(khz(), 0);
}

static uint64_t factor(uint32_t mul, int shift)
{
	struct pvclock p = { .mul = mul, .shift = (int8_t)shift };

	return pvclock_mult(&p);
}

static void kvm_clock(void **state)
{
	assert_int_equal(factor(0x80000000, 0), 0x80000000); // 2 GHz
	assert_int_equal(factor(0x80000000, 1), 0x100000000);
	assert_int_equal(factor(0x80000000, -1), 0x40000000);
	assert_int_equal(factor(UINT32_MAX, 31), (uint64_t)UINT32_MAX << 31);
	assert_int_equal(factor(0, 3), 0);
	assert_int_equal(factor(1, -31), 0);
	assert_int_equal(factor(UINT32_MAX, 32), 0);
	assert_int_equal(factor(UINT32_MAX, -32), 0);
	assert_int_equal(factor(UINT32_MAX, -128), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(dates, set_up),
		cmocka_unit_test_setup(no_date, set_up),
		cmocka_unit_test_setup(measures, set_up),
		cmocka_unit_test_setup(timers_that_stand_still, set_up),
		cmocka_unit_test(kvm_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
