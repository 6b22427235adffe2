# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""Detached instances from `run -d` to `rm`: ps, logs, inspect, stop, kill; and what goes wrong with them."""

import os
import re
import time
import signal
import socket
import subprocess

import pytest
from pithrun import FAILED, PITH, ROOT, WAIT, alive, children, free_port, opened, read_until, until


def ended(pith, name):
    """Waits for the end; gives what ps says."""
    return until(lambda: (i := pith.look(name)) and i["state"] != "running" and i, f"the end of {name}")


def said(pith, name, text):
    until(lambda: text in pith.log(name), f"{text!r} in the log")


@pytest.fixture
def web(images):
    return images.app("web", "-f", f"{ROOT}/apps/web/site:/www")


@pytest.fixture
def trap(pith, on, tool):
    """A running instance that tells of signals."""
    pith.detach(on, tool, "trap", options=("--name", "trap"))
    said(pith, "trap", "ready")
    return "trap"


def test_a_whole_life(pith, on, tool):
    assert pith.list() == [] and pith("ps").stdout == ""
    shown = pith.detach(on, tool, "trap", options=("--name", "one"))
    assert shown["name"] == "one" and shown["platform"] == on.partition(":")[0] and shown["detached"] is True
    assert alive(shown["pid"])
    (row,) = pith.list()
    assert row["state"] == "running" and row["pid"] == shown["pid"]
    assert re.search(rf"^one +running +{on.partition(':')[0]} ", pith("ps").stdout, re.M)
    said(pith, "one", "ready\n")
    assert pith("stop", "one").returncode == 0
    assert (pith.look("one")["state"], pith.look("one")["status"]) == ("exited", 7)
    assert re.search(r"^one +exited \(7\)", pith("ps").stdout, re.M)
    assert pith.log("one") == "ready\ngot 15\n"
    assert not alive(shown["pid"])
    assert pith("rm", "one").returncode == 0
    assert pith.names() == []


def test_prints_its_name_and_makes_one_up(pith, on, tool):
    done = pith.run(on, tool, "wait", options=("-d",))
    name = done.stdout.strip()
    assert done.returncode == 0 and done.stderr == "" and re.fullmatch(r"[a-z]+-[a-z]+\S*", name)
    assert pith.look(name)["state"] == "running"


def test_short_life_is_kept(pith, on, tool):
    pith.detach(on, tool, "exit", 33, options=("--name", "short"))
    assert ended(pith, "short")["status"] == 33


def test_rm_option_keeps_nothing(pith, on, tool):
    pith.run(on, tool, "exit", 3, options=("-d", "--rm", "--name", "gone"))
    until(lambda: pith.names() == [], "nothing left")
    assert pith.run(on, tool, "exit", 3, options=("--rm", "--name", "gone")).returncode == 3
    assert pith.names() == []


def test_foreground_with_a_name_is_kept(pith, on, tool):
    assert pith.run(on, tool, "exit", 4, options=("--name", "kept")).returncode == 4
    assert pith.look("kept")["status"] == 4
    assert "has no log" in pith.refused("logs", "kept")


def test_crash_is_told(pith, on, tool):
    pith.detach(on, tool, "fault", "8", options=("--name", "crash"))
    assert ended(pith, "crash")["status"] == 128 + signal.SIGSEGV
    assert "SIGSEGV at address 0x8" in pith.log("crash")


def test_logs_follow(pith, on, trap):
    process = subprocess.Popen([PITH, "logs", "-f", trap], env=pith.env, stdout=subprocess.PIPE, bufsize=0)
    pith.started.append(process)
    read_until(process.stdout, b"ready\n")
    assert pith("kill", "-s", "USR1", trap).returncode == 0
    read_until(process.stdout, b"got 10\n")
    assert process.poll() is None
    pith("stop", trap)
    assert read_until(process.stdout, b"got 15\n")
    assert process.wait(20) == 0


def test_inspect_a_running_one(pith, on, trap):
    o = pith.inspect(trap)
    assert o["state"] == "running" and o["platform"] == on.partition(":")[0] and o["host_pss"] > 0
    s = o["statistics"]
    assert s["syscalls"] > 0 and s["threads"] == 1 and 0 < s["memory_used"] <= s["memory_limit"]
    assert on.startswith("qemu") or s["crossings"]["wait"] > 0
    text = pith("inspect", trap).stdout
    assert "crossings" in text and text.startswith("trap: running\n")


def test_an_idle_one_sleeps(pith, on, trap):
    """It is not woken by ticks; what is left is its own timers."""
    if on.startswith("qemu"):
        pytest.skip("crossings are not known")
    before = pith.inspect(trap)["statistics"]
    time.sleep(1)
    after = pith.inspect(trap)["statistics"]
    seconds = (after["uptime_ns"] - before["uptime_ns"]) / 1e9
    assert after["crossings"]["wait"] - before["crossings"]["wait"] < 20 * seconds


def test_inspect_an_ended_one(pith, on, tool):
    pith.run(on, tool, "exit", 5, options=("--name", "five"))
    o = pith.inspect("five")
    assert (o["state"], o["status"]) == ("exited", 5) and "statistics" not in o


def test_inspect_an_image(pith, tool):
    o = pith.inspect(tool)
    assert o["bytes"] == os.stat(tool).st_size and {"kvm", "process"} <= set(o["platforms"]) and "exit_group" in o["calls"]
    assert "sound" in pith("inspect", tool).stdout


@pytest.mark.parametrize("name, number", [("INT", 2), ("SIGHUP", 1), ("10", 10), ("usr2", 12)])
def test_kill_with_a_signal(pith, on, trap, name, number):
    done = pith("kill", "-s", name, trap)
    assert done.returncode == 0, done.stderr
    said(pith, trap, f"got {number}\n")


def test_kill(pith, on, trap):
    pid = pith.look(trap)["pid"]
    guests = children(pid)
    assert pith("kill", trap).returncode == 0
    assert pith.look(trap)["status"] == 137
    assert not alive(pid)
    until(lambda: not any(map(alive, guests)), "the end of the guest")


@pytest.mark.parametrize("how", [("kill",), ("stop", "-t", "0"), ("rm", "-f")])
def test_killed_instance_that_is_not_kept(pith, on, tool, how):
    pith.detach(on, tool, "ignore", options=("--rm", "--name", "deaf"))
    said(pith, "deaf", "ready")
    done = pith(*how, "deaf")
    assert (done.returncode, done.stderr) == (0, "")
    assert pith.names() == []


def test_killed_instance_without_a_name(pith, on, tool):
    run = pith.start(on, tool, "wait")
    name = until(pith.names, "the instance")[0]
    until(lambda: pith.look(name).get("pid"), "its process")
    assert pith("kill", name).returncode == 0
    assert run.wait(WAIT) == -signal.SIGKILL and pith.names() == []


def test_stop_kills_what_does_not_listen(pith, on, tool):
    pith.detach(on, tool, "ignore", options=("--name", "deaf"))
    said(pith, "deaf", "ready")
    assert pith("stop", "-t", "0.1", "deaf").returncode == 0
    assert pith.look("deaf")["status"] == 137


def test_stop_of_several(pith, on, tool):
    for name in ("a", "b"):
        pith.detach(on, tool, "wait", options=("--name", name))
        said(pith, name, "ready")
    assert [i["name"] for i in pith.list()] == ["a", "b"]
    assert pith("stop", "a", "b").returncode == 0
    assert [i["status"] for i in pith.list()] == [143, 143]
    assert pith("rm", "a", "b").returncode == 0 and pith.list() == []


def test_stop_twice(pith, on, trap):
    assert pith("stop", trap).returncode == 0
    assert pith("stop", trap).returncode == 0
    assert "not running" in pith.refused("kill", trap)


def test_rm_of_a_running_one(pith, on, trap):
    assert "is running" in pith.refused("rm", trap)
    assert pith.look(trap)["state"] == "running"
    assert pith("rm", "-f", trap).returncode == 0
    assert pith.names() == []


def test_name_in_use(pith, on, tool, trap):
    assert "is in use" in pith.refused("run", "-d", "--on", on, "--name", trap, tool, "--", "wait")
    assert pith.look(trap)["state"] == "running"
    pith("stop", trap)
    assert "pith rm" in pith.refused("run", "--on", on, "--name", trap, tool, "--", "wait")


@pytest.mark.parametrize("words", [("stop", "nobody"), ("kill", "nobody"), ("logs", "nobody"), ("rm", "nobody"),
                                   ("inspect", "nobody"), ("logs", "-f", "nobody")])
def test_no_such_instance(pith, words):
    assert "nobody" in pith.refused(*words)


@pytest.mark.parametrize("words", [("stop",), ("kill",), ("logs",), ("rm",), ("inspect",), ("ps", "x"), ("logs", "a", "b"),
                                   ("stop", "-t", "soon", "x"), ("kill", "-s", "FROB", "x"), ("kill", "-s", "STOP", "x"),
                                   ("rm", "../x"), ("stop", ""), ("rm", "a/b")])
def test_wrong_words(pith, words):
    pith.refused(*words)


def test_forced_rm_of_nothing(pith):
    assert pith("rm", "-f", "nobody").returncode == 0


def test_one_wrong_name_of_several(pith, on, trap):
    done = pith("stop", "nobody", trap)
    assert done.returncode == FAILED and "nobody" in done.stderr
    assert pith.look(trap)["state"] == "exited"


@pytest.mark.parametrize("kind, suffix", [(socket.SOCK_STREAM, ""), (socket.SOCK_DGRAM, "/udp")])
def test_port_in_use(pith, on, web, kind, suffix):
    with socket.socket(type=kind) as s:
        s.bind(("127.0.0.1", 0))
        if kind == socket.SOCK_STREAM:
            s.listen()
        port = s.getsockname()[1]
        for detached in ([], ["-d"]):
            assert str(port) in pith.refused("run", *detached, "--on", on, "-p", f"127.0.0.1:{port}:80{suffix}", web,
                                             says="is in use")


def test_port_of_another_instance(pith, on, web):
    port = free_port()
    pith.detach(on, web, options=("--name", "first", "-p", f"{port}:80"))
    pith.refused("run", "-d", "--on", on, "--name", "second", "-p", f"{port}:80", web, says="is in use")
    assert pith.look("first")["ports"] == [{"host": port, "guest": 80, "protocol": "tcp"}]


def test_killed_monitor(pith, on, trap):
    pid = pith.look(trap)["pid"]
    guests = children(pid)
    os.kill(pid, signal.SIGKILL)
    until(lambda: pith.look(trap)["state"] == "dead", "its death")
    assert re.search(r"^trap +dead", pith("ps").stdout, re.M)
    until(lambda: not any(map(alive, guests)), "the end of the guest")
    assert pith.inspect(trap)["state"] == "dead"
    assert pith.log(trap) == "ready\n"
    assert "is not running" in pith.refused("kill", trap)
    assert "in use" in pith.refused("run", "--on", on, "--name", trap, pith.look(trap)["image"], "--", "wait")
    assert pith("rm", trap).returncode == 0
    assert pith.names() == []


def test_state_directory_that_others_can_open(pith, on, tool):
    pith.state.parent.mkdir()
    pith.state.parent.chmod(0o755)
    pith.refused("run", "--on", on, tool, "--", "exit", "0", says=("state directory", "0700"))
    pith.state.parent.chmod(0o700)
    assert pith.run(on, tool, "exit", 0).returncode == 0


def test_state_directory_that_cannot_be_made(pith, on, tool):
    env = dict(pith.env, XDG_RUNTIME_DIR="/proc/nowhere")
    pith.refused("run", "--on", on, tool, "--", "exit", "0", says="state directory", env=env)
    pith.refused("ps", says="state directory", env=env)


def test_state_directory_that_is_a_link(pith, tool, tmp_path):
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    pith.state.parent.symlink_to(tmp_path / "elsewhere")
    pith.refused("run", tool, "--", "exit", "0", says="state directory")


@pytest.fixture
def small_disk(pith):
    """The state directory on a disk of 64 KiB."""
    if os.geteuid():
        pytest.skip("mounting a tmpfs takes root")
    disk = pith.state.parent
    disk.mkdir(mode=0o700)
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k,mode=700,nr_inodes=64", "tmpfs", disk],
                          capture_output=True, text=True)
    if made.returncode:
        pytest.skip(f"no tmpfs can be mounted here: {made.stderr.strip()}")
    yield disk
    for name in pith.names():
        pith("rm", "-f", name)
    subprocess.run(["umount", "-l", disk], check=True)


def test_full_disk(pith, on, tool, small_disk):
    with open(small_disk / "filler", "wb", buffering=0) as f:
        try:
            while f.write(b"x" * 4096):
                pass
        except OSError:
            pass
    for detached in ([], ["-d"]):
        done = pith("run", *detached, "--on", on, tool, "--", "exit", "0")
        assert done.returncode == FAILED and "No space left" in done.stderr, done.stderr
        assert pith.names() == []


def test_log_on_a_full_disk(pith, on, tool, small_disk):
    pith.detach(on, tool, "fill", 1 << 20, options=("--name", "talker"))
    assert ended(pith, "talker")["status"] in (0, 28)
    assert pith("logs", "talker").stdout.startswith("xxxx")
    assert pith("rm", "talker").returncode == 0


def test_two_at_once(pith, on, web):
    ports = free_port(), free_port()
    for name, port in zip("ab", ports):
        pith.detach(on, web, options=("--name", name, "-p", f"{port}:80"))
    for port in ports:
        opened(port)
        with socket.create_connection(("127.0.0.1", port), 10) as s:
            s.sendall(b"GET /stats HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert s.recv(100).startswith(b"HTTP/1.1 200")


def test_detached_keeps_nothing_of_its_starter(pith, on, tool):
    read, write = os.pipe()
    os.set_inheritable(write, True)
    done = subprocess.run([PITH, "run", "-d", "--on", on, tool, "--", "wait"], env=pith.env, close_fds=False,
                          capture_output=True, timeout=20)
    os.close(write)
    assert done.returncode == 0
    assert os.read(read, 1) == b"", "its end of the pipe is closed"
    os.close(read)
