# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""The dns appliance as a Linux program, beside NSD, and with bad zones and bad messages.

PITH_DNS_BIN is the program (build/apps/dns). With PITH_DNS_ADDR=host:port what serves there is
tested instead, an instance of Pith for example: it must serve `dns_zones.py zone 1000`."""

import os
import random
import resource
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import dns_zones  # noqa: E402
import dnswire as w  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("PITH_DNS_BIN", str(ROOT / "build/apps/dns"))
REMOTE = os.environ.get("PITH_DNS_ADDR")
NSD = shutil.which("nsd") or "/usr/sbin/nsd"
PROBE = w.query("h1.pith.test.", "A", ident=0x7777)

local_only = pytest.mark.skipif(bool(REMOTE), reason="PITH_DNS_ADDR: only the server's answers "
                                                     "can be tested, not the program")
needs_nsd = pytest.mark.skipif(not os.access(NSD, os.X_OK), reason="nsd is not installed")


def free_port(host="127.0.0.1", family=socket.AF_INET):
    """A port that is free for UDP and TCP."""
    while True:
        with socket.socket(family, socket.SOCK_STREAM) as tcp, \
                socket.socket(family, socket.SOCK_DGRAM) as udp:
            tcp.bind((host, 0))
            try:
                udp.bind((host, tcp.getsockname()[1]))
                return tcp.getsockname()[1]
            except OSError:
                continue


def have_ipv6():
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
            sock.bind(("::1", 0))
        return True
    except OSError:
        return False


class Server:
    """A server process of ours; with it a client."""

    def __init__(self, argv, address, ready=None):
        self.process = subprocess.Popen(argv, stderr=subprocess.PIPE, text=True)
        self.client = w.Client(address)
        if ready:
            line = self.process.stderr.readline()
            assert ready in line, line + self.process.stderr.read()

    def stop(self, number=signal.SIGTERM):
        self.client.close()
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(10)
        self.rest = self.process.stderr.read()
        self.process.stderr.close()
        return code


def start(zone_file, *options, host="127.0.0.1", family=socket.AF_INET):
    port = free_port(host, family)
    argv = [PROGRAM, "-z", str(zone_file), "-a", host, "-p", str(port), *options]
    return Server(argv, (host, port), ready=f"port {port}")


def start_nsd(folder, zones):
    """NSD in the foreground, told to keep its name and version to itself as dns does."""
    port = free_port()
    conf = [f"server:\n ip-address: 127.0.0.1@{port}\n port: {port}",
            ' username: ""\n chroot: ""',
            f" ip-address: ::1@{port}" if have_ipv6() else "",
            f' zonesdir: "{folder}"\n database: ""\n pidfile: "{folder}/nsd.pid"',
            f' zonelistfile: "{folder}/zone.list"\n xfrdfile: "{folder}/xfrd.state"',
            f' xfrdir: "{folder}"\n server-count: 1\n hide-version: yes\n hide-identity: yes',
            " tcp-timeout: 60\n rrl-ratelimit: 0\n",
            "remote-control:\n control-enable: no"]
    for name, file in zones:
        conf.append(f'zone:\n name: {name}\n zonefile: "{file}"')
    path = folder / "nsd.conf"
    path.write_text("\n".join(conf) + "\n")
    server = Server([NSD, "-d", "-c", str(path)], ("127.0.0.1", port))
    probe = w.query(zones[0][0], "SOA", ident=5)
    for _ in range(100):
        try:
            server.client.ask_udp(probe, tries=1)
            return server
        except OSError:
            if server.process.poll() is not None:
                pytest.fail("nsd: " + server.process.stderr.read())
            time.sleep(0.1)
    server.stop()
    pytest.fail("nsd does not answer")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("dns")
    (path / "pith.zone").write_text(dns_zones.zone(1000))
    (path / "torture.zone").write_text(dns_zones.torture())
    return path


@pytest.fixture(scope="module")
def target(folder):
    """Where the zone of 1000 names is served: (host, port)."""
    if REMOTE:
        host, port = REMOTE.rsplit(":", 1)
        yield host.strip("[]"), int(port)
        return
    server = start(folder / "pith.zone")
    yield server.client.address
    assert server.stop() == 0, server.rest


@pytest.fixture
def client(target):
    made = w.Client(target)
    yield made
    made.close()


@pytest.fixture(scope="module")
def torture(folder):
    """The server of the torture zone."""
    if REMOTE:
        pytest.skip("PITH_DNS_ADDR serves the other zone")
    server = start(folder / "torture.zone")
    yield server.client
    assert server.stop() == 0, server.rest


@pytest.fixture(scope="module")
def nsd(folder):
    server = start_nsd(folder, [("pith.test.", folder / "pith.zone"),
                                ("torture.test.", folder / "torture.zone")])
    yield server.client
    server.stop()


def ask(client, *args, tcp=False, **kwargs):
    return w.parse(client.ask(w.query(*args, **kwargs), tcp=tcp))


# Answers, one kind each.

def test_address(client):
    m = ask(client, "h1.pith.test.", "A", flags=w.RD)
    assert m.flags == w.QR | w.AA | w.RD
    assert m.sections[0] == [(w.wire_name("h1.pith.test."), 1, 1, 3600, bytes([10, 0, 1, 1]))]
    assert m.types(1) == [2, 2] and m.types(2) == [1, 1, 28]


def test_case_of_question_is_kept(client):
    m = ask(client, "H1.piTH.tEst.", "A")
    assert m.question[:14] == b"\2H1\4piTH\4tEst\0" and m.rcode == 0 and m.types(0) == [1]


def test_no_such_name(client):
    m = ask(client, "nope.pith.test.", "A")
    assert (m.rcode, m.counts) == (w.NXDOMAIN, (1, 0, 1, 0))
    assert m.sections[1][0][1] == 6 and m.sections[1][0][3] == 600


def test_no_such_type(client):
    m = ask(client, "h1.pith.test.", "MX")
    assert (m.rcode, m.counts) == (w.NOERROR, (1, 0, 1, 0)) and m.flags & w.AA


def test_empty_non_terminal(client):
    m = ask(client, "b.e15.pith.test.", "A")
    assert (m.rcode, m.counts) == (w.NOERROR, (1, 0, 1, 0))


def test_wildcard(client):
    m = ask(client, "some.thing.w.pith.test.", "A")
    assert m.sections[0][0][0] == w.wire_name("some.thing.w.pith.test.")


def test_wildcard_alias_is_followed(client):
    assert ask(client, "x.c.pith.test.", "A").types(0) == [1, 5]


def test_referral(client):
    m = ask(client, "host.d25.pith.test.", "A")
    assert not m.flags & w.AA and m.counts == (1, 0, 1, 1)
    assert m.sections[1][0][0] == w.wire_name("d25.pith.test.")


def test_other_zone_is_refused(client):
    m = ask(client, "pith.example.", "A", edns=1232)
    assert m.rcode == w.REFUSED and m.opt[4] == struct.pack("!HHH", 15, 2, 20)


def test_edns_is_answered(client):
    m = ask(client, "h1.pith.test.", "A", edns=4096, do=True)
    assert m.opt == (1232, 0, 0, 0x8000, b"")


def test_edns_is_not_volunteered(client):
    assert ask(client, "h1.pith.test.", "A").opt is None


@pytest.mark.parametrize("qclass", [w.HS, 2, 0, w.NONE])
def test_other_class_is_refused(client, qclass):
    assert ask(client, "h1.pith.test.", "A", qclass).rcode == w.REFUSED


@pytest.mark.parametrize("name", ["version.bind.", "id.server.", "anything."])
def test_chaos_is_refused(client, name):
    assert ask(client, name, "TXT", w.CH).rcode == w.REFUSED


@pytest.mark.parametrize("qtype", ["AXFR", "IXFR"])
def test_transfers_are_refused(client, qtype):
    m = ask(client, "pith.test.", qtype, tcp=True)
    assert m.rcode == w.REFUSED and m.counts == (1, 0, 0, 0)


# TCP.

def test_tcp_questions_are_pipelined(client):
    with client.connect() as sock:
        data = b"".join(w.frame(w.query(f"x{i}.w.pith.test.", "A", ident=i)) for i in range(500))
        sock.sendall(data)
        got = [w.parse(w.receive_tcp(sock)) for _ in range(500)]
    assert [m.ident for m in got] == list(range(500)) and {m.rcode for m in got} == {0}


def test_tcp_question_in_pieces(client):
    with client.connect() as sock:
        for octet in w.frame(PROBE):
            sock.sendall(bytes([octet]))
        assert w.parse(w.receive_tcp(sock)).types(0) == [1]


def test_tcp_client_that_does_not_read(client):
    with client.connect() as stuck:
        stuck.setblocking(False)
        data = w.frame(w.query("pith.test.", "NS")) * 1000
        sent = 0
        try:
            for _ in range(1000):
                sent += stuck.send(data[sent % len(data):])
        except BlockingIOError:
            pass
        assert w.parse(client.ask_tcp(PROBE)).rcode == 0
        stuck.settimeout(5)
        for _ in range(sent * 9 // 10 // (len(data) // 1000)):
            assert w.parse(w.receive_tcp(stuck)).types(0) == [2, 2]


@pytest.mark.parametrize("data", [b"\0\0", b"\0\x04abcd", b"\0\x10" + b"\0" * 16],
                         ids=["empty", "short", "header-only"])
def test_tcp_runt_closes(client, data):
    with client.connect() as sock:
        sock.sendall(data)
        with pytest.raises((EOFError, ConnectionError)):
            w.receive_tcp(sock)
    assert w.parse(client.ask_tcp(PROBE)).rcode == 0


def test_tcp_answer_to_an_answer_closes(client):
    with client.connect() as sock:
        sock.sendall(w.frame(w.query("h1.pith.test.", flags=w.QR)))
        with pytest.raises((EOFError, ConnectionError)):
            w.receive_tcp(sock)


def test_tcp_many_connections_make_room(client):
    socks = [client.connect() for _ in range(200)]
    try:
        socks[-1].sendall(w.frame(PROBE))
        assert w.parse(w.receive_tcp(socks[-1])).rcode == 0
    finally:
        for sock in socks:
            sock.close()


@local_only
def test_tcp_idle_connection_is_closed(folder):
    server = start(folder / "pith.zone", "-t", "1")
    try:
        with server.client.connect() as sock:
            sock.settimeout(30)
            sock.sendall(w.frame(PROBE))
            w.receive_tcp(sock)
            assert sock.recv(1) == b""
    finally:
        assert server.stop() == 0


@local_only
def test_tcp_without_descriptors_makes_room(folder):
    server = start(folder / "pith.zone")
    socks = []
    try:
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (16, 16))
        for _ in range(40):
            socks.append(server.client.connect())
            socks[-1].sendall(w.frame(PROBE))
            assert w.parse(w.receive_tcp(socks[-1])).rcode == 0
    finally:
        for sock in socks:
            sock.close()
        assert server.stop() == 0


# Messages that are wrong: what is answered, and with which flags. None: nothing is.

Q = w.question("h1.pith.test.", "A")
LOOP = b"\xc0\x0c\0\1\0\1"
BAD = {
    "empty": (b"", None),
    "one octet": (b"\0", None),
    "half a header": (w.message()[:11], None),
    "header only": (w.message(), w.QR | w.FORMERR),
    "header only, rd": (w.message(flags=w.RD), w.QR | w.RD | w.FORMERR),
    "an answer": (w.message(Q, flags=w.QR), None),
    "an answer that is short": (w.message(flags=w.QR), None),
    "rcode set": (w.message(Q, flags=w.RD | 3), w.QR | w.RD | w.FORMERR),
    "no question": (w.message(Q, qd=0, flags=w.RD), w.QR | w.FORMERR),
    "two questions": (w.message(Q + Q, qd=2, flags=w.RD), w.QR | w.FORMERR),
    "two questions, one there": (w.message(Q, qd=2), w.QR | w.FORMERR),
    "65535 questions": (w.message(Q, qd=65535), w.QR | w.FORMERR),
    "name without end": (w.message(b"\2h1\4pith"), w.QR | w.FORMERR),
    "label past the end": (w.message(b"\x3fabc"), w.QR | w.FORMERR),
    "no type": (w.message(w.wire_name("h1.pith.test.")), w.QR | w.FORMERR),
    "half a class": (w.message(Q[:-1]), w.QR | w.FORMERR),
    "pointer to itself": (w.message(LOOP), w.QR | w.FORMERR),
    "pointer behind a label": (w.message(b"\2h1\xc0\x0c\0\1\0\1"), w.QR | w.FORMERR),
    "pointer past the end": (w.message(b"\xff\xff\0\1\0\1"), w.QR | w.FORMERR),
    "label type 01": (w.message(b"\x41a\0\0\1\0\1"), w.QR | w.FORMERR),
    "label type 10": (w.message(b"\x81a\0\0\1\0\1"), w.QR | w.FORMERR),
    "name of 256 octets": (w.message(w.wire_name(".".join(["a" * 63] * 3 + ["b" * 62]))
                                     + b"\0\1\0\1"), w.QR | w.FORMERR),
    "answer record": (w.message(Q + Q, an=1), w.QR | w.FORMERR),
    "authority record": (w.message(Q + Q, ns=1), w.QR | w.FORMERR),
    "additional record missing": (w.message(Q, ar=1), w.QR | w.FORMERR),
    "additional record is no OPT": (w.message(Q + Q + b"\0" * 6, ar=1), w.QR | w.FORMERR),
    "two OPT": (w.message(Q + w.opt() + w.opt(), ar=2), w.QR | w.FORMERR),
    "OPT and one missing": (w.message(Q + w.opt(), ar=2), w.QR | w.FORMERR),
    "OPT with an owner": (w.message(Q + b"\1a" + w.opt(), ar=1), w.QR | w.FORMERR),
    "OPT data missing": (w.message(Q + w.opt()[:-2] + b"\0\4", ar=1), w.QR | w.FORMERR),
    "OPT cut": (w.message(Q + w.opt()[:-1], ar=1), w.QR | w.FORMERR),
    "OPT option too long": (w.message(Q + w.opt(options=b"\0\3\0\5a"), ar=1),
                            w.QR | w.FORMERR),
    "OPT option cut": (w.message(Q + w.opt(options=b"\0\3\0"), ar=1), w.QR | w.FORMERR),
    "opcode IQUERY": (w.message(Q, flags=1 << 11), w.QR | 1 << 11 | w.NOTIMP),
    "opcode STATUS": (w.message(Q, flags=2 << 11 | w.RD | w.CD),
                      w.QR | 2 << 11 | w.RD | w.CD | w.NOTIMP),
    "opcode UPDATE": (w.message(Q, flags=5 << 11), w.QR | 5 << 11 | w.NOTIMP),
    "opcode 15": (w.message(Q, flags=15 << 11), w.QR | 15 << 11 | w.NOTIMP),
    "opcode 6, no question": (w.message(qd=0, flags=6 << 11), w.QR | 6 << 11 | w.NOTIMP),
    "NOTIFY": (w.message(w.question("pith.test.", "SOA"), flags=4 << 11),
               w.QR | 4 << 11 | w.REFUSED),
    "NOTIFY, other zone": (w.message(w.question("x.test.", "SOA"), flags=4 << 11 | w.AA),
                           w.QR | 4 << 11 | w.AA | w.NXDOMAIN),
    "NOTIFY, malformed": (w.message(flags=4 << 11), w.QR | 4 << 11 | w.FORMERR),
    "IXFR, SOA cut": (w.message(w.question("pith.test.", "IXFR") + Q, ns=1), w.QR | w.FORMERR),
    "IXFR, SOA is a loop": (w.message(w.question("pith.test.", "IXFR") + LOOP + b"\0\0\0\0\0\x14",
                                      ns=1), w.QR | w.FORMERR),
    "IXFR, 65 records": (w.message(w.question("pith.test.", "IXFR") + b"\0" * 11 * 65, ns=65),
                         w.QR | w.FORMERR),
}
# Odd, but answered.
ODD = {
    "junk behind": (w.message(Q + b"junk"), w.QR | w.AA),
    "junk behind OPT": (w.message(Q + w.opt() + b"\xff" * 90, ar=1), w.QR | w.AA),
    "unknown EDNS version": (w.message(Q + w.opt(version=1, do=True), ar=1,
                                       flags=w.RD | w.CD | w.AD), w.QR | w.RD | w.CD),
    "EDNS version 255, options cut": (w.message(Q + w.opt(version=255)[:-2] + b"\0\7", ar=1),
                                      w.QR),
    "OPT alone": (w.message(w.opt(), qd=0, ar=1, flags=w.RD), w.QR | w.RD),
    "NSID, cookie and padding": (w.message(Q + w.opt(options=b"\0\3\0\0\0\x0a\0\x08abcdefgh"
                                                             b"\0\x0c\0\2\0\0"), ar=1),
                                 w.QR | w.AA),
    "every flag": (w.message(Q, flags=w.AA | w.TC | w.RD | w.RA | w.Z | w.AD | w.CD),
                   w.QR | w.AA | w.RD),
    "class ANY": (w.message(w.question("h1.pith.test.", "A", w.ANY)), w.QR),
    "class ANY, no such name": (w.message(w.question("no.pith.test.", "A", w.ANY)),
                                w.QR | w.NXDOMAIN),
    "root": (w.message(w.question(".", "NS")), w.QR | w.REFUSED),
    "AXFR over UDP": (w.message(w.question("pith.test.", "AXFR")), w.QR | w.NOTIMP),
    "IXFR with a SOA": (w.message(w.question("pith.test.", "IXFR") + b"\0\0\6\0\1\0\0\0\0\0\0",
                                  ns=1), w.QR | w.REFUSED),
    "type OPT": (w.message(w.question("h1.pith.test.", "OPT")), w.QR | w.AA),
    "type 0": (w.message(w.question("h1.pith.test.", 0)), w.QR | w.AA),
    "name of 255 octets": (w.message(w.wire_name(".".join(["a" * 63] * 3 + ["b" * 61]))
                                     + b"\0\1\0\1"), w.QR | w.REFUSED),
    "127 labels": (w.message(b"\1a" * 121 + w.wire_name("pith.test") + b"\0\1\0\1"),
                   w.QR | w.AA | w.NXDOMAIN),
}


@pytest.mark.parametrize("name", list(BAD) + list(ODD))
def test_message_is_answered_as_it_should(client, name):
    data, flags = (BAD | ODD)[name]
    if flags is None:
        assert client.drops(data, PROBE)
        return
    m = w.parse(client.ask_udp(data))
    assert m.flags == flags
    if name in BAD:
        assert m.counts == (0, 0, 0, 0)


@pytest.mark.parametrize("version", [1, 7, 255])
def test_badvers(client, version):
    m = w.parse(client.ask_udp(w.message(Q + w.opt(version=version), ar=1)))
    assert m.rcode == 16 and m.opt == (1232, 1, 0, 0, b"") and m.counts == (1, 0, 0, 1)


def test_random_messages_do_no_harm(client):
    rng = random.Random(4)
    seeds = [data for data, _ in (BAD | ODD).values() if len(data) > 12]
    for _ in range(3000):
        data = bytearray(rng.choice(seeds))
        for _ in range(rng.randrange(1, 6)):
            data[rng.randrange(2, len(data))] = rng.randrange(256)
        client.udp.send(data[:rng.randrange(len(data) + 1)])
    client.udp.settimeout(0.2)
    try:
        while True:
            w.parse(client.udp.recv(65535))
    except socket.timeout:
        client.udp.settimeout(client.timeout)
    assert w.parse(client.ask_udp(PROBE)).rcode == 0


# Beside NSD.

def differences(ours, theirs, messages):
    """The questions (data, tcp) that the two servers answer differently."""
    out = []
    for data, tcp in messages:
        a, b = w.parse(ours.ask(data, tcp)), w.parse(theirs.ask(data, tcp))
        if a.key() != b.key():
            out.append(f"{data[12:]!r} tcp={tcp}\n  dns: {a.key()}\n  nsd: {b.key()}")
    return out


def messages(zone, origin, count):
    for i, (name, qtype, edns, do, tcp, flags) in enumerate(
            dns_zones.cases(zone, origin, count)):
        yield w.query(name, qtype, ident=i & 0xFFFF, flags=flags, edns=edns, do=do), tcp


def check_same(found):
    assert not found, f"{len(found)} answers differ, the first:\n" + "\n".join(found[:5])


@needs_nsd
def test_same_as_nsd(client, nsd):
    check_same(differences(client, nsd, messages(dns_zones.zone(), "pith.test.", 4000)))


@needs_nsd
def test_same_as_nsd_torture(torture, nsd):
    check_same(differences(torture, nsd,
                           messages(dns_zones.torture(), "torture.test.", 6000)))


@needs_nsd
@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
def test_same_as_nsd_every_type_of_every_name(torture, nsd, tcp):
    names = [n for n in dns_zones.owners(dns_zones.TORTURE, "torture.test.")]
    near = [f"{p}{n}" for n in names for p in ("", "x.", "*.", "a.b.")] + [
        "d.e.torture.test.", "c.d.e.torture.test.", "sub.x.wild.torture.test.",
        "y.x.wild.torture.test.", "a.b.star.torture.test.", "b.star.torture.test.",
        "x.y.under.torture.test.", "wild.torture.test.", "alias.torture.test.", "test.", "."]
    found = differences(torture, nsd, (
        (w.query(name, qtype, edns=edns), tcp)
        for name in near for qtype in dns_zones.TYPES for edns in (None, 1232)))
    check_same(found)


@needs_nsd
def test_same_as_nsd_at_every_size(torture, nsd):
    names = ["big", "huge", "many", "mxs", "x.wide", "wide"]
    names += [f"brim{i}" for i in range(60, 255)] + [f"edge{i}" for i in range(80, 200)]
    found = differences(torture, nsd, (
        (w.query(f"{name}.torture.test.", qtype, edns=size), False)
        for name in names for qtype in ("ANY", "TXT", "MX", "A")
        for size in (None, 0, 600, 601, 640, 900, 1200, 1231, 1232, 4096)))
    check_same(found)


@needs_nsd
@local_only
@pytest.mark.skipif(not have_ipv6(), reason="this machine has no ::1")
def test_same_as_nsd_over_ipv6(folder, nsd):
    """Over IPv6 the AAAA records come first, and less of what is optional goes along."""
    server = start(folder / "torture.zone", host="::1", family=socket.AF_INET6)
    theirs = w.Client(("::1", nsd.address[1]))
    try:
        names = ["mxs", "x.wide", "wide", "torture.test.", "host.sub", "any2", "mail"]
        names += [f"brim{i}" for i in range(60, 255)] + [f"edge{i}" for i in range(80, 200)]
        names += [f"name-server-{i}.wide" for i in range(9)]
        check_same(differences(server.client, theirs, (
            (w.query(name if "." in name[-1] else f"{name}.torture.test.", qtype, edns=size), tcp)
            for name in names for qtype in ("ANY", "MX", "AAAA", "TXT") for tcp in (False, True)
            for size in (None, *range(512, 1250, 61), 1232))))
    finally:
        theirs.close()
        assert server.stop() == 0


@needs_nsd
@pytest.mark.parametrize("name", list(BAD) + list(ODD))
def test_same_as_nsd_for_bad_messages(client, nsd, name):
    data, flags = (BAD | ODD)[name]
    if flags is None:
        assert client.drops(data, PROBE) and nsd.drops(data, PROBE)
    else:
        check_same(differences(client, nsd, [(data, False)]))


# The program: zones that are wrong, options, signals.

SOA = "@ 60 SOA ns r 1 2 3 4 5\n NS ns\n"
GOOD = "$ORIGIN x.\n$TTL 60\n" + SOA
BROKEN = {
    "empty file": ("", 1, "no SOA"),
    "no SOA": ("$TTL 60\n\n\n", 4, "no SOA"),
    "no SOA, but records": ("$ORIGIN x.\n\na 60 A 192.0.2.1\n", 3, "before the SOA"),
    "second SOA": (GOOD + SOA.split("\n")[0] + "\n", 5, "duplicate SOA"),
    "SOA elsewhere": (GOOD.replace("@ 60", "a 60", 1) + "@ 60 SOA ns r 1 2 3 4 5\n", 5, "SOA"),
    "no NS": (GOOD.replace(" NS ns\n", ""), 4, "no NS"),
    "out of zone": (GOOD + "a.y. A 192.0.2.1\n", 5, "out-of-zone"),
    "out of zone, a suffix": (GOOD + "ax. A 192.0.2.1\n", 5, "out-of-zone"),
    "CNAME then data": (GOOD + "a CNAME b\na A 192.0.2.1\n", 6, "CNAME and other data"),
    "data then CNAME": (GOOD + "a A 192.0.2.1\n CNAME b\n", 6, "CNAME and other data"),
    "CNAME at the apex": (GOOD + "@ CNAME b\n", 5, "CNAME and other data"),
    "two CNAMEs": (GOOD + "a CNAME b\na CNAME c\n", 6, "second CNAME"),
    "two DNAMEs": (GOOD + "a DNAME b\na DNAME c\n", 6, "second CNAME or DNAME"),
    "data below a DNAME": (GOOD + "a DNAME b\nc.a A 192.0.2.1\n", 6, "below a DNAME"),
    "DNAME above data": (GOOD + "c.a A 192.0.2.1\na DNAME b\n", 6, "below a DNAME"),
    "address of three parts": (GOOD + "a A 192.0.2\n", 5, "bad IPv4 address '192.0.2'"),
    "address too large": (GOOD + "a A 192.0.2.256\n", 5, "bad IPv4"),
    "address is a name": (GOOD + "a A b\n", 5, "bad IPv4"),
    "IPv6 address": (GOOD + "a AAAA 1:2:3\n", 5, "bad IPv6 address '1:2:3'"),
    "IPv6, two gaps": (GOOD + "a AAAA 1::2::3\n", 5, "bad IPv6"),
    "IPv4 in AAAA": (GOOD + "a AAAA 192.0.2.1\n", 5, "bad IPv6"),
    "label of 64": (GOOD + "a" * 64 + " A 192.0.2.1\n", 5, "longer than 63"),
    "name of 256": (GOOD + ".".join(["a" * 63] * 4) + " A 192.0.2.1\n", 5, "longer than 255"),
    "empty label": (GOOD + "a..b A 192.0.2.1\n", 5, "empty label"),
    "bad escape in a name": (GOOD + "a\\999 A 192.0.2.1\n", 5, "escape"),
    "short escape in a name": (GOOD + "a\\12 A 192.0.2.1\n", 5, "escape"),
    "parenthesis not closed": (GOOD + "a TXT ( b\n c\n", 5, "missing closing parenthesis"),
    "parenthesis not opened": (GOOD + "a TXT b )\n", 5, "without an opening"),
    "quote not closed": (GOOD + 'a TXT "b\n c"\n', 5, "unterminated quoted string"),
    "quote not closed at the end": (GOOD + 'a TXT "b', 5, "unterminated quoted string"),
    "backslash at the end": (GOOD + "a TXT b\\\n", 5, "backslash"),
    "unknown type": (GOOD + "a BOGUS b\n", 5, "unknown type 'BOGUS'"),
    "no type": (GOOD + "a 60 IN\n", 5, "without a type"),
    "type ANY": (GOOD + "a TYPE255 \\# 0\n", 5, "no record can be of type"),
    "type out of range": (GOOD + "a TYPE65536 \\# 0\n", 5, "unknown type"),
    "class CH": (GOOD + "a CH A 192.0.2.1\n", 5, "only class IN"),
    "TTL too large": (GOOD + "a 2147483648 A 192.0.2.1\n", 5, "TTL is larger"),
    "TTL too large in weeks": (GOOD + "a 4000w A 192.0.2.1\n", 5, "TTL is larger"),
    "$TTL too large": ("$TTL 99999999999\n", 1, "TTL is larger"),
    "$TTL is a word": ("$TTL soon\n", 1, "$TTL needs"),
    "$TTL alone": ("$TTL\n" + GOOD, 1, "$TTL needs"),
    "$ORIGIN alone": ("\n$ORIGIN\n", 2, "$ORIGIN needs"),
    "$ORIGIN and more": ("$ORIGIN x. y.\n", 1, "unexpected word"),
    "$INCLUDE": (GOOD + "$INCLUDE other\n", 5, "$INCLUDE"),
    "$GENERATE": (GOOD + "$GENERATE 1-9 a$ A 192.0.2.$\n", 5, "unknown directive '$GENERATE'"),
    "no TTL": ("$ORIGIN x.\n@ SOA ns r 1 2 3 4\n", 2, "record ends before"),
    "relative without origin": ("a 60 SOA ns r 1 2 3 4 5\n", 1, "no $ORIGIN"),
    "no owner": ("$ORIGIN x.\n 60 SOA ns r 1 2 3 4 5\n", 2, "no owner"),
    "quoted owner": (GOOD + '"a" A 192.0.2.1\n', 5, "quoted"),
    "quoted address": (GOOD + 'a A "192.0.2.1"\n', 5, "quoted"),
    "record cut": (GOOD + "a MX 10\n", 5, "record ends before"),
    "TXT of nothing": (GOOD + "a TXT\n", 5, "record ends before"),
    "record too long": (GOOD + "a A 192.0.2.1 192.0.2.2\n", 5, "more data"),
    "MX preference": (GOOD + "a MX 65536 b\n", 5, "number too large '65536'"),
    "MX preference is a word": (GOOD + "a MX b 10\n", 5, "number expected"),
    "SRV port": (GOOD + "a SRV 1 1 65536 b\n", 5, "number too large"),
    "serial too large": ("$ORIGIN x.\n@ 60 SOA ns r 4294967296 2 3 4 5\n", 2, "too large"),
    "string of 256": (GOOD + "a TXT " + "b" * 256 + "\n", 5, "longer than 255"),
    "escape in a string": (GOOD + "a TXT b\\256\n", 5, "escape"),
    "hex": (GOOD + "a TYPE99 \\# 2 01zz\n", 5, "hex digits expected"),
    "hex, odd": (GOOD + "a TYPE999 \\# 2 012\n", 5, "odd number"),
    "NUL octet": (GOOD + "a TYPE999 \\# 1 01\0\n", 5, "hex digits expected"),
    "generic length": (GOOD + "a TYPE999 \\# 3 0102\n", 5, "not as long"),
    "generic without length": (GOOD + "a TYPE999 \\#\n", 5, "length"),
    "unknown type as text": (GOOD + "a TYPE999 b\n", 5, "\\#"),
    "parenthesis spans lines": (GOOD + "a MX ( 10\n\n\n b..c )\n", 8, "empty label"),
}


@local_only
@pytest.mark.parametrize("name", list(BROKEN))
def test_broken_zone_names_its_line(tmp_path, name):
    text, line, what = BROKEN[name]
    path = tmp_path / "zone"
    path.write_text(text)
    done = subprocess.run([PROGRAM, "-z", path, "--check"], capture_output=True, text=True,
                          timeout=20)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith(f"{path}:{line}: "), done.stderr
    assert what in done.stderr and done.stderr.count("\n") == 1


@local_only
def test_broken_zone_is_not_served(tmp_path):
    path = tmp_path / "zone"
    path.write_text("junk")
    done = subprocess.run([PROGRAM, "-z", path, "-p", "1"], capture_output=True, timeout=20)
    assert done.returncode == 1


@local_only
def test_check_counts(folder):
    done = subprocess.run([PROGRAM, "-z", folder / "pith.zone", "--check"], capture_output=True,
                          text=True, timeout=20)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("zone pith.test.: 1000 names, ")


@local_only
def test_sample_zone_is_right():
    done = subprocess.run([PROGRAM, "-z", ROOT / "apps/dns/example.zone", "--check"],
                          capture_output=True, text=True, timeout=20)
    assert (done.returncode, done.stderr) == (0, "")


@local_only
def test_origin_option(tmp_path):
    path = tmp_path / "zone"
    path.write_text("@ 60 SOA ns r 1 2 3 4 5\n NS ns\n")
    run = [PROGRAM, "-z", path, "--check"]
    done = subprocess.run(run + ["-o", "Named.Test"], capture_output=True, text=True, timeout=20)
    assert done.stdout == "zone named.test.: 1 names, 2 records\n"
    path.write_text(GOOD)
    done = subprocess.run(run + ["-o", "y."], capture_output=True, text=True, timeout=20)
    assert done.returncode == 1 and f"{path}:3: SOA not at the zone's apex 'x.'" in done.stderr


@local_only
@pytest.mark.parametrize("argv, what", [
    (["-q"], "unknown option"), (["zone"], "unknown option"), (["-p"], "needs a value"),
    (["-p", "0"], "1 to 65535"), (["-p", "65536"], "1 to 65535"), (["-p", "5x"], "1 to 65535"),
    (["-t", "0"], "seconds"), (["-o", "a..b"], "not a domain name"), (["--checks"], "--help"),
])
def test_bad_options(argv, what):
    done = subprocess.run([PROGRAM, *argv], capture_output=True, text=True, timeout=20)
    assert done.returncode == 2 and what in done.stderr and done.stdout == ""


@local_only
@pytest.mark.parametrize("zone, what", [("/nowhere/zone", "does not exist"), ("/", "directory")])
def test_zone_that_cannot_be_read(zone, what):
    done = subprocess.run([PROGRAM, "-z", zone], capture_output=True, text=True, timeout=20)
    assert done.returncode == 1 and zone in done.stderr and what in done.stderr


@local_only
@pytest.mark.parametrize("address, what", [("nonsense", "no IPv4 or IPv6"),
                                           ("192.0.2.200", "does not have the address")])
def test_bad_address(folder, address, what):
    done = subprocess.run([PROGRAM, "-z", folder / "pith.zone", "-a", address, "-p", "5300"],
                          capture_output=True, text=True, timeout=20)
    assert done.returncode == 1 and address in done.stderr and what in done.stderr


@local_only
def test_port_in_use(folder, target):
    done = subprocess.run([PROGRAM, "-z", folder / "pith.zone", "-a", target[0], "-p",
                           str(target[1])], capture_output=True, text=True, timeout=20)
    assert done.returncode == 1 and "another server" in done.stderr


@local_only
def test_help():
    done = subprocess.run([PROGRAM, "--help"], capture_output=True, text=True, timeout=20)
    assert done.returncode == 0 and all(o in done.stdout for o in ("-z", "-o", "-p", "--check"))


@local_only
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_it_cleanly(folder, number):
    server = start(folder / "pith.zone")
    with server.client.connect() as sock:
        sock.sendall(w.frame(PROBE))
        w.receive_tcp(sock)
        assert server.stop(number) == 0 and server.rest == ""


@local_only
@pytest.mark.skipif(not have_ipv6(), reason="this machine has no ::1")
def test_ipv6(folder):
    server = start(folder / "pith.zone", host="::1", family=socket.AF_INET6)
    try:
        for tcp in (False, True):
            assert ask(server.client, "h7.pith.test.", "AAAA", tcp=tcp).types(0) == [28]
    finally:
        assert server.stop() == 0


@local_only
def test_all_addresses(folder):
    port = free_port("0.0.0.0")
    server = Server([PROGRAM, "-z", str(folder / "pith.zone"), "-p", str(port)],
                    ("127.0.0.1", port), ready=f"port {port}")
    try:
        assert w.parse(server.client.ask_udp(PROBE)).rcode == 0
        assert w.parse(server.client.ask_tcp(PROBE)).rcode == 0
    finally:
        assert server.stop() == 0


# The generator.

def test_zone_is_the_same_at_every_run():
    assert dns_zones.zone(1000) == dns_zones.zone(1000)
    assert list(dns_zones.queries(50)) == list(dns_zones.queries(50))
    assert len(dns_zones.zone(1000)) < 25000
