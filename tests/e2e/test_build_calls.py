# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""No call may be missed: every system call that strace sees a program make on Linux must be in the image that is built of it.

PITH_GUEST_TESTS is the folder with the conformance set's programs (build/tests/guest). By default some of each area are looked at;
PITH_ALL_CALLS=1 looks at all of them, which takes minutes."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PITH = os.environ.get("PITH", str(ROOT / "build/pith"))
GUEST = Path(os.environ.get("PITH_GUEST_TESTS", str(Path(PITH).parent / "tests/guest")))
EACH = 0 if os.environ.get("PITH_ALL_CALLS") else 1  # about so many tests of an area; 0: all

sys.path.insert(0, str(ROOT / "tests/guest"))
import run as guest  # noqa: E402

pytestmark = [
    pytest.mark.skipif(not os.access(PITH, os.X_OK), reason=f"{PITH} is missing: make builds it"),
    pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed"),
    pytest.mark.skipif(not GUEST.is_dir(), reason=f"{GUEST} is missing: make guest-tests builds it"),
]

# What starts the program, and what the kernel makes by itself.
NOT_THE_PROGRAM = {"execve", "restart_syscall"}
# The test of numbers that do not exist.
NO_CALL = re.compile(r"syscall_0x")


def chosen():
    areas = {}
    for test in guest.load_tests(None):
        areas.setdefault(test.area, []).append(test)
    for tests in areas.values():
        step = max(1, len(tests) // EACH) if EACH else 1
        for test in tests[::step]:
            for libc in test.libcs:
                yield pytest.param(test, libc, id=f"{test.name}.{libc}")


def calls_made(test, binary, folder):
    log = folder / "strace"
    # Under strace a few tests end in other ways than they should; what they did until then counts.
    guest.run_command(["strace", "-f", "-qq", "-o", str(log), binary, *test.args], test.stdin, test.env, str(folder), 10)
    found = set(re.findall(r"^\d+\s+(?:<\.\.\. )?(\w+)(?:\(| resumed)", log.read_text(errors="replace"), re.MULTILINE))
    assert "exit_group" in found or len(found) > 3
    return {name for name in found - NOT_THE_PROGRAM if not NO_CALL.match(name)}


@pytest.mark.parametrize("test, libc", chosen())
@pytest.mark.parametrize("stripped", [False, True], ids=["", "stripped"])
def test_every_call_that_is_made_was_found(tmp_path, test, libc, stripped):
    binary = GUEST / f"{test.name}.{libc}"
    if not binary.exists():
        pytest.skip(f"{binary} is not built")
    program = tmp_path / "program"
    subprocess.run(["strip", *(["-g"] if not stripped else []), "-o", program, binary], check=True)
    done = subprocess.run([PITH, "build", "--json", "-o", tmp_path / "image", program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    missed = calls_made(test, str(program), tmp_path) - set(report["calls"]) - set(report["missing"])
    assert not missed or report["all_calls"], f"not found: {sorted(missed)}"
    # The other way to miss nothing is to link everything: that must stay the exception.
    assert not report["all_calls"] or stripped
