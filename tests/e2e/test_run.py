# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""`pith run` in the foreground, as a Unix user expects a program: streams, status, signals, terminals, memory; on each platform."""

import fcntl
import os
import pty
import random
import re
import signal
import struct
import subprocess
import termios
import zlib

import pytest
from pithrun import CRASHED, FAILED, PITH, WAIT, alive, children, mounts_of_its_own, read_until, until


# Output, arguments, environment


def test_output_and_errors(pith, on, tool):
    done = pith.run(on, tool, "print", "to out\n", "to err\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, "to out\n", "to err\n")


def test_statuses(pith, on, tool):
    for status in (0, 1, 2, 42, 124, 125, 126, 127, 128, 129, 137, 200, 254):
        assert pith.run(on, tool, "exit", status).returncode == status
    assert pith.run(on, tool, "exit", 255).returncode == 255


def test_arguments_replace_those_of_the_image(pith, on, images):
    image = images.build("listing", "-e", "A=image", "-e", "B=image", images.program("tool"), "--", "list", "one", "two words")
    assert pith.run(on, image).stdout == "[one]\n[two words]\n"
    odd = ["", "-d", "--", "--help", "\xe4\n\t'\"", "x" * (3000 if on.startswith("qemu") else 20000)]
    done = pith.run(on, image, "list", *odd)
    assert done.stdout == "".join(f"[{a}]\n" for a in odd)


def test_no_arguments_behind_the_dashes(pith, on, images):
    image = images.build("listing", images.program("tool"), "--", "list", "one")
    done = pith("run", "--on", on, image, "--")
    assert done.returncode == 98 and done.stderr == "no such verb\n"


def test_environment(pith, on, images):
    image = images.build("env", "-e", "A=image", "-e", "B=image", images.program("tool"), "--", "env")
    lines = pith.run(on, image, options=("-e", "B=run", "--env", "C=x=y", "-e", "EMPTY=")).stdout.split("\n")
    assert {"[A=image]", "[B=run]", "[C=x=y]", "[EMPTY=]"} <= set(lines)
    assert "[B=image]" not in lines
    assert not any("XDG_RUNTIME_DIR" in line for line in lines), "nothing of the host's environment gets in"


@pytest.mark.parametrize("options, says", [
    (["-e", "novalue"], "novalue"), (["-e", "=x"], "sets no variable"), (["--on", "xen"], "no platform"),
    (["-m", "lots"], "no size"), (["-m", "-1"], "no size"), (["--net", "no.pe"], "no network"),
    (["--net", "tap:"], "no network"), (["-p", "0:80"], "port"), (["-p", "80"], "port"), (["-p", "1:2:3:4"], "port"),
    (["-p", "70000:80"], "port"), (["-p", "80:80/sctp"], "port"), (["--name", "../x"], "no name"),
    (["--name", ""], "no name"), (["--name", "n" * 64], "no name"), (["--frobnicate"], "wrong options"),
])
def test_wrong_options(pith, hello, options, says):
    pith.refused("run", *options, hello, says=says)


def test_wrong_words(pith, hello):
    pith.refused("run", says="no image is given")
    pith.refused("run", "--", hello, says="no image is given")
    pith.refused("run", hello, "stray", says="behind --")
    pith.refused("frobnicate", says="no command")
    done = pith()
    assert done.returncode == FAILED and done.stdout == "" and "Usage" in done.stderr


def test_long_arguments(pith, on, tool):
    if on.startswith("qemu"):
        pytest.skip("a command line has 4095 bytes")
    words = ["x" * 100_000] * 12
    assert pith.run(on, tool, "list", *words).stdout == "".join(f"[{w}]\n" for w in words)
    done = pith.run(on, tool, "list", *words, options=("-m", "1M"))
    assert done.returncode and not done.stdout and "pith: " in done.stderr


def test_help_and_version(pith):
    for words in (["--help"], ["help"], ["run", "--help"], ["ps", "-h"], ["logs", "--help"], ["inspect", "--help"],
                  ["stop", "--help"], ["kill", "--help"], ["rm", "--help"], ["build", "--help"]):
        done = pith(*words)
        assert done.returncode == 0 and done.stdout.startswith("Usage: pith") and done.stderr == "", words
    assert pith("--version").stdout.startswith("pith ")


def test_help_on_a_full_disk(pith):
    with open("/dev/full", "w") as full:
        done = subprocess.run([PITH, "--help"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=WAIT)
    assert done.returncode == FAILED and "No space left" in done.stderr


# How it ends


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV, signal.SIGABRT, signal.SIGPIPE,
                                    signal.SIGUSR1, signal.SIGALRM])
def test_signals_to_itself(pith, on, tool, number):
    done = pith.run(on, tool, "kill", int(number))
    assert done.returncode == 128 + number and done.stdout == ""


def test_report_of_a_fault(pith, on, tool):
    done = pith.run(on, tool, "fault", "0x18")
    assert done.returncode == 128 + signal.SIGSEGV
    assert re.search(r"^pith: tool .*SIGSEGV at address 0x18$", done.stderr, re.M)
    assert re.search(r"in 0x[0-9a-f]+ write_to_nowhere\+0x", done.stderr)
    assert re.search(r"at 0x[0-9a-f]+ do_fault\+0x", done.stderr)
    assert re.search(r"at 0x[0-9a-f]+ main\+0x", done.stderr)
    for register in ("rip", "rsp", "rax", "r15"):
        assert re.search(rf"\b{register} +[0-9a-f]{{16}}", done.stderr)


@pytest.mark.parametrize("words, number, says", [
    (("fault", "0x7fffffffffff"), signal.SIGSEGV, "SIGSEGV"), (("fault", "0xdead000000000000"), signal.SIGSEGV, "SIGSEGV"),
    (("fault", "0xffffffffff600000"), signal.SIGSEGV, "SIGSEGV"), (("divide",), signal.SIGFPE, "SIGFPE"),
])
def test_other_faults(pith, on, tool, words, number, says):
    done = pith.run(on, tool, *words)
    assert done.returncode == 128 + number and says in done.stderr and done.stdout == ""


def test_absent_system_call(pith, on, tool):
    done = pith.run(on, tool, "absent")
    assert done.stdout == "-1 38\n"
    assert re.search(r"^pith: system call kexec_load \(246\) at \S+ is not there: ENOSYS$", done.stderr, re.M)
    assert len(re.findall(r"^pith: asked for and not there: kexec_load \(\S+\)$", done.stderr, re.M)) == 1
    assert "asked for" not in pith.run(on, tool, "exit", 0).stderr


def test_call_that_was_not_found(pith, images, on):
    """A number out of memory, at a place that a constant explains: the call is left out, and the instance says how to add it."""
    program = images.program("hidden_call")
    done = pith.run(on, images.build("hidden_call", program), 102)
    assert done.returncode == 38, done.stderr  # ENOSYS
    assert "getuid (102)" in done.stderr and "--call getuid" in done.stderr
    added = pith.run(on, images.build("added_call", "--call", "getuid", program), 102)
    assert added.returncode == 0 and not added.stderr


def test_trace(pith, on, tool):
    done = pith.run(on, tool, "print", "x", "", options=("--trace",))
    assert (done.returncode, done.stdout) == (0, "x")
    lines = [line for line in done.stderr.splitlines() if line.startswith("pith: ")]
    assert any(re.fullmatch(r"pith: write(v?)\(1, .*\) = 1", line) for line in lines)
    assert lines[-1] == "pith: exit_group(0) = ?"


def test_trace_in_the_format_of_strace(pith, on, images):
    """A dynamic program: flags, strings, structures and errors have their names, and threads their numbers."""
    image = images.build("cat", "/bin/cat")
    done = pith.run(on, image, "/etc/hosts", "/not/there", options=("--trace",))
    lines = [line.removeprefix("pith: ") for line in done.stderr.splitlines()]
    assert done.returncode == 1
    assert any(re.fullmatch(r'openat\(AT_FDCWD, "/etc/hosts", O_RDONLY\) = (\d+)', line) for line in lines)
    assert 'openat(AT_FDCWD, "/not/there", O_RDONLY) = -1 ENOENT' in lines
    assert any(re.fullmatch(r"mmap\(NULL, \d+, PROT_READ\|PROT_WRITE, MAP_PRIVATE\|MAP_ANONYMOUS, -1, 0\) = 0x[0-9a-f]+", line)
               for line in lines)
    assert any(re.search(r'^newfstatat\(\d+, "", \{st_mode=S_IFREG\|0[0-7]{3}, st_size=\d+, \.\.\.\}, AT_EMPTY_PATH\) = 0$', line)
               for line in lines)
    assert any(line.startswith('read(3, "\\177ELF\\2\\1\\1') and '"..., 832) = 832' in line for line in lines)
    assert any(re.fullmatch(r'write\(1, "127\.0\.0\.1.*"(\.\.\.)?, \d+\) = \d+', line) for line in lines)
    assert lines[-1] == "exit_group(1) = ?"


# Standard input


def test_input_from_a_pipe(pith, on, tool):
    assert pith.run(on, tool, "cat", input="some\0bytes\n").stdout == "some\0bytes\n"
    assert pith.run(on, tool, "cat", input="").stdout == ""


def test_input_from_a_file(pith, on, tool, tmp_path):
    data = random.Random(2).randbytes(300_001)
    (tmp_path / "in").write_bytes(data)
    with open(tmp_path / "in", "rb") as f:
        assert pith.run(on, tool, "cat", stdin=f, text=False).stdout == data


def test_closed_streams(pith, on, tool):
    done = subprocess.run(["sh", "-c", 'exec "$@" <&-', "sh", PITH, "run", "--on", on, tool, "--", "sum"], env=pith.env,
                          capture_output=True, text=True, timeout=WAIT)
    assert done.returncode == 0 and done.stdout.startswith("0 00000000 ")
    for closing in (">&-", "2>&-", "<&- >&- 2>&-"):
        done = subprocess.run(["sh", "-c", f'exec "$@" {closing}', "sh", PITH, "run", "--on", on, tool, "--", "exit", "9"],
                              env=pith.env, timeout=WAIT)
        assert done.returncode == 9, closing
    assert pith.names() == []


def test_much_input(pith, on, tool):
    data = random.Random(3).randbytes(10_000_000)
    done = pith.run(on, tool, "sum", input=data, text=False)
    assert done.stdout.decode() == f"10000000 {zlib.crc32(data):08x} 0\n"


def test_much_both_ways(pith, on, tool):
    data = random.Random(4).randbytes(10_000_000)
    done = pith.run(on, tool, "cat", input=data, text=False)
    assert done.returncode == 0 and len(done.stdout) == len(data) and zlib.crc32(done.stdout) == zlib.crc32(data)


def test_input_that_comes_in_pieces(pith, on, tool):
    process = pith.start(on, tool, "cat")
    for piece in (b"one", b"two", b"three"):
        process.stdin.write(piece)
        assert read_until(process.stdout, piece) == piece
    process.stdin.close()
    assert process.wait(WAIT) == 0


def test_output_that_nobody_reads_yet(pith, on, tool):
    process = pith.start(on, tool, "fill", 4 << 20)
    read_until(process.stdout, b"x" * 1000)
    got = process.stdout.read(1)
    while part := os.read(process.stdout.fileno(), 1 << 20):
        got += part
    assert process.wait(WAIT) == 0 and set(got) == {ord("x")}


# Output that has gone away


def head(pith, on, tool, how):
    process = pith.start(on, tool, "lines", how)
    assert read_until(process.stdout, b"\n").startswith(b"line 0\n")
    process.stdout.close()
    return process.wait(WAIT), process.stderr.read().decode()


def test_reader_that_leaves(pith, on, tool):
    status, said = head(pith, on, tool, "default")
    assert status in (128 + signal.SIGPIPE, -signal.SIGPIPE)
    assert pith.names() == []


def test_reader_that_leaves_a_program_without_sigpipe(pith, on, tool):
    status, said = head(pith, on, tool, "ignore")
    assert (status, said) == (3, "write: Broken pipe\n")


def test_full_disk_of_the_output(pith, on, tool):
    with open("/dev/full", "w") as full:
        process = pith.start(on, tool, "fill", 100_000, stdout=full)
        assert process.wait(WAIT) == 28


# Terminals and signals


class Terminal:
    """A session with a terminal of its own and an instance in it."""

    def __init__(self, pith, on, image, *words, rows=41, columns=101):
        pid, self.fd = pty.fork()
        if not pid:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
                os.execve(PITH, [PITH, "run", "--on", on, str(image), "--", *words], pith.env)
            finally:
                os._exit(97)
        self.pid, self.status = pid, None

    def expect(self, text):
        return read_until(self, text)

    def fileno(self):
        return self.fd

    def type(self, data):
        os.write(self.fd, data)

    def resize(self, rows, columns):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def hang_up(self):
        os.close(self.fd)
        self.fd = -1

    def wait(self):
        until(self.ended, "the end of a program on a terminal")
        return self.status

    def ended(self):
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status is not None

    def end(self):
        if self.status is None and not self.ended():
            os.kill(self.pid, signal.SIGKILL)
            self.wait()
        if self.fd >= 0:
            os.close(self.fd)


@pytest.fixture
def terminal(pith, on, tool):
    started = []

    def start(*words, **more):
        started.append(Terminal(pith, on, tool, *words, **more))
        return started[-1]

    yield start
    for each in started:
        each.end()


def test_is_a_terminal(terminal):
    t = terminal("tty", rows=33, columns=77)
    assert b"1 1 1 33 x 77\r\n" in t.expect(b"\n")
    assert t.wait() == 0


def test_is_no_terminal(pith, on, tool):
    assert pith.run(on, tool, "tty").stdout == "0 0 0\n"


def test_line_of_a_terminal_and_end_of_file(terminal):
    t = terminal("cat")
    t.type(b"a line\n")
    assert t.expect(b"a line\r\na line\r\n")
    t.type(b"\x04")
    assert t.wait() == 0


def test_ctrl_c_goes_to_the_handler(terminal):
    t = terminal("trap")
    t.expect(b"ready")
    t.type(b"\x03")
    t.expect(b"got 2\r\n")
    t.type(b"\x1c")
    t.expect(b"got 3\r\n")
    assert not t.ended()


def test_ctrl_c_ends_a_program_without_handler(terminal):
    t = terminal("wait")
    t.expect(b"ready")
    t.type(b"\x03")
    assert t.wait() == 128 + signal.SIGINT


@pytest.mark.parametrize("verb", ["ignore", "spin"])
def test_twice_ctrl_c_ends_it(terminal, pith, verb):
    t = terminal(verb)
    t.expect(b"ready")
    t.type(b"\x03\x03")
    while not t.ended():
        try:
            t.type(b"\x03")
        except OSError:
            break
        try:
            until(t.ended, "the end", 0.2)
        except AssertionError:
            continue
    assert t.wait() == 128 + signal.SIGINT
    assert pith.names() == []


def test_window_that_changes(terminal):
    t = terminal("trap")
    t.expect(b"ready")
    t.resize(20, 60)
    t.expect(b"got 28: 20 x 60\r\n")


def test_terminal_that_goes_away(terminal):
    t = terminal("wait")
    t.expect(b"ready")
    t.hang_up()
    assert t.wait() == 128 + signal.SIGHUP


def test_terminal_is_left_as_it_was(terminal, pith):
    t = terminal("wait")
    before = termios.tcgetattr(t.fd)
    t.expect(b"ready")
    t.type(b"\x03")
    t.wait()
    assert termios.tcgetattr(t.fd) == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2])
def test_signals_go_to_the_handler(pith, on, tool, number):
    process = pith.start(on, tool, "trap")
    read_until(process.stdout, b"ready")
    process.send_signal(number)
    read_until(process.stdout, b"got %d\n" % number)
    process.send_signal(signal.SIGTERM)
    assert process.wait(WAIT) == 7


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1])
@pytest.mark.parametrize("verb", ["wait", "spin"])
def test_signals_end_a_program_without_handler(pith, on, tool, number, verb):
    process = pith.start(on, tool, verb)
    read_until(process.stdout, b"ready")
    process.send_signal(number)
    assert process.wait(WAIT) == 128 + number
    assert pith.names() == []


def test_stopped_and_continued(pith, on, tool):
    process = pith.start(on, tool, "cat")
    process.stdin.write(b"x")
    read_until(process.stdout, b"x")
    process.send_signal(signal.SIGSTOP)
    process.stdin.write(b"y")
    process.send_signal(signal.SIGCONT)
    read_until(process.stdout, b"y")
    process.stdin.close()
    assert process.wait(WAIT) == 0


def test_killed_monitor_leaves_no_process(pith, on, tool):
    process = pith.start(on, tool, "spin")
    read_until(process.stdout, b"ready")
    pids = children(process.pid)
    process.kill()
    process.wait(WAIT)
    until(lambda: not any(alive(pid) for pid in pids), "the end of the guest after the monitor's")


# Memory


def test_hello_in_a_megabyte(pith, on, hello):
    done = pith.run(on, hello, options=("--memory", "1M"))
    assert (done.returncode, done.stdout) == (0, "Hello from Pith\n"), done.stderr


@pytest.mark.parametrize("size", ["4K", "64K", "1", "300K"])
def test_too_little_memory(pith, on, hello, size):
    pith.refused("run", "--on", on, "-m", size, hello, says=("too little", "KiB"))


@pytest.mark.parametrize("size", ["100000G", "16000000000G"])
def test_too_much_memory(pith, on, hello, size):
    pith.refused("run", "--on", on, "-m", size, hello)


def test_image_that_does_not_fit(pith, on, images, tmp_path):
    source = tmp_path / "large.c"
    source.write_text('char data[8 << 20] = { 1 };\nint main(void) { return data[5]; }\n')
    subprocess.run(["musl-gcc", "-static", "-o", tmp_path / "large", source], check=True)
    image = images.build("large", tmp_path / "large")
    assert pith.run(on, image, options=("-m", "1M")).returncode in (0, FAILED, CRASHED, 137, 139)


@pytest.mark.parametrize("size", ["2M", "16M", "64M"])
def test_out_of_memory_is_told(pith, on, tool, size):
    done = pith.run(on, tool, "eat", options=("-m", size))
    if done.returncode:
        assert done.returncode == 128 + signal.SIGKILL
        assert re.search(r"out of memory .*--memory", done.stderr)
    else:
        assert int(re.fullmatch(r"Out of memory after (\d+) KiB\n", done.stdout)[1]) < int(size[:-1]) * 1024


def test_overcommitted_memory_ends(pith, on, tool):
    done = pith.run(on, tool, "touch", 64, options=("-m", "16M"))
    assert done.stdout == "mmap: Out of memory\n" or (done.returncode > 125 and "memory" in done.stderr)


# Where it cannot run


def test_no_dev_kvm(pith, hello, on):
    if on != "kvm" or not mounts_of_its_own():
        pytest.skip("hiding /dev/kvm takes a mount namespace and /dev/kvm")
    hidden = ["unshare", "-m", "sh", "-c", 'mount --bind /dev/null /dev/kvm && exec "$@"', "sh", PITH, "run"]
    done = subprocess.run([*hidden, "--on", "kvm", hello], env=pith.env, capture_output=True, text=True, timeout=WAIT)
    assert done.returncode == FAILED and "/dev/kvm" in done.stderr and "--on process" in done.stderr and not done.stdout
    done = subprocess.run([*hidden, hello], env=pith.env, capture_output=True, text=True, timeout=WAIT)
    assert (done.returncode, done.stdout) == (0, "Hello from Pith\n")
    assert "process" in done.stderr, "the fall-back is told"
    assert pith.names() == []
