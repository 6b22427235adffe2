# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""What the benchmarks share: where programs are, images, network namespaces, tables.

PITH is the command to measure (build/pith); the appliances stand beside it in apps/. Every benchmark takes turns: each round runs
every competitor once, so that what slows the machine down for a while slows all of them. Figures are medians over the rounds."""

import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PITH = Path(os.environ.get("PITH", ROOT / "build/pith")).resolve()
APPS = PITH.parent / "apps"
HERE = Path(__file__).resolve().parent


def fail(text):
    sys.exit(f"{Path(sys.argv[0]).name}: {text}")


def need(*tools):
    """Paths of tools; ends with how to get what is missing."""
    for tool in tools:
        if not (os.access(tool, os.X_OK) if "/" in str(tool) else shutil.which(tool)):
            fail(f"{tool} is missing: scripts/setup bench && make")


def run(*argv, **more):
    done = subprocess.run([str(a) for a in argv], capture_output=True, text=True, **more)
    if done.returncode:
        fail(f"{' '.join(map(str, argv))}: status {done.returncode}: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def compile_c(source, output, *flags, compiler="gcc"):
    run(compiler, "-O2", "-Wall", "-o", output, HERE / source, *flags)
    return output


def build(output, program, *options, args=()):
    """An image; gives the report."""
    return json.loads(run(PITH, "build", "--json", "-o", output, *options, program, "--", *args))


def platforms():
    """Those that work here; says which does not."""
    if kvm_works():
        return ["kvm", "process"]
    print("kvm is left out: /dev/kvm cannot be opened", file=sys.stderr)
    return ["process"]


def kvm_works():
    return os.access("/dev/kvm", os.R_OK | os.W_OK)


def machines():
    """Platforms on QEMU that work here."""
    if not shutil.which("qemu-system-x86_64"):
        print("qemu is left out: there is no qemu-system-x86_64", file=sys.stderr)
        return []
    accels = ["tcg", "kvm"] if kvm_works() else ["tcg"]
    return [f"qemu:{machine},accel={accel}" for accel in accels for machine in ("microvm", "q35")]


def folder():
    return tempfile.TemporaryDirectory(prefix="pith-bench-")


def progress(text):
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{text}")
        sys.stderr.flush()


def done():
    progress("")


def median(values):
    values = [v for v in values if v is not None]
    return statistics.median(values) if values else None


def host():
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    return f"{model}, {os.cpu_count()} CPUs, Linux {os.uname().release}"


def cell(value):
    if value is None:
        return "-"
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value)
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def table(title, head, rows):
    """Columns as wide as their widest cell; the first one to the left, the others to the right."""
    rows = [[cell(c) for c in row] for row in rows]
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    print(f"\n{title}\n")
    for row in [head, ["-" * w for w in widths], *rows]:
        print("  ".join(c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths))))
    sys.stdout.flush()


def ratio(value, base):
    return None if value is None or not base else value / base


def end(process, sig=signal.SIGTERM):
    """Ends a process that we started, whatever it does."""
    if process.poll() is None:
        process.send_signal(sig)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return process.returncode


def first(argv, answers, seconds=30, then=None):
    """ms from the start of argv until answers() is true; None: it ended, or never was. then(pid): while it still runs."""
    started = time.monotonic()
    process = subprocess.Popen([str(a) for a in argv], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               close_fds=False, start_new_session=True)
    try:
        while not answers():
            if process.poll() is not None or time.monotonic() - started > seconds:
                return None
            time.sleep(0.0002)
        took = (time.monotonic() - started) * 1000
        if then:
            then(process.pid)
        return took
    finally:
        end(process, signal.SIGTERM if then else signal.SIGKILL)


def family(pid):
    """The process and all that came of it: pid -> name."""
    found = {pid: Path(f"/proc/{pid}/comm").read_text().strip()}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        found.update(family(int(child)))
    return found


def pss(pid):
    """KiB that a process has for itself, and its share of what it has with others."""
    line = next(text for text in open(f"/proc/{pid}/smaps_rollup") if text.startswith("Pss:"))
    return int(line.split()[1])


class Instance:
    """A detached instance with a name of its own."""
    count = 0

    def __init__(self, image, platform, *options, args=(), near=None):
        """In the namespace `near` of a Network, where there is one."""
        Instance.count += 1
        self.name = f"bench-{os.getpid()}-{Instance.count}"
        argv = [PITH, "run", "-d", "--name", self.name, "--on", platform, *options, image, *(["--", *args] if args else [])]
        run(*(near.in_near(*argv) if near else argv))

    def inspect(self):
        return json.loads(run(PITH, "inspect", "--json", self.name))

    def logs(self):
        return subprocess.run([PITH, "logs", self.name], capture_output=True, text=True).stdout

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for command in (["stop"], ["rm"]):
            subprocess.run([PITH, *command, self.name], capture_output=True)


class Network:
    """Two network namespaces: in `near` are the load generator and the instances' taps, in `far` the Linux servers; a veth pair
    joins them. All of it goes away with the object."""

    def __init__(self):
        if os.geteuid():
            fail("network namespaces and taps need root")
        tag = f"{os.getpid() % 100000}"
        self.near, self.far = f"pithn{tag}", f"pithf{tag}"
        self.tap = f"pt{tag}"
        self.linux_addr, self.pith_addr = "10.98.0.2", "10.99.0.2"
        self.made = []

    def __enter__(self):
        try:
            for name in (self.near, self.far):
                run("ip", "netns", "add", name)
                self.made.append(name)
                run("ip", "-n", name, "link", "set", "lo", "up")
            run("ip", "-n", self.near, "link", "add", "veth0", "type", "veth", "peer", "name", "veth0", "netns", self.far)
            for name, address in ((self.near, "10.98.0.1/24"), (self.far, "10.98.0.2/24")):
                run("ip", "-n", name, "addr", "add", address, "dev", "veth0")
                run("ip", "-n", name, "link", "set", "veth0", "up")
            run("ip", "-n", self.near, "tuntap", "add", self.tap, "mode", "tap")
            run("ip", "-n", self.near, "addr", "add", "10.99.0.1/24", "dev", self.tap)
            run("ip", "-n", self.near, "link", "set", self.tap, "up")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for name in reversed(self.made):
            subprocess.run(["ip", "netns", "del", name], capture_output=True)

    def in_near(self, *argv):
        return ["ip", "netns", "exec", self.near, *map(str, argv)]

    def in_far(self, *argv):
        return ["ip", "netns", "exec", self.far, *map(str, argv)]

    def net_option(self):
        return f"tap:{self.tap},ip={self.pith_addr}/24,gw=10.99.0.1"


class Server:
    """A server as a child process: killed as it is left. Output goes to a file, shown if it does not come up."""

    def __init__(self, argv, log, ready, what, seconds=10):
        self.log = open(log, "w+")
        self.what = what
        self.process = subprocess.Popen([str(a) for a in argv], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
                                        start_new_session=True)
        deadline = time.monotonic() + seconds
        try:
            while not ready():
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.log.seek(0)
                    fail(f"{what} does not answer: {self.log.read().strip() or 'it said nothing'}")
                time.sleep(0.05)
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        end(self.process)
        self.log.close()


def tcp_ready(net, address, port):
    """Does something accept connections there, seen from `near`?"""
    probe = f"import socket; socket.create_connection(('{address}', {port}), 1)"
    return lambda: subprocess.run(net.in_near(sys.executable, "-c", probe), capture_output=True).returncode == 0


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]
