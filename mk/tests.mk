# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
#
# Unit tests: tests/unit/<name>.c with the sources that UNIT_<name>_SRCS in tests/unit/*.mk names, under ASan and UBSan.
# Fuzzers: tests/fuzz/<name>.c with FUZZ_<name>_SRCS, clang's libFuzzer. Guest tests: tests/guest/guest.mk.

-include $(wildcard tests/unit/*.mk tests/fuzz/*.mk tests/guest/*.mk)
UNITS = $(patsubst tests/unit/%.c,%,$(sort $(wildcard tests/unit/*.c)))
UNIT_FLAGS = -std=gnu11 -O1 -g $(WARN) -D_GNU_SOURCE -Iinclude -I. -fsanitize=address,undefined -fno-sanitize-recover=all

.SECONDEXPANSION:
$(O)/unit/%: tests/unit/%.c $$(UNIT_$$*_SRCS)
	@mkdir -p $(@D)
	$(call say,UNIT,$*)
	$(Q)$(CC) $(UNIT_FLAGS) $(UNIT_$*_FLAGS) -o $@ $(filter %.c,$^) -lcmocka $(UNIT_$*_LIBS)
units: $(UNITS:%=$(O)/unit/%)
	$(Q)for t in $(UNITS); do $(O)/unit/$$t || exit 1; done

FUZZERS = $(patsubst tests/fuzz/%.c,%,$(sort $(wildcard tests/fuzz/*.c)))
$(O)/fuzz/%: tests/fuzz/%.c $$(FUZZ_$$*_SRCS)
	@mkdir -p $(@D)
	$(call say,FUZZ,$*)
	$(Q)clang -std=gnu11 -O1 -g -D_GNU_SOURCE -Iinclude -I. -fsanitize=fuzzer,address,undefined $(FUZZ_$*_FLAGS) \
		-o $@ $(filter %.c,$^) $(FUZZ_$*_LIBS)
fuzzers: $(FUZZERS:%=$(O)/fuzz/%)

.PHONY: units fuzzers
