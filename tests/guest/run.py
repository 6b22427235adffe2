#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
#
# Runs the conformance set. A program's own output on this machine's Linux is what is expected; the
# same binary built into an image must then print the same bytes and end with the same status on
# every platform asked for. The model: Test (a source file and its metadata) x libc (a binary) x
# platform -> Result (passed, failed or skipped, why).

import argparse
import collections
import concurrent.futures
import difflib
import glob
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

HERE = os.path.dirname(os.path.abspath(__file__))
PLATFORMS = ("linux", "kvm", "process", "qemu:microvm", "qemu:q35", "qemu:pc", "qemu:microvm,accel=kvm", "qemu:q35,accel=kvm")
LIBCS = ("glibc", "musl")
KEYS = ("STATUS", "ARGS", "ENV", "LIBC", "LINK", "STDIN", "STDERR", "NET", "ERROR", "SKIP", "ROOT",
        "NOVOLUME")
TIMEOUT = 20
TIMEOUT_QEMU = 60  # without /dev/kvm QEMU translates
PATH = "/usr/bin:/bin"
NO_FILES = b"can have no volumes"

Outcome = collections.namedtuple("Outcome", "status stdout stderr")
Result = collections.namedtuple("Result", "test libc platform verdict why")


class Test:
    def __init__(self, source):
        self.name, self.suffix = os.path.splitext(os.path.basename(source))
        self.area = self.name.split("_")[0]
        self.meta = {}
        self.env = {"PATH": PATH}
        with open(source, encoding="utf-8") as file:
            for line in file:
                if not line.startswith("//"):
                    break
                found = re.match(r"// ([A-Z]+): (.*)$", line)
                if not found:
                    continue
                key, value = found.groups()
                if key not in KEYS:
                    sys.exit(f"{source}: unknown metadata {key}; known: {', '.join(KEYS)}")
                if key == "ENV":
                    name, _, value = value.partition("=")
                    self.env[name] = value
                else:
                    self.meta[key] = value.strip()
        self.status = int(self.meta.get("STATUS", "0"))
        self.args = self.meta.get("ARGS", "").split()
        self.stdin = self.meta.get("STDIN", "").encode().decode("unicode_escape").encode("latin-1")
        self.compare_stderr = self.meta.get("STDERR", "ignore") == "compare"
        self.error = self.meta.get("ERROR") == "yes"
        self.net = self.meta.get("NET", "no")
        self.root = self.meta.get("ROOT") == "yes"
        where, _, self.skip_reason = self.meta.get("SKIP", "").partition(": ")
        self.skip_on = where.split()
        default = "glibc" if self.suffix == ".cc" else "glibc,musl"
        self.libcs = [libc.strip() for libc in self.meta.get("LIBC", default).split(",")]


def load_tests(pattern):
    sources = sorted(glob.glob(os.path.join(HERE, "*_*.c")) + glob.glob(os.path.join(HERE,
                                                                                     "*_*.cc")))
    return [test for test in map(Test, sources) if not pattern or re.search(pattern, test.name)]


def run_command(argv, stdin, env, cwd, timeout=TIMEOUT):
    """Runs in a process group of its own, killed whole on timeout. Returns the outcome and the pid."""
    child = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, env=env, cwd=cwd,
                             start_new_session=True)
    try:
        out, err = child.communicate(stdin, timeout=timeout)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        out, err = child.communicate()
        return Outcome("timeout", out, err), child.pid
    status = child.returncode if child.returncode >= 0 else 128 - child.returncode
    return Outcome(status, out, err), child.pid


def run_linux(test, binary):
    with tempfile.TemporaryDirectory(prefix="guest-") as cwd:
        outcome, pid = run_command([binary, *test.args], test.stdin, test.env, cwd)
    for left in glob.glob(f"/tmp/t.{pid}.*"):
        shutil.rmtree(left, ignore_errors=True)
    return outcome


def build_image(test, binary, pith, env, folder):
    """The image that runs on every platform. Gives (path, why not)."""
    image = os.path.join(folder, "tmp.pith")
    build = [pith, "build", "-o", image]
    for name, value in test.env.items():
        build += ["--env", f"{name}={value}"]
    built, _ = run_command([*build, binary, "--", *test.args], b"", env, folder, 120)
    if built.status != 0:
        return None, f"build ended with {built.status}: {last_line(built.stderr)}"
    return image, None


def run_pith(test, image, platform, pith, env, volume):
    with tempfile.TemporaryDirectory(prefix="guest-") as cwd:
        run = [pith, "run", "--on", platform, "--net", "none"]
        if volume:
            os.mkdir(tmp := os.path.join(cwd, "tmp"))
            os.chmod(tmp, 0o1777)
            run += ["-v", f"{tmp}:/tmp"]
        timeout = TIMEOUT_QEMU if platform.startswith("qemu") else TIMEOUT
        outcome, _ = run_command([*run, image], test.stdin, env, cwd, timeout)
        if volume and NO_FILES in outcome.stderr:
            return None, "skipped"
        return outcome, None


def last_line(text):
    lines = text.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "(nothing on stderr)"


def compare(expected, got, compare_stderr):
    """Why they differ, in a few lines; empty if they do not."""
    why = []
    if got.status != expected.status:
        why.append(f"status {got.status}, expected {expected.status}")
    streams = [("stdout", expected.stdout, got.stdout)]
    if compare_stderr:
        streams.append(("stderr", expected.stderr, got.stderr))
    for name, want, have in streams:
        if want == have:
            continue
        lines = list(difflib.unified_diff(want.decode("utf-8", "replace").splitlines(),
                                          have.decode("utf-8", "replace").splitlines(), "linux", name, lineterm="", n=1))
        why += lines[2:10] or [f"{name} differs in the last line's end"]
    if why and not compare_stderr and got.stderr:
        why.append("stderr: " + last_line(got.stderr))
    return "\n".join(why)


def can_bind(family, address):
    try:
        with socket.socket(family, socket.SOCK_STREAM) as sock:
            sock.bind((address, 0))
        return True
    except OSError:
        return False


def missing_network():
    """Why tests of each NET kind cannot run here: without Linux there is nothing to compare with."""
    missing = {}
    if not can_bind(socket.AF_INET, "127.0.0.1"):
        missing["yes"] = missing["inet6"] = "this machine has no 127.0.0.1"
    elif not can_bind(socket.AF_INET6, "::1"):
        missing["inet6"] = "this machine has no ::1"
    return missing


def missing_platform(platform):
    if platform.startswith("qemu") and not shutil.which("qemu-system-x86_64"):
        return "there is no qemu-system-x86_64 (Debian: qemu-system-x86)"
    if not platform.endswith("kvm"):
        return None
    try:
        os.close(os.open("/dev/kvm", os.O_RDWR | os.O_CLOEXEC))
    except OSError as error:
        return f"/dev/kvm: {error.strerror}"
    return None


class Runner:
    def __init__(self, options):
        self.options = options
        self.no_net = missing_network()
        self.no_platform = {platform: missing_platform(platform) for platform in options.on}
        self.pith_env = {key: os.environ[key] for key in ("PATH", "HOME", "XDG_RUNTIME_DIR",
                                                          "PITH_LIBDIR")
                         if key in os.environ}
        self.stop = False

    def run_one(self, test, libc):
        """All platforms of one binary, Linux first."""
        binary = os.path.join(self.options.dir, f"{test.name}.{libc}")

        def same(verdict, why):
            return [Result(test, libc, platform, verdict, why) for platform in self.options.on]

        if self.stop:
            return same("skipped", "stopped at the first failure")
        if not os.path.exists(binary):
            return same("failed", f"{binary} is not built (make guest-tests)")
        if test.net in self.no_net:
            return same("skipped", self.no_net[test.net])
        if test.root and os.geteuid():
            return same("skipped", "Linux is to be asked as root")
        expected = run_linux(test, binary)
        if expected.status != test.status:
            why = f"on Linux: status {expected.status}, STATUS says {test.status}\n" + "\n".join(
                expected.stdout.decode("utf-8", "replace").splitlines()[-3:])
            return same("failed", why)
        with tempfile.TemporaryDirectory(prefix="guest-") as folder:
            return self.run_platforms(test, libc, binary, expected, folder)

    def run_platforms(self, test, libc, binary, expected, folder):
        results, image, why_not = [], None, None
        for platform in self.options.on:
            if platform == "linux":
                results.append(Result(test, libc, platform, "passed", ""))
            elif {platform, platform.partition(":")[0]} & set(test.skip_on):
                results.append(Result(test, libc, platform, "skipped", test.skip_reason))
            elif self.options.volume and "NOVOLUME" in test.meta:
                results.append(Result(test, libc, platform, "skipped", test.meta["NOVOLUME"]))
            elif self.no_platform[platform]:
                results.append(Result(test, libc, platform, "skipped", self.no_platform[platform]))
            else:
                if not image and not why_not:
                    image, why_not = build_image(test, binary, self.options.pith, self.pith_env, folder)
                got, why = None, why_not
                if image:
                    got, why = run_pith(test, image, platform, self.options.pith, self.pith_env,
                                        self.options.volume)
                if why == "skipped":
                    results.append(Result(test, libc, platform, "skipped", "it can have no volumes"))
                    continue
                why = why or compare(expected, got, test.compare_stderr)
                # On a busy machine Linux itself may have run threads in a rare order: what it prints
                # in one of three more runs is right, too.
                for _ in range(3 if why and got else 0):
                    if not compare(run_linux(test, binary), got, test.compare_stderr):
                        why = ""
                        break
                results.append(Result(test, libc, platform, "failed" if why else "passed", why))
        return results

    def run_all(self, tests):
        """Yields results as they come."""
        jobs = [(test, libc) for test in tests for libc in test.libcs if libc in self.options.libc]
        with concurrent.futures.ThreadPoolExecutor(self.options.jobs) as pool:
            pending = [pool.submit(self.run_one, *job) for job in jobs]
            for done in concurrent.futures.as_completed(pending):
                for result in done.result():
                    if result.verdict == "failed" and not self.options.keep_going:
                        self.stop = True
                    yield result


def print_list(tests):
    areas = collections.Counter(test.area for test in tests)
    errors = collections.Counter(test.area for test in tests if test.error)
    for test in tests:
        print(f"{test.area:8} {'error' if test.error else '-':6} {test.name} ({', '.join(test.libcs)})")
    print(f"\n{'area':8} {'tests':>6} {'error cases':>12}")
    for area in sorted(areas):
        print(f"{area:8} {areas[area]:6} {errors[area]:12}")
    print(f"{'all':8} {len(tests):6} {sum(errors.values()):12}")
    print(f"{sum(len(test.libcs) for test in tests)} binaries")


def write_junit(path, results):
    suite = ET.Element("testsuite", name="guest", tests=str(len(results)),
                       failures=str(sum(r.verdict == "failed" for r in results)),
                       skipped=str(sum(r.verdict == "skipped" for r in results)))
    for result in results:
        case = ET.SubElement(suite, "testcase", classname=f"guest.{result.platform}",
                             name=f"{result.test.name}.{result.libc}")
        if result.verdict != "passed":
            ET.SubElement(case, "failure" if result.verdict == "failed" else "skipped",
                          message=result.why.splitlines()[0])
    ET.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)


def print_summary(results, platforms):
    print(f"\n{'platform':9} {'passed':>7} {'failed':>7} {'skipped':>8}")
    for platform in platforms:
        mine = [result for result in results if result.platform == platform]
        count = collections.Counter(result.verdict for result in mine)
        reasons = collections.Counter(result.why for result in mine if result.verdict == "skipped")
        why = "; ".join(f"{n}: {reason}" for reason, n in reasons.items())
        print(f"{platform:9} {count['passed']:7} {count['failed']:7} {count['skipped']:8}  {why}".rstrip())


def tell(result):
    if result.verdict != "failed":
        return
    first, *rest = result.why.splitlines()
    print(f"FAILED {result.platform} {result.test.name}.{result.libc}: {first}", flush=True)
    for line in rest:
        print(f"    {line}", flush=True)


def run_once_more(runner, results):
    """What failed, again and alone: a machine with much else to do makes threads wait longer than a test allows for. What passes
    then is told as unsteady, so that nobody overlooks it."""
    failed = list(dict.fromkeys((r.test, r.libc) for r in results if r.verdict == "failed"))
    kept = [r for r in results if (r.test, r.libc) not in failed]
    for test, libc in failed:
        again = runner.run_one(test, libc)
        kept += again
        for result in again:
            tell(result)
        if not any(r.verdict == "failed" for r in again):
            print(f"UNSTEADY {test.name}.{libc}: passed when it ran once more, alone", flush=True)
    return kept


def parse_options():
    parser = argparse.ArgumentParser(description="Runs the conformance set on Linux and as unikernels.")
    parser.add_argument("dir", nargs="?", metavar="DIR",
                        help="the binaries' directory, e.g. build/tests/guest")
    parser.add_argument("--on", action="append", choices=PLATFORMS,
                        help="platform; may be repeated (default: linux)")
    parser.add_argument("--pith", default="pith", help="the pith command (default: pith)")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count() or 1,
                        help="run N at a time")
    parser.add_argument("-k", "--pattern",
                        help="only tests whose name matches this regular expression")
    parser.add_argument("--libc", action="append", choices=LIBCS,
                        help="only this libc; may be repeated")
    parser.add_argument("--keep-going", action="store_true",
                        help="do not stop at the first failure")
    parser.add_argument("--volume", action="store_true",
                        help="/tmp is a directory of this machine: what is tested is volumes")
    parser.add_argument("--once-more", action="store_true",
                        help="run what failed once more, alone; only what fails again counts")
    parser.add_argument("--list", action="store_true",
                        help="print the tests and counts, run nothing")
    parser.add_argument("--junit", metavar="FILE", help="write results as JUnit XML")
    options = parser.parse_args()
    options.on = options.on or ["linux"]
    options.libc = options.libc or list(LIBCS)
    if not options.list and not options.dir:
        parser.error("the directory of the binaries is missing")
    if options.dir:
        options.dir = os.path.abspath(options.dir)
    if set(options.on) != {"linux"} and not options.list:
        found = shutil.which(options.pith)
        if not found:
            parser.error(f"{options.pith}: no such command; give it with --pith PATH")
        options.pith = os.path.abspath(found)
    return options


def main():
    options = parse_options()
    tests = load_tests(options.pattern)
    if not tests:
        sys.exit("no test matches")
    if options.list:
        return print_list(tests)
    runner = Runner(options)
    results = []
    for result in runner.run_all(tests):
        results.append(result)
        tell(result)
    if options.once_more:
        results = run_once_more(runner, results)
    print_summary(results, options.on)
    if options.junit:
        write_junit(options.junit, results)
    if not results or any(result.verdict == "failed" for result in results):
        sys.exit(1)


if __name__ == "__main__":
    main()
