#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""Zones and question sets for the dns appliance; the same ones at every run.

    dns_zones.py zone 1000     a zone with so many names, written as short as the format allows
    dns_zones.py torture       a small zone with every corner that an answer can go around
    dns_zones.py queries N     N questions for the zone of 1000 names, in dnsperf's format
"""

import random
import sys

ORIGIN = "pith.test."
HEAD = """$ORIGIN pith.test.
$TTL 1h
@ SOA ns1 root 2026010100 4h 1h 2w 10m
 NS ns1
 NS ns2
 MX 10 mx1
 MX 20 mx2
 TXT "v=spf1 mx -all"
ns1 A 192.0.2.1
 AAAA 2001:db8::1
ns2 A 192.0.2.2
mx1 A 192.0.2.3
 AAAA 2001:db8::3
mx2 A 192.0.2.4
*.w A 192.0.2.5
 MX 10 mx1
*.c CNAME h1
"""
HEAD_NAMES = 7

TORTURE_ORIGIN = "torture.test."
TORTURE = r"""$ORIGIN torture.test.
$TTL 3600
@	IN	SOA	ns.torture.test. Host\.Master.torture.test. ( 7 ; serial
		3600 600 86400 7200 )
	IN	NS	ns
	600	IN	NS	ns.elsewhere.test.
	IN 600	NS	ns.sub
	MX	5 mail
	MX	10 *.wild
	MX	20 mail.sub
	MX	30 absent
	MX	40 host.wild
	TXT	"first" second "th\"ird" "\065\\\;" ""
	CAA	0 issue "ca.test"
	TYPE65280 \# 5 0102 030405
	SSHFP	1 1 00112233445566778899aabbccddeeff00112233
Ns	A	192.0.2.1
	AAAA	2001:db8::1
MAIL	A	192.0.2.2
	A	192.0.2.3
	A	192.0.2.2
any1	TXT	"t"
	HINFO	"cpu" "os"
any2	TXT	"t"
	MX	1 mail
	A	192.0.2.9
any3	PTR	mail
	TXT	"t"
any4	TXT	"t"
	AAAA	2001:db8::7
	A	192.0.2.9
any5	TXT	"t"
	CAA	0 issue "ca.test"
*.wild	A	192.0.2.4
	TXT	"wild"
	MX	1 host.wild
	SRV	0 0 80 mail
sub.x.wild TXT	"makes x.wild exist"
*.*.star TXT	"two stars"
ent.*.under A	192.0.2.5
*.alias	CNAME	mail
*.loop	CNAME	a.loop
*.deepalias CNAME q.wild
*.goes	CNAME	nowhere.absent
a.b.c.d.e TXT	"deep"
loop1	CNAME	loop2
loop2	CNAME	loop3
loop3	CNAME	loop1
self	CNAME	self
chain1	CNAME	chain2
chain2	CNAME	chain3
chain3	CNAME	mail
out	CNAME	www.elsewhere.test.
dangling CNAME	absent.absent
towild	CNAME	some.thing.wild
tocut	CNAME	host.sub
tocutself CNAME	sub
toent	CNAME	c.d.e
tonodata CNAME	any1
_sip._udp SRV	1 2 5060 mail
	SRV	1 3 5060 mail.sub
	SRV	1 4 5060 www.elsewhere.test.
	SRV	1 5 5060 .
sub	NS	ns.sub
	NS	mail.sub
	NS	ns.elsewhere.test.
	DS	12345 8 2 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
ns.sub	A	192.0.2.6
	AAAA	2001:db8::6
mail.sub A	192.0.2.7
deeper.sub NS	ns.deeper.sub
ns.deeper.sub A	192.0.2.8
*.sub	A	192.0.2.99
lame	NS	ns.lame-elsewhere.test.
plain	NS	mail
wildcut	NS	host.wild
old	DNAME	new
old	TXT	"beside a DNAME"
a.new	A	192.0.2.10
b.new	CNAME	a.new
*.w.new	A	192.0.2.11
far	DNAME	far.elsewhere.test.
dloop	DNAME	x.dloop
long	DNAME	%s
todname	CNAME	a.old
\000\001.bin A	192.0.2.13
dot\.ted A	192.0.2.14
\*	A	192.0.2.15
""" % ".".join(["l" * 63, "m" * 63, "n" * 60])


def zone(names=1000):
    """A zone of so many names that own records."""
    out, left = [HEAD], names - HEAD_NAMES
    i = 0
    while left > 0:
        i += 1
        addr = f"10.{i >> 8}.{i & 255}.1"
        if i % 25 == 0 and left >= 2:
            out.append(f"d{i} NS n.d{i}\nn.d{i} A {addr}\n")
            left -= 2
            continue
        if i % 20 == 3:
            out.append(f"a{i} CNAME h{i - 1}\n")
        elif i % 20 == 7:
            out.append(f"h{i} A {addr}\n AAAA 2001:db8::{i:x}\n")
        elif i % 20 == 11:
            out.append(f"m{i} MX 5 mx2\n")
        elif i % 50 == 13:
            out.append(f"_s._tcp.s{i} SRV 1 1 {i} h1\n")
        elif i % 50 == 14:
            out.append(f"t{i} TXT text{i}\n")
        elif i % 50 == 15:
            out.append(f"a.b.e{i} A {addr}\n")
        else:
            out.append(f"h{i} A {addr}\n")
        left -= 1
    return "".join(out)


def torture():
    """TORTURE, and sets that are too large for one datagram or another."""
    out = [TORTURE]
    out += [f'big TXT "{i:02} {"x" * 60}"\n' for i in range(12)]
    out += [f'huge TXT "{i:03} {"y" * 200}"\n' for i in range(120)]
    out += [f"many A 10.1.{i >> 8}.{i & 255}\n" for i in range(90)]
    out += [f"mxs MX {i} target-number-{i}\ntarget-number-{i} A 10.2.0.{i}\n"
            f" AAAA 2001:db8:2::{i:x}\n" for i in range(40)]
    out += [f"wide NS name-server-{i}.wide\nname-server-{i}.wide A 10.3.0.{i}\n"
            f" AAAA 2001:db8:3::{i:x}\n" for i in range(30)]
    out += [f'edge{i} TXT {"z" * i} {" ".join(["z" * 250] * 4)}\n' for i in range(80, 200)]
    out += [f"brim{i} TXT {'z' * i}\n" for i in range(60, 255)]
    return "".join(out)


def owners(text, origin):
    """The owner names of a zone of ours, absolute."""
    found = []
    for line in text.splitlines():
        if line and line[0] not in " \t$;":
            name = line.split()[0]
            name = origin if name == "@" else f"{name}.{origin}"
            if name not in found[-1:]:
                found.append(name)
    return found


TYPES = ["A", "AAAA", "NS", "SOA", "CNAME", "MX", "TXT", "SRV", "PTR", "ANY", "DS", "DNAME",
         "CAA", "TYPE65280", "HINFO"]


def variations(name, origin, rng):
    """A name and what is near it: children, ancestors, siblings, odd case."""
    first, _, rest = name.partition(".")
    near = [name, f"x.{name}", f"*.{name}", f"no.such.{name}", f"{first}0.{rest}", rest or origin,
            name.upper(), "".join(rng.choice((c.lower(), c.upper())) for c in name)]
    return near if "\\" not in name else [name, f"x.{name}"]


def cases(text, origin, count, seed=1):
    """So many (name, type, payload size, DO, TCP, flags) around a zone's names."""
    rng = random.Random(seed)
    names = owners(text, origin)
    out = []
    while len(out) < count:
        name = rng.choice(names) if len(out) >= len(names) else names[len(out)]
        qname = rng.choice(variations(name, origin, rng))
        edns = rng.choice((None, None, 0, 512, 513, 700, 1231, 1232, 1233, 4096, 65535))
        flags = rng.choice((0, 0x100, 0x100, 0x10, 0x20, 0x110, 0x40, 0x80, 0x400, 0x200))
        out.append((qname, rng.choice(TYPES), edns, edns is not None and rng.random() < 0.4,
                    rng.random() < 0.3, flags))
    return out


def queries(count, seed=1):
    """Questions as a resolver asks them: mostly for what is there."""
    rng = random.Random(seed)
    names = owners(zone(), ORIGIN)
    for i in range(count):
        kind = rng.random()
        if kind < 0.80:
            yield rng.choice(names), rng.choice(("A", "A", "A", "AAAA", "MX", "TXT"))
        elif kind < 0.90:
            yield f"nx{i}.{ORIGIN}", "A"
        elif kind < 0.95:
            yield f"any{i}.w.{ORIGIN}", "A"
        else:
            yield f"host.d{25 * rng.randrange(1, 30)}.{ORIGIN}", "A"


def main(argv):
    if len(argv) == 3 and argv[1] == "zone" and argv[2].isdigit():
        sys.stdout.write(zone(int(argv[2])))
    elif len(argv) == 2 and argv[1] == "torture":
        sys.stdout.write(torture())
    elif len(argv) == 3 and argv[1] == "queries" and argv[2].isdigit():
        for name, qtype in queries(int(argv[2])):
            print(name, qtype)
    else:
        sys.exit(__doc__.strip())


if __name__ == "__main__":
    main(sys.argv)
