# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""What a running monitor can still do: nothing but what its instance needs. A debugger makes calls in its name."""

import ctypes
import os
import platform
import signal
import struct
from pathlib import Path

import pytest
from pithrun import CRASHED, ROOT, children, free_port, until


@pytest.fixture(params=["none", "user"])
def net(request):
    return request.param


@pytest.fixture
def running(pith, on, net, tool, images):
    """The processes of a running instance."""
    if net == "user":
        image, options = images.app("web", "-f", f"{ROOT}/apps/web/site:/www"), ("-p", f"127.0.0.1:{free_port()}:80")
        shown = pith.detach(on, image, options=("--name", "x", *options))
    else:
        shown = pith.detach(on, tool, "wait", options=("--name", "x", "--net", "none"))
    until(lambda: (pith.inspect("x").get("statistics") or {}).get("syscalls", 0) > 3, "the program")
    pids = [shown["pid"], *children(shown["pid"])]
    assert len(pids) == (1 if on == "kvm" else 2)
    return pids


def status_of(pid):
    return dict(line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line)


def test_locked_in(running):
    for pid in running:
        status = status_of(pid)
        assert status["Seccomp"] == "2"
        assert status["NoNewPrivs"] == "1"
        for caps in ("CapEff", "CapPrm", "CapInh", "CapAmb"):
            assert int(status[caps], 16) == 0, caps
        limits = Path(f"/proc/{pid}/limits").read_text()
        assert "Max core file size        0 " in limits


def test_one_thread_each(running, on):
    if on.startswith("qemu"):
        pytest.skip("QEMU has threads")
    for pid in running:
        names = [(t / "comm").read_text() for t in Path(f"/proc/{pid}/task").iterdir()]
        # Linux adds one of its own to every process that has a virtual machine.
        assert len([n for n in names if not n.startswith("kvm-")]) == 1, names


def test_few_descriptors(running, on, net):
    """None of a file of the user's but the image; none twice as many as needed."""
    for pid in running:
        links = [os.readlink(f"/proc/{pid}/fd/{n}") for n in os.listdir(f"/proc/{pid}/fd")]
        assert len(links) <= 24, links
        for link in links:
            assert not link.startswith(("/etc", "/home", "/root", "/usr")), links


# A debugger's view


class Registers(ctypes.Structure):
    """struct user_regs_struct (Linux: arch/x86/include/asm/user_64.h)."""
    _fields_ = [(name, ctypes.c_ulong) for name in (
        "r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax rip cs eflags rsp ss fs_base gs_base ds es fs gs").split()]


SINGLESTEP, GETREGS, SETREGS, ATTACH = 9, 12, 13, 16  # sys/ptrace.h


def ptrace(request, pid, data=0, at=0):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    libc.ptrace.restype = ctypes.c_long
    if libc.ptrace(request, pid, at, data) < 0:
        raise OSError(ctypes.get_errno(), "ptrace")


def make_call(pid, number, args):
    """Lets a process make a system call at once, by the instruction in front of where it sleeps. Gives how it ended: a signal's
    number, or None if the call returned."""
    try:
        ptrace(ATTACH, pid)
    except OSError as e:
        pytest.skip(f"this machine allows no debugger: {e}")
    os.waitpid(pid, 0)
    regs = Registers()
    ptrace(GETREGS, pid, ctypes.addressof(regs))
    with open(f"/proc/{pid}/mem", "rb") as mem:
        mem.seek(regs.rip - 2)
        assert mem.read(2) == b"\x0f\x05", "it does not sleep in a system call"
    regs.rip -= 2
    regs.rax, regs.orig_rax = number, 2 ** 64 - 1
    for name, value in zip(("rdi", "rsi", "rdx", "r10", "r8"), args):
        setattr(regs, name, value)
    ptrace(SETREGS, pid, ctypes.addressof(regs))
    start = regs.rip
    while regs.rip == start:  # a signal may come first
        ptrace(SINGLESTEP, pid)
        _, how = os.waitpid(pid, 0)
        if os.WIFSIGNALED(how):
            return os.WTERMSIG(how)
        ptrace(GETREGS, pid, ctypes.addressof(regs))
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return None


FORBIDDEN = {"execve": (59, (0, 0, 0)), "fork": (57, ()), "ptrace": (101, (0, 0, 0, 0)), "mount": (165, (0, 0, 0, 0, 0)),
             "open": (2, (0, 0)), "kill of init": (62, (1, 0)), "executable memory": (9, (0, 4096, 7, 0x22, 2 ** 64 - 1)),
             "another ioctl": (16, (0, 0x5412, 0)), "setuid": (105, (0,)), "unshare": (272, (0x10000000,)),
             "no such call": (1000, ())}


@pytest.mark.skipif(platform.machine() != "x86_64", reason="registers of x86-64")
@pytest.mark.parametrize("what", FORBIDDEN)
def test_forbidden_call_ends_the_monitor(pith, running, what):
    assert make_call(running[0], *FORBIDDEN[what]) == signal.SIGSYS
    until(lambda: pith.look("x")["state"] == "dead", "its death")


@pytest.mark.parametrize("net", ["none"], indirect=True)
def test_sockets_only_with_a_network(pith, running):
    assert make_call(running[0], 41, (2, 1, 0)) == signal.SIGSYS


def test_allowed_call_does_not_end_it(running):
    """The way of asking is right: a call that is on the list returns."""
    assert make_call(running[0], 228, (1, 0)) is None


# The program of the platform process is at the library OS's privilege: what it can reach through the gate is the sandbox's matter.


@pytest.fixture
def escape(images):
    return images.build("escape", "--call", "getppid", images.program("escape"))


@pytest.mark.parametrize("number", [2, 41, 57, 59, 101, 257, 39, 62, 1000])
def test_jump_into_the_gate(pith, escape, number):
    done = pith.run("process", escape, number)
    assert done.stdout == "found the gate\n", done.stdout + done.stderr
    assert done.returncode == CRASHED and "sandbox forbids" in done.stderr


@pytest.mark.parametrize("fd", [3, 9, 100])
def test_descriptors_behind_the_gate(pith, escape, fd):
    """read(), from what is not the instance's."""
    done = pith.run("process", escape, 0, fd)
    assert done.returncode == CRASHED and "sandbox forbids" in done.stderr


def test_what_the_gate_is_for(pith, escape):
    """write(1, NULL, 0): so the way to the gate is right, and the others die of what they ask."""
    done = pith.run("process", escape, 1, 1)
    assert done.returncode == 0 and done.stdout == "found the gate\nthe host answered 0\n"


def test_other_ways_into_the_host(pith, on, images):
    """syscall and int $0x80 from anywhere are the program's own calls, which the library OS serves."""
    done = pith.run(on, images.build("raw", images.program("raw")))
    assert done.returncode == 0, done.stderr
    assert done.stdout == "getpid from the stack's page: denied\nsyscall 9999: -38\nkeyctl: -38\n"
