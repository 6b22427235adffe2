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


def test_proc_net(pith, on, python):
    """Interfaces, what crossed them, and whose sockets are open."""
    program = r"""
import os, socket
def read(path):
    with open(path) as f:
        return f.read()
def counts(name):
    line = [l for l in read("/proc/net/dev").splitlines() if l.strip().startswith(name + ":")][0]
    return [int(n) for n in line.split(":")[1].split()]
def sys_counts(name):
    return [int(read(f"/sys/class/net/{name}/statistics/{c}")) for c in
            ("rx_bytes", "rx_packets", "rx_dropped", "tx_bytes", "tx_packets")]
assert os.listdir("/sys/class/net") == ["lo"], os.listdir("/sys/class/net")
assert not os.path.exists("/sys/class/net/eth0") and not os.path.exists("/sys/class/net/lo/speed")
before = counts("lo")
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(("127.0.0.1", 0))
for i in range(5):
    u.sendto(b"x" * 1000, u.getsockname()); u.recv(2000)
after = counts("lo")
assert len(after) == 16 and after[:2] == after[8:10]
assert after[0] - before[0] == 5 * 1028 and after[1] - before[1] == 5, (before, after)
assert sys_counts("lo") == [after[0], after[1], 0, after[0], after[1]]
lo = {n: read("/sys/class/net/lo/" + n).strip() for n in ("mtu", "flags", "ifindex", "operstate", "type", "address")}
assert lo == {"mtu": "65536", "flags": "0x9", "ifindex": "1", "operstate": "unknown", "type": "772",
              "address": "00:00:00:00:00:00"}, lo
assert read("/sys/class/net/lo/uevent") == "INTERFACE=lo\nIFINDEX=1\n"
s = socket.socket(socket.AF_UNIX); s.bind("/tmp/named"); s.listen()
d = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); d.bind("\0abs\0x")
a, b = socket.socketpair()
rows = {int(l.split()[6]): l.split() for l in read("/proc/net/unix").splitlines()[1:]}
ino = lambda x: os.fstat(x.fileno()).st_ino
assert rows[ino(s)][3:6] == ["00010000", "0001", "01"] and rows[ino(s)][7] == "/tmp/named"
assert rows[ino(d)][3:6] == ["00000000", "0002", "01"] and rows[ino(d)][7] == "@abs@x"
assert rows[ino(a)][5] == "03" and len(rows[ino(b)]) == 7
gone = ino(b); b.close(); a.close()
assert not [l for l in read("/proc/net/unix").splitlines()[1:] if int(l.split()[6]) == gone]
assert str(ino(u)) in [l.split()[9] for l in read("/proc/net/udp").splitlines()[1:]]
for wrong in "/sys/class/net/eth1", "/sys/class/net/lo/none", "/proc/net/none":
    assert not os.path.exists(wrong)
try:
    with open("/sys/class/net/lo/mtu", "w") as f:
        f.write("1500")
    assert False
except OSError:
    pass
print("whole")
"""
    done = pith.run(on, python, "-c", program, options=("--net", "none"))
    assert (done.stdout, done.returncode) == ("whole\n", 0), done.stderr
