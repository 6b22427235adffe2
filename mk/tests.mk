# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
#
# Unit tests: tests/unit/<name>.c with the sources that UNIT_<name>_SRCS in tests/unit/*.mk names, under ASan and UBSan.
# Fuzzers: tests/fuzz/<name>.c with FUZZ_<name>_SRCS, clang's libFuzzer. Guest tests: tests/guest/guest.mk.

-include $(wildcard tests/unit/*.mk tests/fuzz/*.mk tests/guest/*.mk tests/nucleus/*.mk)
UNITS = $(patsubst tests/unit/%.c,%,$(sort $(wildcard tests/unit/*.c)))
UNIT_FLAGS = -std=gnu11 -O1 -g $(WARN) -D_GNU_SOURCE -Iinclude -I. -fsanitize=address,undefined -fno-sanitize-recover=all

.SECONDEXPANSION:
$(O)/unit/%: tests/unit/%.c $$(UNIT_$$*_SRCS)
	@mkdir -p $(@D)
	$(call say,UNIT,$*)
	$(Q)$(CC) $(UNIT_FLAGS) $(UNIT_$*_FLAGS) -MM -MP -MT $@ $(filter %.c,$^) >$@.d
	$(Q)$(CC) $(UNIT_FLAGS) $(UNIT_$*_FLAGS) -o $@ $(filter %.c,$^) -lcmocka $(UNIT_$*_LIBS)
units: $(UNITS:%=$(O)/unit/%)
	$(Q)for t in $(UNITS); do $(O)/unit/$$t || exit 1; done

FUZZERS = $(patsubst tests/fuzz/%.c,%,$(sort $(wildcard tests/fuzz/*.c)))
FUZZ_FLAGS = -std=gnu11 -O1 -g -D_GNU_SOURCE -Iinclude -I. -fsanitize=fuzzer,address,undefined
$(O)/fuzz/%: tests/fuzz/%.c $$(FUZZ_$$*_SRCS)
	@mkdir -p $(@D)
	$(call say,FUZZ,$*)
	$(Q)clang $(FUZZ_FLAGS) $(FUZZ_$*_FLAGS) -MM -MP -MT $@ $(filter %.c,$^) >$@.d
	$(Q)clang $(FUZZ_FLAGS) $(FUZZ_$*_FLAGS) \
		-o $@ $(filter %.c,$^) $(FUZZ_$*_LIBS)
fuzzers: $(FUZZERS:%=$(O)/fuzz/%)

# A short run of each: the seeds, then new inputs for a moment, the same ones each time, so that a check of the same source says
# the same. Others: make fuzz-check FUZZ_SEED=0 (any); longer: build/fuzz/NAME -max_total_time=600 FOLDER tests/fuzz/seeds/NAME (new ones go to FOLDER)
FUZZ_RUNS ?= 20000
FUZZ_SEED ?= 1
fuzz-check: $(FUZZERS:%=$(O)/fuzz/%)
	$(Q)for f in $(FUZZERS); do mkdir -p $(O)/fuzz/work/$$f && \
		$(O)/fuzz/$$f -runs=$(FUZZ_RUNS) -seed=$(FUZZ_SEED) -max_total_time=20 -verbosity=0 -print_final_stats=0 \
			-artifact_prefix=$(O)/fuzz/work/$$f- $(O)/fuzz/work/$$f $$(ls -d tests/fuzz/seeds/$$f 2>/dev/null) \
			>$(O)/fuzz/$$f.log 2>&1 || { cat $(O)/fuzz/$$f.log; exit 1; }; echo "  $$f: no finding"; done

-include $(UNITS:%=$(O)/unit/%.d) $(FUZZERS:%=$(O)/fuzz/%.d)
.PHONY: units fuzzers fuzz-check
