# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""What `pith export` makes boots: in QEMU by SeaBIOS and by OVMF, and in Bochs. What cannot boot says so and switches off."""

import shutil
import urllib.request

import machines
import pytest
from pithrun import APPS, ROOT, free_port, opened

FORMATS = ["raw", "qcow2", "vmdk", "vdi", "vhdx", "iso"]

pytestmark = pytest.mark.skipif(not all(map(shutil.which, ("grub-mkimage", "qemu-img"))), reason="needs grub-common and qemu-utils")


def boots(firmware, *more, **how):
    """A machine that boots so, or a skip that says what is missing."""
    why = machines.qemu_missing(firmware)
    if why:
        pytest.skip(why)
    return machines.Qemu(firmware, *more, **how)


@pytest.fixture
def export(pith, tmp_path):
    def make(image, fmt, *options):
        out = tmp_path / f"disk.{fmt}"
        done = pith("export", "-o", out, *options, image)
        assert done.returncode == 0, done.stderr
        return out
    return make


@pytest.fixture(scope="session")
def web(images):
    return images.build("web", "-f", f"{ROOT}/apps/web/site:/www", APPS / "web", "--", "-p", "80", "-r", "/www")


@pytest.mark.parametrize("firmware", ["bios", "uefi"])
@pytest.mark.parametrize("fmt", ["raw", "iso"])
def test_hello(export, hello, firmware, fmt):
    disk = export(hello, fmt, "--append", r'''quiet -- "it's \"so\", \\ and $so"''')
    with boots(firmware, disk) as machine:
        assert "Hello from it's \"so\", \\ and $so\n" in machine.output().replace("\r", "")


@pytest.mark.parametrize("firmware,interface", [("bios", "ide"), ("bios", "virtio"), ("uefi", "virtio")])
def test_older_machine(export, hello, firmware, interface):
    with boots(firmware, export(hello, "qcow2"), machine="pc", interface=interface) as machine:
        assert "Hello from Pith" in machine.output()


@pytest.mark.parametrize("firmware,fmt", [*(("bios", fmt) for fmt in FORMATS), ("uefi", "raw"), ("uefi", "iso")])
def test_answers(export, web, firmware, fmt):
    port = free_port()
    net = ("-nic", f"user,model=virtio-net-pci,hostfwd=tcp:127.0.0.1:{port}-:80")
    with boots(firmware, export(web, fmt), *net):
        opened(port, seconds=machines.PATIENCE)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
            assert page.status == 200
            assert page.read() == (ROOT / "apps/web/site/index.html").read_bytes()


# What cannot boot says why, and the machine is off then: output() waits for that.

def broken(disk, name, other):
    data = disk.read_bytes()
    assert data.count(name) == 1
    disk.write_bytes(data.replace(name, other))
    return disk


@pytest.mark.parametrize("firmware,fmt,name", [("bios", "raw", b"PITH    IMG"), ("uefi", "iso", b"PITH.IMG;1")])
def test_without_the_image(export, hello, firmware, fmt, name):
    with boots(firmware, broken(export(hello, fmt), name, b"X" + name[1:])) as machine:
        said = machine.output()
        assert "file `/pith.img' not found" in said and "pith: GRUB cannot start /pith.img" in said


@pytest.mark.parametrize("firmware,fmt,name", [("uefi", "raw", b"GRUB    CFG"), ("bios", "iso", b"GRUB.CFG;1")])
def test_without_the_configuration(export, hello, firmware, fmt, name):
    with boots(firmware, broken(export(hello, fmt), name, b"X" + name[1:])) as machine:
        assert "pith: GRUB cannot read /grub.cfg" in machine.output()


def test_image_that_is_damaged(export, hello):
    """GRUB finds no ELF file: the first bytes of the image are gone."""
    disk = export(hello, "raw")
    start = hello.read_bytes()[:64]
    with boots("bios", broken(disk, start, bytes(64))) as machine:
        assert "pith: GRUB cannot start /pith.img" in machine.output()


def test_too_little_memory(export, images, tmp_path):
    """An image that does not fit."""
    (tmp_path / "large").write_bytes(b"large" * 20_000_000)
    image = images.app("hello", "-f", f"{tmp_path}/large:/large", image="large")
    with boots("bios", export(image, "raw"), memory=64) as machine:
        assert "out of memory" in machine.output()


def test_bochs(export, hello, tmp_path):
    why = machines.bochs_missing()
    if why:
        pytest.skip(why)
    assert "Hello from Bochs" in machines.bochs(export(hello, "raw", "--append", "-- Bochs"), tmp_path, "Bochs")
