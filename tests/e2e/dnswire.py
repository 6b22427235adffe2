# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""DNS messages for tests: a builder of questions, right or wrong, and a strict reader of answers.

Names are bytes in presentation form, with \\DDD for octets that need it. A Message compares equal
to another if a resolver could not tell them apart: sections are sets, names in them are lowered."""

import socket
import struct
from dataclasses import dataclass, field

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "HINFO": 13, "MX": 15, "TXT": 16,
         "AAAA": 28, "SRV": 33, "DNAME": 39, "OPT": 41, "DS": 43, "SSHFP": 44, "DNSKEY": 48,
         "TLSA": 52, "SPF": 99, "IXFR": 251, "AXFR": 252, "ANY": 255, "CAA": 257,
         "TYPE65280": 65280}
IN, CH, HS, NONE, ANY = 1, 3, 4, 254, 255
QR, AA, TC, RD, RA, Z, AD, CD = 0x8000, 0x400, 0x200, 0x100, 0x80, 0x40, 0x20, 0x10
NOERROR, FORMERR, SERVFAIL, NXDOMAIN, NOTIMP, REFUSED, YXDOMAIN = range(7)

# How many octets stand before the names in a type's data, and how many names there are.
NAMES_AT = {2: (0, 1), 5: (0, 1), 6: (0, 2), 12: (0, 1), 15: (2, 1), 33: (6, 1), 39: (0, 1)}


class WireError(Exception):
    """The message is malformed."""


def labels(name):
    """The labels of a name in presentation form."""
    out, label, i = [], bytearray(), 0
    data = name.encode() if isinstance(name, str) else name
    while i < len(data):
        c = data[i]
        if c == 0x5C and data[i + 1:i + 4].isdigit():
            label.append(int(data[i + 1:i + 4]))
            i += 4
        elif c == 0x5C:
            label.append(data[i + 1])
            i += 2
        elif c == 0x2E:
            out.append(bytes(label))
            label = bytearray()
            i += 1
        else:
            label.append(c)
            i += 1
    if label:
        out.append(bytes(label))
    return [part for part in out if part]


def wire_name(name):
    return b"".join(bytes([len(part)]) + part for part in labels(name)) + b"\0"


def opt(size=1232, do=False, version=0, options=b"", ext=0):
    """An OPT record (RFC 6891)."""
    return b"\0" + struct.pack("!HHBBHH", 41, size, ext, version, 0x8000 if do else 0,
                               len(options)) + options


def question(name, qtype="A", qclass=IN):
    number = TYPES[qtype] if isinstance(qtype, str) else qtype
    return wire_name(name) + struct.pack("!HH", number, qclass)


def message(body=b"", ident=1, flags=0, qd=1, an=0, ns=0, ar=0):
    return struct.pack("!HHHHHH", ident, flags, qd, an, ns, ar) + body


def query(name, qtype="A", qclass=IN, ident=1, flags=0, edns=None, do=False):
    """A question; edns is the payload size to announce, or None for no OPT record."""
    extra = b"" if edns is None else opt(edns, do)
    return message(question(name, qtype, qclass) + extra, ident, flags, ar=1 if extra else 0)


def read_name(data, at):
    """A name at an offset, decompressed. Returns (name in wire form, offset behind it)."""
    out, after, lowest = bytearray(), None, at
    while True:
        if at >= len(data):
            raise WireError("name runs out of the message")
        n = data[at]
        if n >= 0xC0:
            if at + 1 >= len(data):
                raise WireError("half a pointer")
            target = (n & 0x3F) << 8 | data[at + 1]
            if after is None:
                after = at + 2
            if target >= lowest:
                raise WireError("pointer does not point backwards")
            at = lowest = target
            continue
        if n > 63 or at + 1 + n > len(data):
            raise WireError("bad label")
        out += data[at:at + 1 + n]
        at += 1 + n
        if len(out) > 255:
            raise WireError("name too long")
        if not n:
            return bytes(out), at if after is None else after


def read_rdata(data, at, length, rtype):
    """Data with its names decompressed and lowered."""
    end = at + length
    if rtype not in NAMES_AT:
        return data[at:end]
    head, count = NAMES_AT[rtype]
    out = data[at:at + head]
    at += head
    for _ in range(count):
        name, at = read_name(data, at)
        out += name.lower()
    if at > end:
        raise WireError("name runs out of the data")
    return out + data[at:end]


@dataclass
class Message:
    ident: int
    flags: int
    counts: tuple
    question: bytes
    sections: list = field(default_factory=list)
    opt: tuple = None

    @property
    def rcode(self):
        return self.flags & 15 | (self.opt[1] << 4 if self.opt else 0)

    def key(self):
        return (self.flags, self.counts, self.question, [sorted(s) for s in self.sections],
                self.opt)

    def types(self, section):
        return sorted(record[1] for record in self.sections[section])


def _record(data, at):
    owner, at = read_name(data, at)
    if at + 10 > len(data):
        raise WireError("record runs out of the message")
    rtype, rclass, ttl, length = struct.unpack_from("!HHIH", data, at)
    at += 10
    if at + length > len(data):
        raise WireError("data runs out of the message")
    return owner, rtype, rclass, ttl, at, length


def parse(data):
    """Reads a whole message; anything out of place is a WireError."""
    if len(data) < 12:
        raise WireError("no header")
    ident, flags, qd, an, ns, ar = struct.unpack_from("!HHHHHH", data)
    at = 12
    for _ in range(qd):
        _, at = read_name(data, at)
        at += 4
    if at > len(data):
        raise WireError("question runs out of the message")
    result = Message(ident, flags, (qd, an, ns, ar), data[12:at])
    for count in (an, ns, ar):
        section = []
        for _ in range(count):
            owner, rtype, rclass, ttl, at, length = _record(data, at)
            if rtype == TYPES["OPT"]:
                if owner != b"\0" or result.opt:
                    raise WireError("bad OPT record")
                result.opt = (rclass, ttl >> 24, ttl >> 16 & 255, ttl & 0xFFFF,
                              data[at:at + length])
            else:
                section.append((owner.lower(), rtype, rclass, ttl,
                                read_rdata(data, at, length, rtype)))
            at += length
        result.sections.append(section)
    if at != len(data):
        raise WireError(f"{len(data) - at} octets behind the message")
    return result


def receive_exactly(sock, n):
    data = b""
    while len(data) < n:
        part = sock.recv(n - len(data))
        if not part:
            raise EOFError("connection closed")
        data += part
    return data


def receive_tcp(sock):
    return receive_exactly(sock, struct.unpack("!H", receive_exactly(sock, 2))[0])


def frame(data):
    return struct.pack("!H", len(data)) + data


class Client:
    """Asks one server. UDP questions are asked again when no answer comes."""

    def __init__(self, address, timeout=2.0):
        self.address = address
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.family = family
        self.timeout = timeout
        self.udp = socket.socket(family, socket.SOCK_DGRAM)
        self.udp.settimeout(timeout)
        self.udp.connect(address)
        self.tcp = None

    def connect(self):
        sock = socket.create_connection(self.address, timeout=self.timeout)
        sock.settimeout(self.timeout)
        return sock

    def close(self):
        self.udp.close()
        if self.tcp:
            self.tcp.close()

    def ask_udp(self, data, tries=4):
        for _ in range(tries):
            self.udp.send(data)
            try:
                while True:
                    answer = self.udp.recv(65535)
                    if answer[:2] == data[:2]:
                        return answer
            except socket.timeout:
                pass
        raise TimeoutError(f"no answer from {self.address}")

    def ask_tcp(self, data):
        if self.tcp is None:
            self.tcp = self.connect()
        self.tcp.sendall(frame(data))
        return receive_tcp(self.tcp)

    def ask(self, data, tcp=False):
        return self.ask_tcp(data) if tcp else self.ask_udp(data)

    def drops(self, data, probe):
        """True if the server answers the probe but not the data before it, over UDP."""
        self.udp.send(data)
        return self.ask_udp(probe)[:2] == probe[:2] and self.silent()

    def silent(self):
        """True if no answer is waiting."""
        self.udp.setblocking(False)
        try:
            self.udp.recv(65535)
            return False
        except BlockingIOError:
            return True
        finally:
            self.udp.settimeout(self.timeout)
