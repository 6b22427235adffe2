# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""pith export: what is on the disks and CDs, that they are the same each time, and everything that is refused."""

import hashlib
import os
import resource
import shutil
import signal
import struct
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from disks import BIOS_BOOT, EFI_SYSTEM, SECTOR, Gpt, Iso
from pithrun import FAILED, Pith, User, mounts_of_its_own, until

MIB = 1 << 20
FORMATS = ["raw", "qcow2", "vmdk", "vdi", "vhdx", "iso"]
TOOLS = {"grub-mkimage": "grub-common", "qemu-img": "qemu-utils"}

pytestmark = pytest.mark.skipif(not all(map(shutil.which, TOOLS)), reason="needs " + " and ".join(TOOLS.values()))


def need(tool):
    if not shutil.which(tool):
        pytest.skip(f"{tool} is not installed")


@pytest.fixture
def image(hello):
    return hello


@pytest.fixture
def made(pith, image, place):
    """Makes one: its path."""
    def make(fmt, *options, name="disk", image=image):
        done = pith("export", "--format", fmt, "-o", place / f"{name}.{fmt}", *options, image)
        assert done.returncode == 0, done.stderr
        assert done.stderr == "" and done.stdout.startswith(f"{place}/{name}.{fmt}: {fmt}, ")
        return place / f"{name}.{fmt}"
    return make


def esp_of(disk, folder):
    """The file system of a disk's EFI system partition, in a file of its own."""
    (folder / "esp").write_bytes(Gpt(disk).bytes_of(EFI_SYSTEM))
    return folder / "esp"


def copy_out(esp, name):
    need("mcopy")
    return subprocess.run(["mcopy", "-n", "-i", esp, f"::{name}", "-"], capture_output=True, check=True).stdout


def test_disk(made, image, place):
    disk = made("raw").read_bytes()
    gpt = Gpt(disk)
    assert [p[0] for p in gpt.partitions] == [BIOS_BOOT, EFI_SYSTEM]
    assert len({gpt.id, *(p[1].bytes_le for p in gpt.partitions)}) == 3
    assert len(disk) % MIB == 0 and gpt.partitions[1][2] * SECTOR == MIB
    # GRUB: the first sector knows where core begins, core where its rest is.
    core = gpt.partitions[0][2]
    assert struct.unpack_from("<Q", disk, 0x5c)[0] == core
    rest, sectors, segment = struct.unpack_from("<QHH", disk, (core + 1) * SECTOR - 12)
    assert (rest, segment) == (core + 1, 0x820) and (rest + sectors) * SECTOR <= MIB
    assert disk[:3] == open("/usr/lib/grub/i386-pc/boot.img", "rb").read(3)


def test_files_on_the_disk(made, image, place):
    need("fsck.vfat")
    esp = esp_of(made("raw", "--append", "a \"b c\" it's").read_bytes(), place)
    done = subprocess.run(["fsck.vfat", "-n", esp], capture_output=True, text=True)
    assert done.returncode == 0 and "6 files" in done.stdout, done.stdout
    assert copy_out(esp, "/pith.img") == image.read_bytes()
    assert copy_out(esp, "/EFI/BOOT/BOOTX64.EFI")[:2] == b"MZ"
    assert b"multiboot2 /pith.img 'a' 'b c' 'it'\\''s';" in copy_out(esp, "/grub.cfg")


@pytest.mark.parametrize("fmt", FORMATS[1:5])
def test_formats(made, fmt):
    raw, other = made("raw"), made(fmt)
    done = subprocess.run(["qemu-img", "check", "-f", fmt, other], capture_output=True, text=True)
    assert done.returncode == 0 and "No errors" in done.stdout, done
    done = subprocess.run(["qemu-img", "compare", "-f", "raw", "-F", fmt, raw, other], capture_output=True, text=True)
    assert done.returncode == 0 and "identical" in done.stdout, done
    if fmt == "vmdk":
        text = other.read_bytes()[512:21 * 512]
        assert b'SPARSE "disk.vmdk"' in text and b"XXXXXX" not in text and b"parentCID=ffffffff\n" in text


def test_cd(made, image, place):
    need("fsck.vfat")
    cd = Iso(made("iso", "--append", "trace").read_bytes())
    assert set(cd.files) == {"GRUB.CFG;1", "PITH.IMG;1"} and cd.files["PITH.IMG;1"] == image.read_bytes()
    assert b"multiboot2 /pith.img 'trace';" in cd.files["GRUB.CFG;1"]
    assert set(cd.boots) == {0, 0xef} and len(cd.cd) % 32768 == 0, "GRUB reads in pieces of 32 KiB"
    bios, sectors = cd.boots[0]
    assert sectors == 4 and struct.unpack_from("<II", cd.block(bios), 8) == (16, bios)
    at, sectors = cd.boots[0xef]
    (place / "efi").write_bytes(cd.cd[at * 2048:at * 2048 + sectors * 512])
    assert subprocess.run(["fsck.vfat", "-n", place / "efi"], capture_output=True).returncode == 0
    loader = copy_out(place / "efi", "/EFI/BOOT/BOOTX64.EFI")
    assert loader[:2] == b"MZ" and cd.label.encode() in loader, "GRUB looks for the CD by its label"


def test_cd_as_xorriso_sees_it(made, image, place):
    need("xorriso")
    cd = made("iso")
    done = subprocess.run(["xorriso", "-indev", cd, "-report_el_torito", "plain", "-osirrox", "on", "-extract", "/",
                           place / "out"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "BIOS" in done.stdout and "UEFI" in done.stdout
    names = {p.name.lower().split(";")[0]: p for p in (place / "out").iterdir()}
    assert set(names) == {"grub.cfg", "pith.img"} and names["pith.img"].read_bytes() == image.read_bytes()


@pytest.mark.parametrize("fmt", FORMATS)
def test_same_image_same_bytes(pith, image, place, images, fmt):
    sums = set()
    for i in range(2):
        (place / str(i)).mkdir()
        shutil.copy(image, place / f"copy{i}.pith")
        done = pith("export", "-o", place / f"{i}/disk.{fmt}", place / f"copy{i}.pith", env={**pith.env, "TZ": f"UTC+{i * 7}"})
        assert done.returncode == 0, done.stderr
        sums.add(hashlib.sha256((place / f"{i}/disk.{fmt}").read_bytes()).digest())
        time.sleep(1.1 if not i else 0)
    assert len(sums) == 1


@pytest.mark.parametrize("closed", ["<&-", ">&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed(pith, image, place, made, closed):
    """No file of the export takes their place, and what the tools write to."""
    want = made("raw").read_bytes()
    subprocess.run(["sh", "-c", f'"$0" export -o x.raw "$1" {closed}', pith.binary, image], env=pith.env, capture_output=True)
    assert (place / "x.raw").read_bytes() == want


def test_other_image_other_ids(made, images):
    other = images.app("hello", "--env", "OTHER=1", image="other")
    one, two = (Gpt(made("raw", name=n, image=i).read_bytes()) for n, i in (("one", images.app("hello")), ("two", other)))
    assert one.id != two.id and not {p[1] for p in one.partitions} & {p[1] for p in two.partitions}
    one, two = (Iso(made("iso", name=n, image=i).read_bytes()) for n, i in (("one", images.app("hello")), ("two", other)))
    assert one.label != two.label


def test_size(made, place):
    disk = made("raw", "--size", "9500K").read_bytes()
    assert len(disk) == 10 * MIB
    least = made("raw", name="least").read_bytes()
    assert Gpt(disk).partitions == Gpt(least).partitions, "what is more stays free"
    need("fsck.vfat")
    assert subprocess.run(["fsck.vfat", "-n", esp_of(disk, place)], capture_output=True).returncode == 0


@pytest.mark.parametrize("kind,padding", [("FAT16", 20 * MIB), ("FAT32", 280 * MIB)])
def test_large_images(made, images, place, kind, padding):
    need("fsck.vfat")
    (place / "padding").write_bytes(os.urandom(MIB) * (padding // MIB))
    big = images.app("hello", "-f", f"{place}/padding:/padding", image=f"big{padding}")
    esp = esp_of(made("raw", image=big).read_bytes(), place)
    assert kind.encode() in esp.read_bytes()[:90]
    done = subprocess.run(["fsck.vfat", "-n", esp], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert copy_out(esp, "/pith.img") == big.read_bytes()


def test_names(pith, image, place):
    """Without -o the image's name; the format is what the output ends in."""
    assert pith("export", image).stdout.startswith("hello.raw: raw, ")
    assert pith("export", "-o", "x.QCOW2", image).stdout.startswith("x.QCOW2: qcow2, ")
    assert pith("export", "-q", "-o", "x.img", image).stdout == ""
    assert pith("export", "--format", "VDI", "-o", "a:b", image).returncode == 0, "a colon means nothing"
    assert sorted(os.listdir()) == ["a:b", "hello.raw", "x.QCOW2", "x.img"]
    assert open("x.img", "rb").read() == open("hello.raw", "rb").read()
    assert all(os.stat(name).st_mode & 0o777 == 0o644 for name in os.listdir())


# What is refused. The folder must be as it was, whatever the reason.

@pytest.fixture
def refuses(pith, image, place):
    def attempt(*words, says, image=image, **more):
        before = {p.name: p.stat().st_size for p in place.iterdir()}
        done = pith("export", *words, *([image] if image else []), **more)
        assert done.returncode == FAILED and done.stdout == "", done
        for text in [says] if isinstance(says, str) else says:
            assert text in done.stderr, done.stderr
        assert len(done.stderr.splitlines()) <= 3 and done.stderr.startswith("pith")
        assert {p.name: p.stat().st_size for p in place.iterdir()} == before
        return done.stderr
    return attempt


def test_options(refuses):
    refuses("--format", "floppy", says=('"floppy"', "raw, qcow2, vmdk, vdi, vhdx or iso"))
    refuses("--format", "", says="no format")
    refuses("--size", "little", says='"little" is no size')
    refuses("--size", "0", says="is no size")
    refuses("--frob", says="--frob")
    refuses("-o", "", says="the output has no name")
    refuses("--format", "iso", "--size", "10M", says="--size is for disks")
    refuses("-o", "x.iso", "--size", "10M", says="--size is for disks")
    refuses(image=None, says="one image")
    refuses("other.pith", says="one image")


def test_sizes_that_are_too_small(refuses, made):
    least = made("raw", name="least").stat().st_size
    for size in (1, 4096, MIB, least - MIB):
        if size:
            refuses("--size", size, says=("--size is too small", f"{least // MIB} MiB"))
    assert made("raw", "--size", least).read_bytes() == made("raw", name="least").read_bytes()


def test_command_lines(refuses):
    refuses("--append", 'a "b', says=("--append", "is missing"))
    refuses("--append", 'a "" b', says=("--append", "empty"))
    refuses("--append", "a\nhalt", says=("--append", "control characters"))


def test_images_that_are_none(refuses, place, image):
    refuses(image="none.pith", says=("no such image", "none.pith"))
    refuses(image="/bin/true", says="/bin/true")
    refuses(image=".", says="a directory")
    (place / "empty").write_bytes(b"")
    refuses(image="empty", says="empty")
    data = bytearray(image.read_bytes())
    (place / "short").write_bytes(data[:-1])
    refuses(image="short", says="cut off")
    data[-100] ^= 1
    (place / "damaged").write_bytes(data)
    refuses(image="damaged", says="damaged")
    os.mkfifo("fifo")
    refuses(image="fifo", says="not a regular file")


@pytest.mark.parametrize("platform", ["kvm", "process"])
def test_image_for_another_platform(refuses, images, platform):
    other = images.app("hello", "--for", platform, image=f"for-{platform}")
    refuses(image=other, says=("the platform pc is not in it", "--for"))


def test_outputs(refuses, place, image):
    (place / "folder").mkdir()
    refuses("-o", "folder", says="it is a folder")
    refuses("-o", "/dev/null", says="not a regular file")
    refuses("-o", "none/x", says=("none/x", "No such file"))
    refuses("-o", "x" * 300, says="File name too long")
    refuses("-o", "x" * 5000, says="File name too long")
    shutil.copy(image, "copy.pith")
    refuses("-o", "copy.pith", image="copy.pith", says="it is the image")
    os.symlink("copy.pith", "link")
    refuses("-o", "link", image="copy.pith", says="it is the image")


@pytest.mark.parametrize("fmt", ["raw", "qcow2", "iso"])
def test_what_was_there_stays(refuses, place, fmt):
    """An export that fails leaves the file of the last one."""
    (place / f"disk.{fmt}").write_text("old")
    refuses("-o", f"disk.{fmt}", "--append", '"', says="missing")
    refuses("-o", f"disk.{fmt}", says=("File too large",), preexec_fn=limit_files)
    assert (place / f"disk.{fmt}").read_text() == "old"


def limit_files():
    """No room: writes beyond this length fail."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (700_000, 700_000))


@pytest.mark.parametrize("fmt", ["raw", "vmdk", "vhdx", "iso"])
def test_disk_that_is_full(pith, image, place, fmt):
    if not mounts_of_its_own():
        pytest.skip("needs a mount namespace of its own")
    (place / "small").mkdir()
    script = f'mount -t tmpfs -o size=700k none small && "$0" export -o small/x.{fmt} "$1"; echo "$?"; ls -A small'
    done = subprocess.run(["unshare", "-m", "sh", "-c", script, pith.binary, image], capture_output=True, text=True, env=pith.env)
    assert done.stdout == f"{FAILED}\n", done
    assert "No space left" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="takes root to become another user")
def test_folder_of_others(image):
    home = Path(tempfile.mkdtemp(prefix="pe"))
    try:
        home.chmod(0o755)
        copy = shutil.copy(image, home / "hello.pith")
        os.chmod(copy, 0o644)
        done = User(home)("export", "-o", home / "x.raw", copy, cwd="/")
        assert done.returncode == FAILED and "Permission denied" in done.stderr, done
        assert sorted(p.name for p in home.iterdir()) == ["hello.pith", "pith-command"]
    finally:
        shutil.rmtree(home)


@pytest.mark.parametrize("tool,fmt", [("grub-mkimage", "raw"), ("grub-mkimage", "iso"), ("qemu-img", "qcow2"), ("qemu-img", "vhdx")])
def test_tools_that_are_missing(refuses, pith, place, tool, fmt, tmp_path):
    """Only the others are in PATH."""
    (tmp_path / "bin").mkdir()
    for other in set(TOOLS) - {tool}:
        os.symlink(shutil.which(other), tmp_path / "bin" / other)
    refuses("--format", fmt, says=(tool, "apt-get install", TOOLS[tool]), env={**pith.env, "PATH": str(tmp_path / "bin")})


@pytest.mark.parametrize("folder,package", [("i386-pc", "grub-pc-bin"), ("x86_64-efi", "grub-efi-amd64-bin")])
def test_half_of_grub_is_missing(pith, image, place, folder, package):
    if not mounts_of_its_own():
        pytest.skip("needs a mount namespace of its own")
    script = f'mkdir /tmp/none.$$ && mount -t tmpfs none /tmp/none.$$ && cp -r /usr/lib/grub/. /tmp/none.$$ && ' \
             f'rm -r /tmp/none.$$/{folder} && mount --bind /tmp/none.$$ /usr/lib/grub && "$0" export "$1"; echo "$?"; ' \
             'umount /usr/lib/grub /tmp/none.$$; rmdir /tmp/none.$$'
    done = subprocess.run(["unshare", "-m", "sh", "-c", script, pith.binary, image], capture_output=True, text=True, env=pith.env)
    assert done.stdout == f"{FAILED}\n", done
    assert f"/usr/lib/grub/{folder} is needed" in done.stderr and package in done.stderr
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("tool", sorted(TOOLS))
def test_tools_that_fail(refuses, pith, place, tool, tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / tool).write_text("#!/bin/sh\necho it rains >&2\nexit 1\n")
    (tmp_path / "bin" / tool).chmod(0o755)
    env = {**pith.env, "PATH": f"{tmp_path}/bin:{os.environ['PATH']}"}
    refuses("--format", "vdi", says=(f"{tool} failed", "it rains"), env=env)
    (tmp_path / "bin" / tool).write_text("#!/bin/sh\n")
    for fmt in FORMATS[1:5]:
        refuses("--format", fmt, says=tool if tool == "grub-mkimage" else "ids", env=env)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted(pith, image, place, tmp_path, number):
    """A signal while a tool works: nothing is left, and the status is the signal's."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/qemu-img").write_text(f"#!/bin/sh\ntouch {tmp_path}/began\nsleep 1\nexec {shutil.which('qemu-img')} \"$@\"\n")
    (tmp_path / "bin/qemu-img").chmod(0o755)
    env = {**pith.env, "PATH": f"{tmp_path}/bin:{os.environ['PATH']}"}
    process = subprocess.Popen([pith.binary, "export", "-o", place / "x.qcow2", image], env=env, stderr=subprocess.PIPE)
    until((tmp_path / "began").exists, "qemu-img")
    process.send_signal(number)
    process.communicate(timeout=20)
    assert process.returncode == -number and list(place.iterdir()) == []


def test_state_is_not_touched(pith, made):
    made("raw")
    assert isinstance(pith, Pith) and pith.names() == []
