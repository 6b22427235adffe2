# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""Files with a file system in them as volumes: the guest mounts them, e2fsprogs on the host look at what it has left there."""

import os
import signal
import subprocess
import tempfile
from pathlib import Path

import pytest

from pithrun import read_until

EXTS = ["ext2", "ext3", "ext4"]


@pytest.fixture
def image(images):
    return images.build("volume", images.program("volume"))


@pytest.fixture
def folder():
    """A directory of this user's that a monitor may reach whoever it is."""
    with tempfile.TemporaryDirectory(prefix="pd") as name:
        os.chmod(name, 0o755)
        yield Path(name)


def make_disk(path, kind="ext4", size=16, options=()):
    with open(path, "wb") as f:
        f.truncate(size << 20)
    subprocess.run(["mke2fs", "-q", "-t", kind, *options, str(path)], check=True)
    return path


def fsck(path):
    """What e2fsck has to say of it; "" is nothing."""
    done = subprocess.run(["e2fsck", "-f", "-n", str(path)], capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout


def content(path, name):
    return subprocess.run(["debugfs", "-R", f"cat {name}", str(path)], capture_output=True, check=True).stdout


@pytest.mark.parametrize("kind", EXTS)
def test_what_is_written_is_on_the_disk(pith, image, on, folder, kind):
    disk = make_disk(folder / "d.img", kind)
    done = pith.run(on, image, "write", "/data/a", "hello", "append", "/data/a", " world", "mkdir", "/data/d", "rename", "/data/a",
                    "/data/d/b", "symlink", "d/b", "/data/l", "link", "/data/d/b", "/data/c", "read", "/data/l", "unlink", "/data/c",
                    "statfs", "/data", options=("-v", f"{disk}:/data"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:8] == ["write ok", "append ok", "mkdir ok", "rename ok", "symlink ok", "link ok",
                                            "read hello world", "unlink ok"]
    assert fsck(disk) == ""
    assert content(disk, "/d/b") == b"hello world"
    # And the next instance finds it.
    assert pith.run(on, image, "read", "/data/l", "rmdir", "/data/d", options=("-v", f"{disk}:/data")).stdout.splitlines() == [
        "read hello world", "rmdir ENOTEMPTY"]


def test_what_the_host_has_put_there_is_read(pith, image, on, folder):
    (folder / "in/deep").mkdir(parents=True)
    (folder / "in/deep/f").write_text("x" * 5000)
    disk = make_disk(folder / "d.img", options=("-d", str(folder / "in")))
    before = disk.read_bytes()
    done = pith.run(on, image, "stat", "/data/deep/f", "write", "/data/new", "x", "unlink", "/data/deep/f",
                    options=("-v", f"{disk}:/data:ro"))
    assert done.stdout.splitlines() == ["stat 100644 size 5000 links 1 uid 0 gid 0", "write EROFS", "unlink EROFS"]
    assert disk.read_bytes() == before


@pytest.mark.parametrize("kind", ["ext3", "ext4"])
def test_kill_loses_nothing_that_was_acknowledged(pith, image, on, folder, kind):
    disk = make_disk(folder / "d.img", kind)
    running = pith.start(on, image, "lines", "/data/log", "sync", options=("-v", f"{disk}:/data"))
    said = read_until(running.stdout, b"\n200\n")
    os.kill(running.pid, signal.SIGKILL)
    said += running.communicate()[0]
    acknowledged = int(said[:said.rindex(b"\n")].split(b"\n")[-1])
    # The journal is replayed, and there is nothing else to do.
    repaired = subprocess.run(["e2fsck", "-f", "-y", str(disk)], capture_output=True, text=True)
    assert repaired.returncode in (0, 1), repaired.stdout
    assert fsck(disk) == ""
    lines = content(disk, "/log").decode().split("\n")
    assert lines[:acknowledged] == [str(i + 1) for i in range(acknowledged)]


def test_the_guest_replays_the_journal(pith, image, on, folder):
    disk = make_disk(folder / "d.img")
    running = pith.start(on, image, "lines", "/data/log", "sync", options=("-v", f"{disk}:/data"))
    said = read_until(running.stdout, b"\n50\n")
    os.kill(running.pid, signal.SIGKILL)
    running.communicate()
    done = pith.run(on, image, "read", "/data/log", options=("-v", f"{disk}:/data"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("read 1\n2\n3\n") and said
    assert fsck(disk) == ""


def test_full(pith, image, on, folder):
    disk = make_disk(folder / "d.img", size=4)
    assert pith.run(on, image, "fill", "/data/f", "write", "/data/g", "more", "unlink", "/data/f", "write", "/data/g", "more",
                    options=("-v", f"{disk}:/data")).stdout.splitlines() == ["fill ENOSPC", "write ENOSPC", "unlink ok", "write ok"]
    assert fsck(disk) == ""


def test_beside_a_directory(pith, image, on, folder):
    disk = make_disk(folder / "d.img")
    (folder / "dir").mkdir()
    done = pith.run(on, image, "write", "/disk/a", "1", "write", "/dir/a", "2", "rename", "/disk/a", "/dir/b", "link", "/dir/a",
                    "/disk/b", "read", "/disk/a", "read", "/dir/a",
                    options=("-v", f"{folder}/dir:/dir", "-v", f"{disk}:/disk"))
    assert done.stdout.splitlines() == ["write ok", "write ok", "rename EXDEV", "link EXDEV", "read 1", "read 2"]
    assert (folder / "dir/a").read_text() == "2" and fsck(disk) == ""


def test_one_at_a_time(pith, image, on, folder):
    disk = make_disk(folder / "d.img")
    running = pith.start(on, image, "lines", "/data/log", "no", options=("-v", f"{disk}:/data"))
    read_until(running.stdout, b"\n5\n")
    pith.refused("run", "--on", on, "-v", f"{disk}:/data", image, "--", "read", "/data/log", says=["another instance", str(disk)])
    pith.refused("run", "--on", on, "-v", f"{disk}:/data:ro", image, "--", "read", "/data/log", says=["another instance"])
    os.kill(running.pid, signal.SIGKILL)
    running.communicate()
    assert pith.run(on, image, "read", "/data/log", options=("-v", f"{disk}:/data")).returncode == 0


def test_two_may_read(pith, image, on, folder):
    (folder / "in").mkdir()
    (folder / "in/f").write_text("x")
    disk = make_disk(folder / "d.img", options=("-d", str(folder / "in")))
    options = ("-v", f"{disk}:/data:ro")
    running = pith.start(on, image, "hold", "/data/f", options=options)
    assert pith.run(on, image, "read", "/data/f", options=options).stdout == "read x\n"
    os.kill(running.pid, signal.SIGKILL)
    running.communicate()


def test_damaged(pith, image, on, folder):
    disk = make_disk(folder / "d.img")
    with open(disk, "r+b") as f:
        f.seek(1024 + 24)
        f.write(b"\xff\xff\xff\xff")  # s_log_block_size
    done = pith.run(on, image, "read", "/data/x", options=("-v", f"{disk}:/data"))
    assert done.returncode != 0 and "/data" in done.stderr


def test_what_it_does_not_know(pith, image, on, folder):
    disk = make_disk(folder / "d.img", options=("-O", "encrypt"))
    done = pith.run(on, image, "read", "/data/x", options=("-v", f"{disk}:/data"))
    assert done.returncode != 0 and "encrypt" in done.stderr


def test_qcow2(pith, image, on, folder):
    (folder / "d.qcow2").write_bytes(b"QFI\xfb" + bytes(2000))
    pith.refused("run", "--on", on, "-v", f"{folder}/d.qcow2:/data", image, says=["qcow2", "--on qemu", "qemu-img convert"])


def test_an_image_without_disks(pith, images, on, folder):
    """A program that syncs nothing has no file systems for disks linked, and is told so."""
    source = folder / "list.c"
    source.write_text('#include <dirent.h>\n#include <stdio.h>\nint main(void) { DIR *d = opendir("/data"); struct dirent *e;'
                      ' while (d && (e = readdir(d))) puts(e->d_name); return !d; }\n')
    program = folder / "list"
    subprocess.run(["musl-gcc", "-static", "-Os", "-o", str(program), str(source)], check=True)
    pith("build", "-q", "-o", str(folder / "list.pith"), str(program))
    disk = make_disk(folder / "d.img")
    pith.refused("run", "--on", on, "-v", f"{disk}:/data", folder / "list.pith", says=[str(disk), "--call fsync"])
    pith("build", "-q", "--call", "fsync", "-o", str(folder / "list.pith"), str(program))
    assert pith.run(on, folder / "list.pith", options=("-v", f"{disk}:/data")).stdout.split() == [".", "..", "lost+found"]
