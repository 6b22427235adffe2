# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""Redis's own test suite against Redis in an instance: the units that need no server started by the suite itself. They fork: for
saving, for rewriting the log, and for every replica."""

import os
import re
import subprocess

import pytest

import pithrun
import real

# unit -> tests that are left out, and why. The unit type/list is left out as a whole: it expects that what two connections send is served
# in the order in which it was sent, without waiting for the first; a network between does not promise that.
UNITS = {
    "protocol": [], "keyspace": [], "type/string": [], "type/incr": [], "type/set": [], "type/stream-cgroups": [],
    "expire": [], "multi": [], "pubsub": [], "scripting": [], "functions": [], "bitops": [], "tracking": [], "other": [],
    # It takes a port of this machine and expects that the server then cannot have it; the server has a machine of its own.
    "introspection": ["CONFIG SET rollback on apply error"],
}


@pytest.fixture(scope="session")
def suite(work):
    real.program("tclsh8.6", "tcl")
    folder = work / "redis-suite"
    done = subprocess.run([pithrun.ROOT / "scripts/fetch-redis-tests", folder], capture_output=True, text=True, timeout=300)
    if done.returncode:
        pytest.skip(f"Redis's source package cannot be had: {done.stderr.strip()}")
    (folder / "src").mkdir()
    for name in ("redis-cli", "redis-benchmark", "redis-server"):
        os.symlink(real.program(name, "redis-tools"), folder / "src" / name)
    return folder


def test_suite(serve, images, suite):
    image = images.build("redis-suite", "-m", "512M", real.program("redis-server"), "--", "--save", "", "--protected-mode", "no",
                         "--enable-debug-command", "yes", "--enable-module-command", "yes", "--enable-protected-configs", "yes")
    server = serve(image, ports=(6379,)).says("Ready to accept")
    skipped = [word for tests in UNITS.values() for test in tests for word in ("--skiptest", test)]
    done = real.run("./runtest", "--host", "127.0.0.1", "--port", server.port(), "--clients", "1", "--tags", "-slow", *skipped,
                    *(word for unit in UNITS for word in ("--single", f"unit/{unit}")), cwd=suite, timeout=300, status=None)
    assert done.returncode == 0, done.stdout[-3000:] + server.log()[-1000:]
    assert len(re.findall(r"\[(?:\x1b\[[0-9;]*m)?ok", done.stdout)) > 800  # in colours or not, as TERM says
