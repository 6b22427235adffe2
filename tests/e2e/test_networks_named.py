# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""Named networks: instances reach each other and know each other's names, and nobody else's."""

import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
from pathlib import Path

import pithrun
import pytest
from pithrun import ROOT, free_port, until

OTHER = {"kvm": "process", "process": "kvm"}
MAGIC = int.from_bytes(b".pithne1", "little")


@pytest.fixture(scope="session")
def peer(images):
    return images.build("peer", images.program("peer"))


@pytest.fixture(scope="session")
def peer_of_glibc(images, tmp_path_factory):
    path = tmp_path_factory.mktemp("glibc") / "peer"
    subprocess.run(["gcc", "-O1", "-static", "-w", "-o", path, ROOT / "tests/e2e/programs/peer.c"], check=True,
                   stderr=subprocess.DEVNULL)  # ld warns of getaddrinfo in static programs
    return images.build("peer-glibc", path)


@pytest.fixture
def nets(pith):
    """The folder of networks; in the end nothing may be left in it."""
    folder = pith.home / "pith/nets"
    yield folder
    for name in pith.names():
        pith("rm", "-f", name)
    assert not folder.exists() or os.listdir(folder) == []


def serve(pith, on, image, name="srv", net="n", what="serve", options=()):
    made = pith.detach(on, image, what, "7000", options=("--name", name, "--net", net, *options))
    until(lambda: "ready" in pith.log(name), "the server")
    return made["address"]


def client(pith, on, image, *words, net="n", options=()):
    return pith.run(on, image, *words, options=("--net", net, *options))


def fine(done):
    assert (done.returncode, done.stdout) == (0, "ok\n"), done.stdout + done.stderr


@pytest.mark.parametrize("family", ["4", "6"])
@pytest.mark.parametrize("mixed", [False, True])
def test_tcp_and_udp(pith, on, peer, nets, family, mixed):
    serve(pith, OTHER.get(on, "kvm") if mixed else on, peer)
    fine(client(pith, on, peer, "tcp", family, "srv", "7000", "3000000"))
    fine(client(pith, on, peer, "udp", family, "srv", "7000", "100"))
    fine(client(pith, on, peer, "udp", family, "srv", "7000", "20000"))


@pytest.mark.parametrize("libc", ["peer", "peer_of_glibc"])
def test_names(pith, on, request, peer, nets, libc):
    address = serve(pith, on, peer)
    done = client(pith, on, request.getfixturevalue(libc), "names", "srv", "SRV.n", address)
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stdout
    for line in lines:
        assert f" {address}=srv.n" in line
    assert " fd70:6974:6800:0:70:aff:fe59:" in lines[0] and "=?" not in lines[0]
    # What is no member's is nobody's, at once.
    done = client(pith, on, request.getfixturevalue(libc), "names", "nobody", "nobody.n")
    assert done.returncode == 1 and "=" not in done.stdout


def test_name_servers_of_the_image(pith, on, images, peer, nets, tmp_path):
    """An empty resolv.conf, as images of containers have it, is none; another one is the user's wish."""
    serve(pith, on, peer)
    for name, text in (("empty", ""), ("own", "nameserver 127.0.0.1\n")):
        (tmp_path / name).write_text(text)
        image = images.build(f"peer-{name}", "-f", f"{tmp_path / name}:/etc/resolv.conf", images.program("peer"))
        assert ("10.89" in client(pith, on, image, "names", "srv").stdout) == (name == "empty")


def test_own_name(pith, on, peer, nets):
    """By /etc/hosts, as in a container: the address, and back the name without the network's."""
    done = client(pith, on, peer, "names", "me", options=("--name", "me", "--rm"))
    assert re.fullmatch(r"me: 10\.89\.0\.\d+=me\n", done.stdout)


def test_a_name_vanishes(pith, on, peer, nets):
    address = serve(pith, on, peer)
    assert pith("stop", "srv").returncode == 0
    assert "=" not in client(pith, on, peer, "names", "srv").stdout
    pith("rm", "srv")
    assert serve(pith, on, peer) == address  # and the same address comes back


@pytest.mark.parametrize("how", ["monitor", "pith kill"])
def test_killed_member(pith, on, peer, nets, how):
    """Others notice at once, and who comes next is not held up by what is left."""
    serve(pith, on, peer, "stays")
    serve(pith, on, peer)
    if how == "monitor":
        os.kill(pith.pid("srv"), signal.SIGKILL)
        until(lambda: pith.look("srv")["state"] == "dead", "its end")
        assert [f for f in os.listdir(nets / "n") if f.endswith(".srv")]
    else:
        assert pith("kill", "srv").returncode == 0
        assert os.listdir(nets / "n") == [f for f in os.listdir(nets / "n") if f.endswith(".stays")]
    assert "=" not in client(pith, on, peer, "names", "srv").stdout
    fine(client(pith, on, peer, "tcp", "4", "stays", "7000", "1000"))
    assert pith("rm", "srv").returncode == 0
    serve(pith, on, peer)
    fine(client(pith, on, peer, "tcp", "4", "srv", "7000", "1000"))


def test_small_instance(pith, on, peer, nets):
    """It takes no large frames: they are cut for it."""
    serve(pith, on, peer, options=("-m", "4M"))
    serve(pith, on, peer, "large")
    fine(client(pith, on, peer, "tcp", "4", "srv", "7000", "2000000"))
    fine(client(pith, on, peer, "tcp", "6", "srv", "7000", "2000000"))
    fine(client(pith, on, peer, "tcp", "4", "large", "7000", "2000000", options=("-m", "4M")))


def test_ten_members(pith, on, peer, nets):
    for i in range(10):
        serve(pith, on if i % 2 else OTHER.get(on, "kvm"), peer, f"m{i}", options=("-m", "8M"))
    done = client(pith, on, peer, "names", *(f"m{i}" for i in range(10)))
    assert done.returncode == 0, done.stdout
    assert len(set(re.findall(r" (10\.89\.0\.\d+)=", done.stdout))) == 10
    for i in (0, 5, 9):
        fine(client(pith, on, peer, "tcp", "4", f"m{i}", "7000", "10000"))


def test_networks_do_not_meet(pith, on, peer, nets):
    address = serve(pith, on, peer, "a", "one")
    assert "=" not in client(pith, on, peer, "names", "a", "a.one", net="two").stdout
    done = client(pith, on, peer, "udp", "4", address, "7000", "10", net="two")
    assert done.returncode == 1
    fine(client(pith, on, peer, "udp", "4", address, "7000", "10", net="one"))


def test_users_do_not_meet(pith, on, peer, nets):
    """Networks of one name in two state directories."""
    address = serve(pith, on, peer)
    with tempfile.TemporaryDirectory(prefix="pe") as home:
        other = pithrun.Pith(home)
        assert client(other, on, peer, "udp", "4", address, "7000", "10").returncode == 1
        assert "=" not in client(other, on, peer, "names", "srv").stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="takes root to become another user")
def test_without_rights(images, peer):
    """A user who may nothing has networks as well."""
    home = Path(tempfile.mkdtemp(prefix="pe"))
    user = pithrun.User(home)
    try:
        os.chown(home, pithrun.User.number, pithrun.User.number)
        image = shutil.copy(peer, home / "peer.pith")
        os.chmod(image, 0o644)
        done = user.run("process", image, "serve", "7000", options=("-d", "--name", "srv", "--net", "n"))
        assert done.returncode == 0, done.stderr
        fine(client(user, "process", image, "tcp", "4", "srv", "7000", "1000"))
        assert user("stop", "srv").returncode == 0 and user("rm", "srv").returncode == 0
        assert os.listdir(home / "pith/nets") == []
    finally:
        user("rm", "-f", "srv")
        shutil.rmtree(home)


def test_published_port_beside(pith, on, images, peer, nets):
    port = free_port()
    web = images.app("web", "-f", f"{ROOT}/apps/web/site:/www")
    pith.detach(on, web, options=("--name", "web", "--net", "n", "-p", f"127.0.0.1:{port}:80"))
    serve(pith, on, peer)
    pithrun.opened(port)
    fine(client(pith, on, peer, "tcp", "4", "srv", "7000", "100000"))
    assert "web" in pith("ps").stdout
    done = client(pith, on, peer, "names", "web")
    assert done.returncode == 0


def test_ps_and_inspect(pith, on, peer, nets):
    address = serve(pith, on, peer)
    assert f"n {address}" in pith("ps").stdout
    assert pith.look("srv")["network"] == "n" and pith.look("srv")["address"] == address
    text = pith("inspect", "srv").stdout
    assert re.search(r"network +n$", text, re.M) and re.search(rf"address +{address}$", text, re.M)


def test_network_of_the_image(pith, on, images, peer, nets):
    image = images.build("peer-n", "--net", "n", images.program("peer"))
    made = pith.detach(on, image, "serve", "7000", options=("--name", "srv"))
    assert made["network"] == "n"
    until(lambda: "ready" in pith.log("srv"), "the server")
    fine(client(pith, on, peer, "tcp", "4", "srv", "7000", "1000"))
    assert "network" not in pith.detach(on, image, "serve", "7000", options=("--net", "user", "--name", "x"))


# Published ports


@pytest.mark.parametrize("net", ["user", "n"])
@pytest.mark.parametrize("ms", ["0", "700"])
def test_published_port_waits_for_the_program(pith, on, peer, nets, net, ms):
    """Who connects as soon as the instance is there is not refused."""
    port = free_port()
    pith.detach(on, peer, "late", ms, "7000", options=("--name", "srv", "--net", net, "-p", f"127.0.0.1:{port}:7000"))
    clients = [socket.create_connection(("127.0.0.1", port), 10) for _ in range(5)]
    for s in clients:
        s.sendall(b"hello")
    for s in clients:
        assert s.recv(5) == b"hello"
        s.close()


def test_published_port_that_nobody_serves(pith, on, peer, nets):
    """As long as the program may still come to it one waits; the end of the instance is the end of that."""
    port = free_port()
    pith.detach(on, peer, "serve", "7001", options=("--name", "srv", "-p", f"127.0.0.1:{port}:7000"))
    with socket.create_connection(("127.0.0.1", port), 10) as s:
        s.settimeout(0.5)
        with pytest.raises(TimeoutError):
            s.recv(1)
        pith("kill", "srv")
        s.settimeout(10)
        try:
            assert s.recv(1) == b""
        except ConnectionResetError:
            pass


# What is refused


def test_name_taken(pith, on, peer, nets):
    serve(pith, on, peer, "Web")
    pith.refused("run", "--on", on, "--net", "n", "--name", "wEB", peer, "--", "serve", "7000", says=["n", "already"])
    pith.refused("run", "--on", on, "--net", "n", "--name", "Web", peer, "--", "serve", "7000", says="in use")


def test_network_full(pith, on, peer, nets):
    serve(pith, on, peer)
    folder = nets / "n"
    (mine,) = os.listdir(folder)
    numbers = set(range(4, 255)) - {int(mine.split(".")[0])}
    for n in numbers:
        os.link(folder / mine, folder / f"{n}.x{n}")  # all are alive as long as this one is
    pith.refused("run", "--on", on, "--net", "n", peer, "--", "serve", "7000", says=["network n is full", "251"])
    for n in numbers:
        os.unlink(folder / f"{n}.x{n}")


@pytest.mark.parametrize("name", ["", "a.b", "a/b", "../n", "None", "TAP", "x" * 64, "-x", "ä"])
def test_no_name_of_a_network(pith, on, peer, name):
    pith.refused("run", "--on", on, f"--net={name}", peer, says="no network")


def test_name_with_dots(pith, on, peer, nets):
    pith.refused("run", "--on", on, "--net", "n", "--name", "a.b", peer, says="without dots")


def test_port_in_use_leaves_no_member(pith, on, peer, nets):
    with socket.create_server(("127.0.0.1", 0)) as s:
        port = s.getsockname()[1]
        pith.refused("run", "--on", on, "--net", "n", "-p", f"127.0.0.1:{port}:80", peer, says="in use")
    assert os.listdir(nets) == []


# Members that break the rules: this test is one, by hand


class Rogue:
    """A member whose monitor does what it likes: a socket to one victim."""

    def __init__(self, folder, victim, number, name="rogue", frame_max=70000):
        (file,) = [f for f in os.listdir(folder) if f.endswith("." + victim)]
        self.victim = int(file.split(".")[0])
        self.number = number
        self.s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.s.settimeout(2)
        self.s.connect(str(folder / file))
        self.s.send(struct.pack("<QIB64s3x", MAGIC, frame_max, number, name.encode()))

    def hello(self):
        return self.s.recv(100)

    @staticmethod
    def mac(number):
        return bytes([2, ord("p"), 10, 89, 0, number])

    def send(self, frame, header=bytes(12)):
        self.s.send(header + frame)

    def ethernet(self, kind, packet, source=None, to=None):
        return (to or self.mac(self.victim)) + (source or self.mac(self.number)) + struct.pack(">H", kind) + packet

    def ping(self, source=None, mac=None, size=8):
        """An ICMP echo request (RFC 792), with an IPv4 header whose sum is right."""
        icmp = bytearray(struct.pack(">BBHHH", 8, 0, 0, 77, 1) + bytes(size))
        icmp[2:4] = struct.pack(">H", checksum(icmp))
        ip = bytearray(struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(icmp), 1, 0, 64, 1, 0,
                                   source or bytes([10, 89, 0, self.number]), bytes([10, 89, 0, self.victim])))
        ip[10:12] = struct.pack(">H", checksum(ip))
        self.send(self.ethernet(0x0800, bytes(ip + icmp), mac))

    def answers(self, seconds=0.5):
        """Types of the ICMP packets that come, without those that ask for addresses, which are answered."""
        self.s.settimeout(seconds)
        got = []
        try:
            while record := self.s.recv(70000):
                frame = record[12:]
                if frame[12:14] == b"\x08\x06" and frame[21] == 1 and frame[38:42] == bytes([10, 89, 0, self.number]):
                    me = self.mac(self.number)
                    self.send(self.ethernet(0x0806, frame[14:20] + b"\0\2" + me + frame[38:42] + frame[22:32], to=frame[6:12]))
                elif frame[12:14] == b"\x08\0" and frame[23] == 1:
                    got.append(frame[34])
        except TimeoutError:
            pass
        return got


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


@pytest.fixture
def rogue(pith, on, peer, nets):
    serve(pith, on, peer)
    made = Rogue(nets / "n", "srv", 200)
    assert made.hello()[:8] == MAGIC.to_bytes(8, "little")
    yield made
    made.s.close()
    fine(client(pith, on, peer, "tcp", "4", "srv", "7000", "1000"))  # the victim is well


def test_rogue_that_is_honest(rogue):
    rogue.ping()
    assert 0 in rogue.answers()


def test_source_of_another(rogue):
    rogue.ping(source=bytes([10, 89, 0, 201]))
    rogue.ping(source=bytes([10, 89, 0, 2]))
    rogue.ping(mac=Rogue.mac(201))
    assert rogue.answers() == []


def test_claims_of_others_addresses(pith, on, peer, rogue, nets):
    """It says by ARP that it is the gateway, and another member; nobody believes it."""
    serve(pith, on, peer, "other")
    (file,) = [f for f in os.listdir(nets / "n") if f.endswith(".other")]
    for last in (2, int(file.split(".")[0])):
        claim = struct.pack(">HHBBH6s4s6s4s", 1, 0x0800, 6, 4, 2, Rogue.mac(200), bytes([10, 89, 0, last]),
                            Rogue.mac(rogue.victim), bytes([10, 89, 0, rogue.victim]))
        rogue.send(rogue.ethernet(0x0806, claim))
    fine(client(pith, on, peer, "tcp", "4", "other", "7000", "1000"))
    assert rogue.answers() == []


@pytest.mark.parametrize("record", [b"x", bytes(12), bytes(13), bytes(12) + b"\xff" * 14, bytes(12) + b"\xff" * 60000],
                         ids=["1", "12", "13", "26", "60012"])
def test_no_frames(rogue, record):
    rogue.s.send(record)
    rogue.ping()
    assert 0 in rogue.answers()


def test_headers_that_lie(rogue):
    """Whatever the header asks for, only a frame comes in."""
    for header in (b"\xff" * 12, struct.pack("<BBHHHHH", 1, 1, 65535, 1, 65535, 65535, 1)):
        icmp = struct.pack(">BBHHH", 8, 0, 0xf7fd - 77, 77, 1)
        rogue.send(rogue.ethernet(0x0800, bytes(20) + icmp), header)
    rogue.ping()
    assert 0 in rogue.answers()


def test_flood(pith, on, peer, rogue, nets):
    """Others still get through, and what nobody reads is not kept for ever."""
    serve(pith, on, peer, "other")
    rogue.s.setblocking(False)
    frame = rogue.ethernet(0x0806, bytes(28), to=b"\xff" * 6)
    for _ in range(20000):
        try:
            rogue.send(frame)
        except BlockingIOError:
            pass
    rogue.s.setblocking(True)
    fine(client(pith, on, peer, "tcp", "4", "srv", "7000", "100000"))


def test_reader_that_sleeps(pith, on, peer, rogue, nets):
    """A member that takes nothing holds nobody up: this one asks for much and reads nothing of it."""
    rogue.s.setblocking(False)
    for _ in range(300):
        try:
            rogue.ping(size=30000)
        except BlockingIOError:
            break
    fine(client(pith, on, peer, "tcp", "4", "srv", "7000", "100000"))


@pytest.mark.parametrize("change", [dict(name="SRV"), dict(name="a.b"), dict(number=3), dict(number=255), dict(frame_max=10)])
def test_hello_that_lies(pith, on, peer, nets, change):
    serve(pith, on, peer)
    liar = Rogue(nets / "n", "srv", **{"number": 200, **change})
    liar.hello()
    assert liar.s.recv(10) == b""  # it hangs up
    liar.s.close()
    fine(client(pith, on, peer, "tcp", "4", "srv", "7000", "1000"))


def test_redis(pith, on, images, nets):
    """redis-cli of Debian in one instance, redis-server in another."""
    if not Path("/usr/bin/redis-server").exists() or not Path("/usr/bin/redis-cli").exists():
        pytest.skip("redis is not installed")
    server = images.build("redis-server", "/usr/bin/redis-server")
    cli = images.build("redis-cli", "/usr/bin/redis-cli")
    pith.detach(on, server, "--bind", "0.0.0.0", "--protected-mode", "no", "--save", "", options=("--name", "redis", "--net", "n"))
    until(lambda: "Ready to accept" in pith.log("redis"), "redis")
    assert client(pith, on, cli, "-h", "redis", "set", "word", "pith").stdout == "OK\n"
    assert client(pith, on, cli, "-h", "redis.n", "get", "word").stdout == "pith\n"
