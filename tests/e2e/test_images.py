# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""Images that are none, or not whole, or changed: always refused, with a message, status 125 and nothing left behind."""

import ctypes
import ctypes.util
import os
import random
import stat
import struct

import pytest
from pithrun import FAILED

FILES = ["packed", "in-place"]


@pytest.fixture(scope="session")
def sound(images):
    """A packed image and one that is mapped in place, as bytes."""
    return {"packed": images.app("hello").read_bytes(),
            "in-place": images.app("hello", "--in-place", image="hello-in-place").read_bytes()}


@pytest.fixture
def refuses(pith, tmp_path):
    """Tries some bytes as an image, with run and inspect by turns."""
    turn = 0

    def attempt(data, *says):
        nonlocal turn
        turn += 1
        path = tmp_path / "bad.pith"
        path.write_bytes(data)
        words = [("inspect", path), ("run", "--on", "process", path), ("run", "-d", path)][turn % 3]
        done = pith(*words)
        assert done.returncode == FAILED, (words, done)
        assert done.stdout == "" and done.stderr.startswith("pith: ") and done.stderr.count("\n") == 1, done.stderr
        assert "bad.pith" in done.stderr
        for text in says:
            assert text in done.stderr
        assert pith.names() == []
    return attempt


def test_sound_ones(pith, on, sound, tmp_path):
    for name, data in sound.items():
        (tmp_path / name).write_bytes(data)
        assert pith.run(on, tmp_path / name).stdout == "Hello from Pith\n"
        assert "sound" in pith("inspect", tmp_path / name).stdout


def test_no_such_image(pith, on, tmp_path):
    pith.refused("run", "--on", on, tmp_path / "none.pith", says=("no such image", "none.pith", "pith build"))
    pith.refused("run", "-d", "--on", on, tmp_path / "none.pith", says="no such image")
    pith.refused("inspect", tmp_path / "none.pith", says="none.pith")


def test_not_a_file(pith, tmp_path):
    os.mkfifo(tmp_path / "fifo")
    for words in (["run"], ["run", "-d"], ["inspect"]):
        pith.refused(*words, tmp_path, says="is a directory")
        pith.refused(*words, "/dev/null", says="is no image")
        pith.refused(*words, tmp_path / "fifo", says="is no image")


def test_unreadable(pith, images, tmp_path):
    path = tmp_path / "x.pith"
    path.symlink_to("x.pith")
    pith.refused("run", path, says="x.pith")


@pytest.mark.parametrize("data, says", [
    (b"", "bytes"), (b"\x7fELF", "bytes"), (b"#!/bin/sh\necho hello\n" * 50, "not an ELF"), (bytes(5000), "not an ELF"),
    (b"\x7fELF" + bytes(5000), "bad.pith"), (b"\x7fELF\x02\x01\x01" + b"\xff" * 5000, "bad.pith"),
])
def test_rubbish(refuses, data, says):
    for _ in range(3):
        refuses(data, says)


def test_program_instead_of_an_image(pith, images):
    program = images.program("tool")
    pith.refused("run", program, says=("no image of Pith", f"pith build {program}"))


def lengths(data):
    """Around every page and header, and at random."""
    rng = random.Random(len(data))
    edges = {0, 1, 3, 4, 63, 64, 65, 119, 120, 176, 231, 232, 233, 400, 500, len(data) - 1, len(data) - 2, len(data) - 16}
    for at in range(0, len(data), 4096):
        edges |= {at - 1, at, at + 1}
    return sorted(n for n in edges | {rng.randrange(len(data)) for _ in range(60)} if 0 <= n < len(data))


@pytest.mark.parametrize("kind", FILES)
def test_cut_off(refuses, sound, kind):
    for n in lengths(sound[kind]):
        refuses(sound[kind][:n])


@pytest.mark.parametrize("kind", FILES)
def test_too_long(refuses, sound, kind):
    for more in (b"x", bytes(4096), sound[kind]):
        refuses(sound[kind] + more, "damaged")


def positions(data):
    rng = random.Random(1)
    return sorted({*range(0, 64, 5), *range(64, 640, 11), *(rng.randrange(len(data)) for _ in range(90)), len(data) - 1})


@pytest.mark.parametrize("kind", FILES)
def test_one_byte_changed(refuses, sound, kind):
    rng = random.Random(5)
    for at in positions(sound[kind]):
        data = bytearray(sound[kind])
        data[at] ^= rng.randrange(1, 256)
        refuses(bytes(data))


@pytest.mark.parametrize("kind", FILES)
def test_pages_swapped(refuses, sound, kind):
    data = sound[kind]
    refuses(data[:4096] + data[8192:12288] + data[4096:8192] + data[12288:], "damaged")
    refuses(data[:-4096] + bytes(4096), "damaged")


# Images with a right sum that lie.


class Hash128(ctypes.Structure):
    _fields_ = [("low", ctypes.c_uint64), ("high", ctypes.c_uint64)]


def with_sum(data, at):
    """The bytes with the sum that they must have; it stands at an offset of the file."""
    name = ctypes.util.find_library("xxhash")
    if not name:
        pytest.skip("libxxhash is not installed")
    xxh = ctypes.CDLL(name).XXH3_128bits
    xxh.restype, xxh.argtypes = Hash128, [ctypes.c_char_p, ctypes.c_size_t]
    blank = data[:at] + bytes(16) + data[at + 16:]
    got = xxh(blank, len(blank))
    return data[:at] + struct.pack("<QQ", got.low, got.high) + data[at + 16:]


def header_at(data):
    """Where the header of an image lies: behind its note's name, which is padded to 4 or 8."""
    name = data.index(b"Pith\0")
    return next(at for at in (name + 8, name + 12) if 0 < struct.unpack_from("<I", data, at)[0] < 100)


def patched(data, offset, fmt, value):
    at = header_at(data)
    out = bytearray(data)
    struct.pack_into(fmt, out, at + offset, value)
    return with_sum(bytes(out), at + 16)


def test_the_sum_is_understood(sound):
    for data in sound.values():
        assert with_sum(data, header_at(data) + 16) == data


def test_version_too_new(refuses, sound):
    refuses(patched(sound["in-place"], 0, "<I", 99), "version 99")
    refuses(patched(sound["packed"], 0, "<I", 99), "version 99")
    refuses(patched(sound["packed"], 4, "<I", 9), "method 9")
    refuses(patched(sound["in-place"], 4, "<I", 0x80000000), "features")


@pytest.mark.parametrize("kind", FILES)
def test_lying_length(refuses, sound, kind):
    n = len(sound[kind])
    for value in (0, n - 1, n + 1, 1 << 63, (1 << 64) - 1):
        refuses(patched(sound[kind], 8, "<Q", value))


@pytest.mark.parametrize("value", [0, 1, 1 << 30, 1 << 63, (1 << 64) - 1])
def test_lying_about_what_is_packed(refuses, sound, value):
    for offset in (32, 40, 48):
        if offset == 32 or value:
            refuses(patched(sound["packed"], offset, "<Q", value))


@pytest.mark.parametrize("value", [1 << 40, (1 << 63) - 1, (1 << 64) - 4096, (1 << 64) - 1])
def test_lying_parts(refuses, sound, value):
    for part in range(8):
        for field in range(4 if 1 <= part <= 3 else 2):  # the others have no address
            refuses(patched(sound["in-place"], 56 + 32 * part + 8 * field, "<Q", value))


@pytest.mark.parametrize("value", [1, 4095, 4097])
def test_parts_that_begin_anywhere(refuses, sound, value):
    for part in range(8):
        refuses(patched(sound["in-place"], 56 + 32 * part, "<Q", value))


def test_lying_entries(refuses, sound):
    for offset in (32, 40, 48):
        for value in (1 << 20, (1 << 64) - 1):
            refuses(patched(sound["in-place"], offset, "<Q", value))


def test_image_is_only_read(pith, on, images, tmp_path):
    image = images.app("hello")
    before = os.stat(image)
    pith.run(on, image)
    after = os.stat(image)
    assert (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size)
    copy = tmp_path / "readonly.pith"
    copy.write_bytes(image.read_bytes())
    copy.chmod(stat.S_IRUSR)
    assert pith.run(on, copy).returncode == 0
