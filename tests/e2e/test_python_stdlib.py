# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""The test modules of Python's own standard library, in an instance: what Debian's unmodified python3 says of the system calls that it
makes. Cases that cannot pass are in python_skips.txt, each with its reason; Python itself skips what is for other systems."""

import os
import re
from pathlib import Path

import pytest

PYTHON = Path("/usr/bin/python3.11")
LIBRARY = Path("/usr/lib/python3.11")
MODULES = ["epoll", "fcntl", "mmap", "os", "poll", "posix", "resource", "select", "selectors", "signal", "socket", "thread",
           "threading", "time"]
LONGEST = 400  # seconds; test_socket takes one minute, most modules less than ten seconds

pytestmark = pytest.mark.skipif(not (LIBRARY / "test/test_os.py").exists() or not PYTHON.exists(),
                                reason="libpython3.11-testsuite is missing: scripts/setup test")


def skips(on=None):
    """{test: reason} from python_skips.txt: a reason is a line that begins with #, the tests below it are skipped for it, those with
    a platform behind them only there. Without a platform: all."""
    found, reason = {}, None
    for line in (Path(__file__).parent / "python_skips.txt").read_text().splitlines():
        if line.startswith("# "):
            reason = line[2:]
        elif line:
            test, _, platform = line.partition(" ")
            if on in (None, platform) or not platform:
                found[test] = reason
    return found


@pytest.fixture(scope="module")
def python(images):
    libraries = [w for module in sorted(LIBRARY.glob("lib-dynload/*.so")) for w in ("--lib", str(module))]
    given = {"/bin/dash": "/bin/sh", **{f: f for f in ("/usr/bin/sleep", "/etc/services", "/etc/protocols", str(LIBRARY))}}
    files = [w for host, guest in given.items() for w in ("-f", f"{host}:{guest}")]
    return images.build("python", "-m", "1G", "-e", "PATH=/usr/bin:/bin", "-e", "HOME=/root", *files, *libraries, str(PYTHON))


def test_skips_are_tests(pith, python):
    """Every case of the list exists, so that the list says nothing that is no longer so."""
    listed = pith.run("process", python, "-m", "test", "--list-cases", *(f"test_{m}" for m in MODULES), timeout=LONGEST).stdout.split()
    assert not set(skips()) - set(listed)
    assert all(skips().values())


@pytest.mark.parametrize("module", MODULES)
def test_module(pith, on, python, module):
    ignored = [w for test in skips(on) if test.startswith(f"test.test_{module}.") for w in ("-i", test)]
    done = pith.run(on, python, "-m", "test", "-v", *ignored, f"test_{module}", timeout=LONGEST)
    failed = re.findall(r"^(?:ERROR|FAIL): .*", done.stdout + done.stderr, re.M)
    assert not failed and done.returncode == 0, "\n".join(failed) + done.stdout[-2000:] + done.stderr[-2000:]
    assert len(re.findall(r"\.\.\. ok$", done.stdout + done.stderr, re.M)) >= 5


def test_proc(pith, on, python):
    """What larger programs look for in /proc and /sys, and what can be written there."""
    program = r"""
import os, re, threading
def read(path):
    with open(path) as f:
        return f.read()
def write(path, text):
    with open(path, "w") as f:
        f.write(text)
def refused(path, text):
    try:
        write(path, text)
    except OSError:
        return True
write("/proc/self/comm", "renamed\n"); assert read("/proc/self/comm") == "renamed\n"
write("/proc/self/oom_score_adj", "500"); assert read("/proc/self/oom_score_adj") == "500\n"
assert refused("/proc/self/oom_score_adj", "1001") and refused("/proc/self/oom_score_adj", "x")
assert refused("/proc/version", "x") and refused("/proc/self/maps", "x")
assert re.search(r"libc\.so\.6$", read("/proc/self/maps"), re.M) and "[stack]" in read("/proc/self/maps")
assert re.search(r"^CapEff:\t000001ffffffffff$", read("/proc/self/status"), re.M)
f = os.open("/etc/hosts", os.O_RDONLY); os.read(f, 3)
info = dict(l.split(":\t") for l in read(f"/proc/self/fdinfo/{f}").splitlines())
assert info["pos"] == "3" and int(info["flags"], 8) & 3 == os.O_RDONLY
assert str(f) in os.listdir("/proc/self/fdinfo") and not os.path.exists("/proc/self/fdinfo/999")
assert re.search(r"^Max open files +1024 +1048576 +files", read("/proc/self/limits"), re.M)
import socket
s = socket.create_server(("127.0.0.1", 4711))
assert re.search(r"^ +0: 0100007F:1267 00000000:0000 0A ", read("/proc/net/tcp"), re.M)
assert "0100007F" not in read("/proc/net/tcp6") and "lo:" in read("/proc/net/dev")
assert read("/proc/net/if_inet6").split()[0] == "0" * 31 + "1"
assert read("/sys/devices/system/node/node0/cpulist") == "0\n" and not os.path.exists("/sys/devices/system/node/node1")
assert os.listdir("/sys/fs/cgroup") == [] and not os.path.exists("/proc/cgroups")
for base, folders, files in os.walk("/proc/sys"):
    for name in files:
        assert read(os.path.join(base, name)), name
for folder in "/proc", "/proc/self", "/proc/self/net", "/sys/devices/system/cpu":
    assert len(os.listdir(folder)) == len(set(os.listdir(folder)))
    for name in os.listdir(folder):
        os.lstat(os.path.join(folder, name))
print("whole")
"""
    done = pith.run(on, python, "-c", program)
    assert (done.stdout, done.returncode) == ("whole\n", 0), done.stderr
