# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""What a running instance may do on the host: nothing of root's, whoever started it; and it can still clean up behind itself."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

import pithrun
from pithrun import children, until

NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has root to drop")


def status(pid):
    return dict(line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())


def processes(monitor, on):
    """The monitor and, on process, the instance; both as they are when the instance runs."""
    if on == "kvm":
        return [monitor]
    return [monitor, *until(lambda: children(monitor), "the instance's process")]


def locked_in(pid):
    return status(pid)["Seccomp"] == "2"


@pytest.fixture(params=["none", "user"])
def running(request, pith, tool, on):
    """An instance that waits: the numbers of its processes, once they have locked themselves in."""
    monitor = pith.detach(on, tool, "wait", options=("--name", "it", "--net", request.param))["pid"]
    pids = processes(monitor, on)
    for pid in pids:
        until(lambda: locked_in(pid), "the sandbox")
    return pids


def test_no_powers(running):
    for pid in running:
        s = status(pid)
        assert [s[cap] for cap in ("CapEff", "CapPrm", "CapInh", "CapAmb")] == ["0" * 16] * 4
        assert s["NoNewPrivs"] == "1"
        assert s["Seccomp"] == "2"


@as_root
def test_root_is_dropped(running):
    for pid in running:
        s = status(pid)
        assert s["Uid"].split() == [str(NOBODY)] * 4
        assert s["Gid"].split() == [str(NOBODY)] * 4
        assert s["Groups"].strip() == ""


@as_root
def test_namespaces(running):
    for pid in running:
        for kind in ("ipc", "uts", "cgroup"):
            assert os.readlink(f"/proc/{pid}/ns/{kind}") != os.readlink(f"/proc/self/ns/{kind}"), kind


def test_state_of_the_running(running, pith):
    assert pith.look("it")["state"] == "running"
    assert pith.inspect("it")["statistics"]["uptime_ns"] > 0
    assert pith("logs", "it").returncode == 0
    assert pith("stop", "it").returncode == 0
    assert pith.look("it")["state"] == "exited"
    assert pith("rm", "it").returncode == 0
    assert pith.names() == []


@pytest.mark.parametrize("name", [(), ("--name", "it", "--rm")])
def test_folder_goes_in_the_end(pith, hello, on, name):
    assert pith.run(on, hello, options=name).returncode == 0
    assert pith.names() == []


def test_folder_goes_after_stop(pith, tool, on):
    pith.detach(on, tool, "wait", options=("--name", "it", "--rm"))
    assert pith("stop", "it").returncode == 0
    until(lambda: not pith.names(), "the folder's removal")


def test_folder_is_closed_to_others(running, pith):
    assert pith.state.parent.stat().st_mode & 0o777 == 0o700
    folder = pith.state / "it"
    assert folder.stat().st_mode & 0o007 == 0
    for file in folder.iterdir():
        assert file.stat().st_mode & 0o077 == 0 or file.name == "control.sock", file


@as_root
def test_as_another_user(images):
    home = Path(tempfile.mkdtemp(prefix="pe"))
    try:
        os.chown(home, NOBODY - 1, NOBODY - 1)
        image = shutil.copy(images.app("hello"), home / "hello.pith")
        os.chmod(image, 0o644)
        user = pithrun.User(home)
        done = user("run", "--on", "process", image)
        assert (done.returncode, done.stderr) == (0, "")
        assert user("run", "--on", "process", "--name", "it", image).returncode == 0
        assert [i["state"] for i in user.list()] == ["exited"]
        assert user("rm", "it").returncode == 0
        assert (home / "pith/instances").stat().st_mode & 0o777 == 0o700
        assert user.names() == []
    finally:
        shutil.rmtree(home)


@as_root
def test_state_of_root_is_refused_to_others(images):
    """A state directory of root's serves nobody else, and the message names it."""
    home = Path(tempfile.mkdtemp(prefix="pe"))
    try:
        os.chmod(home, 0o755)
        (home / "pith").mkdir(mode=0o700)
        done = pithrun.User(home)("ps")
        assert done.returncode == pithrun.FAILED
        assert str(home / "pith") in done.stderr
    finally:
        shutil.rmtree(home)


@as_root
def test_without_the_right_to_drop(pith, hello, on):
    """A container may have taken the rights away that dropping root needs: then it goes on with what it has."""
    drop = "-setuid,-setgid,-chown,-sys_admin"
    done = subprocess.run(["setpriv", f"--bounding-set={drop}", f"--inh-caps={drop}", pithrun.PITH, "run", "--on", on, hello],
                          env=pith.env, capture_output=True, text=True, timeout=pithrun.WAIT)
    assert (done.returncode, done.stderr) == (0, "")
    assert pith.names() == []
