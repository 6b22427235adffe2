# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""Files of the host with file systems in them as volumes, on QEMU: what the guest writes e2fsprogs read, and find nothing wrong."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

import pithrun
from pithrun import CRASHED, read_until

MIB = 1 << 20


@pytest.fixture(params=["qemu:microvm", "qemu:q35"])
def on(request):
    for tool in ("qemu-system-x86_64", "mkfs.ext4", "e2fsck", "debugfs", "qemu-img"):
        if not shutil.which(tool, path=os.environ["PATH"] + ":/usr/sbin"):
            pytest.skip(f"{tool} is missing")
    return request.param


@pytest.fixture
def image(images):
    return images.build("volume", images.program("volume"))


class Disk:
    def __init__(self, folder, kind, name):
        self.path, self.raw = folder / name, folder / "raw.raw"
        make = ["mkfs." + kind, "-q", "-F"] + ([] if kind == "ext2" else ["-J", "size=4"] if kind == "ext3" else [])
        with open(self.raw, "wb") as file:
            file.truncate(24 * MIB)
        self.tool(*make, self.raw)
        if self.path.suffix == ".qcow2":
            self.tool("qemu-img", "convert", "-O", "qcow2", self.raw, self.path)
        elif self.path != self.raw:
            self.raw.rename(self.path)
        self.path.chmod(0o666)

    @staticmethod
    def tool(name, *args):
        env = dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin")
        return subprocess.run([name, *map(str, args)], check=True, capture_output=True, text=True, env=env).stdout

    def as_raw(self):
        if self.path.suffix == ".qcow2":
            self.tool("qemu-img", "convert", "-O", "raw", self.path, self.raw)
            return self.raw
        return self.path

    def sound(self):
        self.tool("e2fsck", "-fn", self.as_raw())

    def read(self, name):
        return self.tool("debugfs", "-R", f"cat {name}", self.as_raw())


@pytest.fixture
def folder():
    with tempfile.TemporaryDirectory(prefix="pd") as name:
        os.chmod(name, 0o755)
        yield Path(name)


def do(pith, on, image, disk, *operations, mode="", status=0):
    done = pith.run(on, image, *operations, options=("-v", f"{disk}:/data{mode}"))
    assert done.returncode == status, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("kind,name", [("ext4", "disk.raw"), ("ext4", "disk.qcow2"), ("ext3", "disk.img"), ("ext2", "disk")])
def test_what_is_written_is_there(pith, on, image, folder, kind, name):
    disk = Disk(folder, kind, name)
    assert do(pith, on, image, disk.path, "write", "/data/f", "text", "mkdir", "/data/d", "rename", "/data/f", "/data/d/g",
              "fsync", "/data/d/g") == ["write ok", "mkdir ok", "rename ok", "fsync ok"]
    disk.sound()
    assert disk.read("d/g") == "text"
    assert do(pith, on, image, disk.path, "read", "/data/d/g", "unlink", "/data/d/g", "rmdir", "/data/d") == [
        "read text", "unlink ok", "rmdir ok"]
    disk.sound()


def test_read_only(pith, on, image, folder):
    disk = Disk(folder, "ext4", "disk.raw")
    before = disk.path.read_bytes()
    assert do(pith, on, image, disk.path, "write", "/data/f", "x", "mkdir", "/data/d", mode=":ro") == ["write EROFS", "mkdir EROFS"]
    assert disk.path.read_bytes() == before


def test_nothing_that_was_synced_is_lost(pith, on, image, folder):
    """QEMU is killed in the middle of writing; the next start repairs what that leaves."""
    disk = Disk(folder, "ext4", "disk.raw")
    process = pith.start(on, image, "lines", "/data/log", "sync", options=("-v", f"{disk.path}:/data"))
    said = read_until(process.stdout, b"30\n")
    process.kill()
    process.wait(pithrun.WAIT)
    last = int(said.split()[-1])
    lines = do(pith, on, image, disk.path, "read", "/data/log")
    assert len(lines) >= last
    disk.sound()
    assert len(disk.read("log").split()) >= last


def test_one_at_a_time(pith, on, image, folder):
    disk = Disk(folder, "ext4", "disk.raw")
    process = pith.start(on, image, "lines", "/data/log", "sync", options=("-v", f"{disk.path}:/data"))
    read_until(process.stdout, b"1\n")
    pith.refused("run", "--on", on, "-v", f"{disk.path}:/data", image, "--", "read", "/data/log", says="lock")


@pytest.mark.parametrize("where,what", [(1024 + 24, b"\xff\xff\xff\xff"), (1024 + 0x60, b"\xff\xff\xff\xff"), (1024, bytes(56))],
                         ids=["block size", "features", "counts"])
def test_damaged(pith, on, image, folder, where, what):
    """A clear line and an end, never a hang."""
    disk = Disk(folder, "ext4", "disk.raw")
    with open(disk.path, "r+b") as file:
        file.seek(where)
        file.write(what)
    done = pith.run(on, image, "read", "/data/f", options=("-v", f"{disk.path}:/data"))
    assert done.returncode in (pithrun.FAILED, CRASHED) and "pith: " in done.stderr


def test_one_that_may_not_be_written(pith, on, image, folder):
    disk = Disk(folder, "ext4", "disk.raw")
    disk.path.chmod(0o444)
    if os.geteuid() == 0:
        os.chown(disk.path, 12345, 12345)  # whom QEMU is then
    done = pith.run(on, image, "read", "/data/f", options=("-v", f"{disk.path}:/data"))
    assert done.returncode == pithrun.FAILED and "may not write" in done.stderr
