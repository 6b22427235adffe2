# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""Disks and CDs as a reader sees them who knows only the specifications: partition table, ISO 9660, El Torito."""

import struct
import uuid
import zlib

SECTOR, BLOCK = 512, 2048
BIOS_BOOT = uuid.UUID("21686148-6449-6e6f-744e-656564454649")
EFI_SYSTEM = uuid.UUID("c12a7328-f81f-11d2-ba4b-00a0c93ec93b")


class Gpt:
    """The table of a disk; both copies of it are checked as sgdisk --verify would."""

    def __init__(self, disk):
        self.disk = disk
        self.sectors = len(disk) // SECTOR
        assert len(disk) % SECTOR == 0
        self.check_mbr()
        first, last = self.header(1), self.header(self.sectors - 1)
        assert first["here"] == 1 and first["other"] == self.sectors - 1
        assert last["here"] == self.sectors - 1 and last["other"] == 1
        same = ("id", "first", "last", "count", "size", "crc")
        assert [first[k] for k in same] == [last[k] for k in same]
        assert last["entries"] > first["last"] and first["entries"] == 2
        self.id = first["id"]
        self.partitions = self.read_entries(first)
        assert self.partitions == self.read_entries(last)
        end = first["first"]
        for kind, _, begin, stop, _ in self.partitions:
            assert end <= begin <= stop <= first["last"], kind
            end = stop + 1

    def check_mbr(self):
        mbr = self.disk[:SECTOR]
        assert mbr[510:] == b"\x55\xaa"
        assert mbr[446 + 4] == 0xee and mbr[462:510] == bytes(48), "one protective partition"
        assert struct.unpack_from("<II", mbr, 446 + 8) == (1, self.sectors - 1)

    def header(self, sector):
        raw = self.disk[sector * SECTOR:sector * SECTOR + 92]
        names = ("magic", "revision", "length", "own_crc", "zero", "here", "other", "first", "last", "id", "entries", "count",
                 "size", "crc")
        h = dict(zip(names, struct.unpack("<8sIIIIQQQQ16sQIII", raw)))
        assert h["magic"] == b"EFI PART" and h["length"] == 92 and not h["zero"]
        assert zlib.crc32(raw[:16] + bytes(4) + raw[20:]) == h["own_crc"]
        table = self.table(h)
        assert zlib.crc32(table) == h["crc"] and len(table) >= 16384
        return h

    def table(self, h):
        return self.disk[h["entries"] * SECTOR:h["entries"] * SECTOR + h["count"] * h["size"]]

    def read_entries(self, h):
        found, table = [], self.table(h)
        for i in range(h["count"]):
            entry = table[i * h["size"]:(i + 1) * h["size"]]
            if entry[:16] != bytes(16):
                first, last = struct.unpack_from("<QQ", entry, 32)
                found.append((uuid.UUID(bytes_le=entry[:16]), uuid.UUID(bytes_le=entry[16:32]), first, last,
                              entry[56:].decode("utf-16-le").rstrip("\0")))
        return found

    def bytes_of(self, kind):
        part = next(p for p in self.partitions if p[0] == kind)
        return self.disk[part[2] * SECTOR:(part[3] + 1) * SECTOR]


class Iso:
    """A CD: the files of its root, and what El Torito boots."""

    def __init__(self, cd):
        self.cd = cd
        primary = self.block(16)
        assert primary[:7] == b"\1CD001\1" and self.block(18)[:6] == b"\xffCD001"
        assert self.both(primary, 80) * BLOCK == len(cd) and struct.unpack_from("<H", primary, 128)[0] == BLOCK
        self.label = primary[40:72].decode().rstrip()
        self.files = self.read_folder(primary[156:190])
        boot = self.block(17)
        assert boot[:7] == b"\0CD001\1" and boot[7:30] == b"EL TORITO SPECIFICATION"
        self.boots = self.read_catalog(self.block(struct.unpack_from("<I", boot, 71)[0]))

    def block(self, n):
        return self.cd[n * BLOCK:(n + 1) * BLOCK]

    @staticmethod
    def both(raw, at):
        little, = struct.unpack_from("<I", raw, at)
        assert struct.unpack_from(">I", raw, at + 4) == (little,)
        return little

    def read_folder(self, record):
        at, length = self.both(record, 2) * BLOCK, self.both(record, 10)
        raw, files = self.cd[at:at + length], {}
        while raw and raw[0]:
            one, raw = raw[:raw[0]], raw[raw[0]:]
            if not one[25] & 2:
                begin = self.both(one, 2) * BLOCK
                files[one[33:33 + one[32]].decode()] = self.cd[begin:begin + self.both(one, 10)]
        return files

    @staticmethod
    def read_catalog(raw):
        """By platform: the first block, and sectors of 512 bytes."""
        assert raw[0] == 1 and raw[30:32] == b"\x55\xaa"
        assert sum(struct.unpack_from("<16H", raw)) & 0xffff == 0
        found = {raw[1]: (raw[32:64])}
        assert raw[64] == 0x91, "the last section"
        found[raw[65]] = raw[96:128]
        for entry in found.values():
            assert entry[0] == 0x88 and entry[1] == 0, "can be booted, no emulation"
        return {k: (struct.unpack_from("<I", e, 8)[0], struct.unpack_from("<H", e, 6)[0]) for k, e in found.items()}
