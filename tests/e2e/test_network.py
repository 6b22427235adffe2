# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""Instances on a network: published ports, connections outwards, names, taps; the appliances' own suites against instances."""

import hashlib
import os
import random
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from pithrun import ROOT, WAIT, free_port, mounts_of_its_own, opened, until

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
import dns_zones  # noqa: E402
import dnswire as w  # noqa: E402


def get(port, path="/", host="127.0.0.1"):
    with socket.create_connection((host, port), WAIT) as s:
        s.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        data = b""
        while part := s.recv(1 << 20):
            data += part
    head, _, body = data.partition(b"\r\n\r\n")
    return int(head.split()[1]), body


@pytest.fixture(scope="session")
def large(tmp_path_factory):
    """A folder with a file of 50 MB."""
    folder = tmp_path_factory.mktemp("large")
    (folder / "large.bin").write_bytes(random.Random(9).randbytes(50_000_000))
    return folder


@pytest.fixture
def web(pith, on, images):
    """The port of a web server in an instance."""
    port = free_port()
    image = images.app("web", "-f", f"{ROOT}/apps/web/site:/www")
    pith.detach(on, image, options=("--name", "web", "-m", "4M", "-p", f"127.0.0.1:{port}:80"))
    opened(port)
    return port


@pytest.fixture(scope="session")
def zone(tmp_path_factory):
    path = tmp_path_factory.mktemp("zone") / "zone"
    path.write_text(dns_zones.zone(1000))
    return path


@pytest.fixture
def dns(pith, on, images, zone):
    port = free_port()
    image = images.app("dns", "-f", f"{zone}:/zone")
    pith.detach(on, image, options=("--name", "dns", "-m", "4M", "-p", f"{port}:53", "-p", f"{port}:53/udp"))
    client = w.Client(("127.0.0.1", port), 1.0)
    client.ask_udp(w.query("h1.pith.test.", "A"), tries=WAIT)
    client.close()
    return port


def test_web_in_4_megabytes(web):
    status, body = get(web)
    assert status == 200 and b"<" in body
    assert get(web, "/nowhere")[0] == 404


def test_curl(web):
    if not shutil.which("curl"):
        pytest.skip("curl is not installed")
    done = subprocess.run(["curl", "-fsS", f"http://127.0.0.1:{web}/"], capture_output=True, timeout=WAIT)
    assert done.returncode == 0 and done.stdout == (ROOT / "apps/web/site/index.html").read_bytes()


@pytest.mark.parametrize("how", ["+notcp", "+tcp"])
def test_dig(dns, how):
    if not shutil.which("dig"):
        pytest.skip("dig is not installed")
    done = subprocess.run(["dig", "+short", how, "@127.0.0.1", "-p", str(dns), "h1.pith.test", "A"], capture_output=True, text=True,
                          timeout=WAIT)
    assert done.stdout == "10.0.1.1\n"


def test_port_in_one_place_only(web):
    """Published on 127.0.0.1: nobody answers on another address of this machine."""
    with socket.socket() as s:
        s.settimeout(5)
        assert s.connect_ex(("127.0.0.2", web))


def test_many_connections(web):
    socks = []
    try:
        for _ in range(500):
            socks.append(socket.create_connection(("127.0.0.1", web), WAIT))
        for s in socks:
            s.sendall(b"GET /stats HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answers = [s.recv(64) for s in socks]
    finally:
        for s in socks:
            s.close()
    assert sum(a.startswith(b"HTTP/1.1 200") for a in answers) == 500
    assert get(web)[0] == 200


def test_large_file(pith, on, images, large):
    port = free_port()
    image = images.app("web", "-f", f"{large}:/www", image="web-large")
    pith.detach(on, image, options=("-p", f"127.0.0.1:{port}:80", "-m", "32M"))
    opened(port)
    status, body = get(port, "/large.bin")
    assert status == 200
    assert hashlib.sha256(body).digest() == hashlib.sha256((large / "large.bin").read_bytes()).digest()


# Outwards


def test_connection_outwards(pith, on, tool):
    """The host's loopback is 10.0.2.2 for an instance."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        got = []

        def serve():
            s, _ = server.accept()
            with s:
                got.append(s.recv(100))
                s.sendall(b"answer\n" * 1000)

        thread = threading.Thread(target=serve)
        thread.start()
        done = pith.run(on, tool, "connect", "10.0.2.2", server.getsockname()[1])
        thread.join(WAIT)
    assert got == [b"hello\n"] and done.stdout == "answer\n" * 1000


def test_refused_connection(pith, on, tool):
    done = pith.run(on, tool, "connect", "10.0.2.2", free_port())
    assert done.stdout == "connect: Connection refused\n"


def test_no_network(pith, on, tool):
    done = pith.run(on, tool, "connect", "10.0.2.2", "80", options=("--net", "none"))
    assert done.stdout == "connect: Network unreachable\n"
    done = pith.run(on, tool, "connect", "127.0.0.1", "80", options=("--net", "none"))
    assert done.stdout == "connect: Connection refused\n"
    assert pith.run(on, tool, "resolve", "name.test", options=("--net", "none")).returncode == 1


def test_own_name(pith, on, tool):
    """Of the address that it has; of loopback where it has none."""
    assert pith.run(on, tool, "resolve", "nobody.asks", options=("--name", "nobody.asks")).stdout == "10.0.2.15\n"
    assert pith.run(on, tool, "resolve", "alone", options=("--name", "alone", "--net", "none")).stdout == "127.0.0.1\n"
    assert pith.run(on, tool, "resolve", "alon", options=("--name", "alone2", "--net", "none")).returncode == 1


@pytest.mark.parametrize("text, says", [
    ("192.0.2.9 other me\n", "192.0.2.9\n"), ("192.0.2.9 mean\n# me", "127.0.0.1\n"), ("", "127.0.0.1\n"),
    ("192.0.2.9 me.me\n" + "#" * 5000, "error: Try again\n")], ids=["named", "comment", "empty", "long"])
def test_own_name_in_a_file_of_the_users(pith, on, images, tmp_path, text, says):
    hosts = tmp_path / f"hosts-{hash(text)}"  # folders of tests that passed are used again, images too
    hosts.write_text(text)
    image = images.build("named", "-f", f"{hosts}:/etc/hosts", images.program("tool"))
    assert pith.run(on, image, "resolve", "me", options=("--name", "me", "--net", "none")).stdout == says


def test_own_name_is_not_written_to_a_volume(pith, tool, tmp_path):
    (tmp_path / "hosts").write_text("192.0.2.9 other\n")
    pith.run("process", tool, "resolve", "me", options=("--name", "me", "--net", "none", "-v", f"{tmp_path}/hosts:/etc/hosts"))
    assert (tmp_path / "hosts").read_text() == "192.0.2.9 other\n"


def test_resolver_of_the_host(pith, on, tool):
    """A name server that is in the host's /etc/resolv.conf, which a mount namespace replaces."""
    if not mounts_of_its_own():
        pytest.skip("another /etc/resolv.conf takes a mount namespace")
    server = socket.socket(type=socket.SOCK_DGRAM)
    try:
        server.bind(("127.0.0.53", 53))
    except OSError as e:
        server.close()
        pytest.skip(f"127.0.0.53 port 53: {e.strerror}")
    server.settimeout(0.1)
    stop = threading.Event()

    def serve():
        while not stop.is_set():
            try:
                question, sender = server.recvfrom(512)
            except OSError:
                continue
            end = question.index(b"\0", 12) + 5
            a = question[end - 4:end - 2] == b"\0\1"
            answer = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + bytes([192, 0, 2, 77]) if a else b""
            server.sendto(question[:2] + b"\x81\x80\0\1\0" + bytes([a]) + b"\0\0\0\0" + question[12:end] + answer, sender)

    thread = threading.Thread(target=serve)
    thread.start()
    (pith.home / "resolv.conf").write_text("nameserver 127.0.0.53\n")
    try:
        done = subprocess.run(["unshare", "-m", "sh", "-c", 'mount --bind "$1" /etc/resolv.conf && shift && exec "$@"', "sh",
                               pith.home / "resolv.conf", os.environ.get("PITH", ROOT / "build/pith"), "run", "--on", on, tool,
                               "--", "resolve", "name.test"], env=pith.env, capture_output=True, text=True, timeout=WAIT)
    finally:
        stop.set()
        thread.join()
        server.close()
    assert done.stdout == "192.0.2.77\n", done.stderr


# Wrong networks


@pytest.mark.parametrize("spec, says", [("tap:pithnope", "no interface pithnope"), ("tap:" + "x" * 40, "15 characters"),
                                        ("tap:lo", "lo"), ("tap:pithnope,ip=1.2.3", "ip="), ("tap:pithnope,ip=10.0.0.1/99", "/"),
                                        ("tap:pithnope,frob=1", "option")])
def test_wrong_taps(pith, on, tool, spec, says):
    pith.refused("run", "--on", on, "--net", spec, tool, "--", "exit", "0", says=says)


def test_network_for_a_program_without(pith, on, hello):
    pith.refused("run", "--on", on, "--net", "user", hello, says="no network")
    pith.refused("run", "--on", on, "-p", "8080:80", hello)


@pytest.mark.parametrize("options", [("--net", "none"), ("--net", "tap:pithnope")])
def test_ports_without_user_network(pith, on, tool, options):
    pith.refused("run", "--on", on, *options, "-p", f"{free_port()}:80", tool, "--", "exit", "0")


def test_port_published_twice(pith, on, tool):
    pith.refused("run", "--on", on, "-p", "8080:80", "-p", "8080:81", tool, says="twice")


# A tap


def test_tap_with_a_fixed_address(pith, on, images):
    """In a network namespace of its own; no DHCP is there."""
    if os.geteuid():
        pytest.skip("a network namespace takes root")
    name = f"pe{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True)
    if made.returncode:
        pytest.skip(f"no network namespace can be made: {made.stderr.strip()}")
    inside = ["ip", "netns", "exec", name]
    try:
        for words in ("ip tuntap add dev t0 mode tap vnet_hdr", "ip addr add 10.77.0.1/24 dev t0", "ip link set t0 up"):
            done = subprocess.run([*inside, *words.split()], capture_output=True, text=True)
            if done.returncode:
                pytest.skip(f"no tap can be made: {done.stderr.strip()}")
        image = images.app("web", "-f", f"{ROOT}/apps/web/site:/www")
        process = subprocess.Popen([*inside, os.environ.get("PITH", ROOT / "build/pith"), "run", "--on", on, "--net",
                                    "tap:t0,ip=10.77.0.2/24", image], env=pith.env, stderr=subprocess.PIPE)
        pith.started.append(process)
        fetch = [*inside, "curl", "-fsS", "--max-time", "5", "http://10.77.0.2/"]
        page = until(lambda: subprocess.run(fetch, capture_output=True).stdout, "the page")
        assert page == (ROOT / "apps/web/site/index.html").read_bytes()
        process.terminate()
        assert process.wait(WAIT) == 0
    finally:
        subprocess.run(["ip", "netns", "del", name], check=True)


# The appliances' suites


def suite(file, **env):
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", HERE / file],
                          env=dict(os.environ, **env), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-4000:]
    assert "passed" in done.stdout


def test_suite_of_web(pith, on, images, tmp_path):
    subprocess.run([sys.executable, HERE / "test_web_linux.py", tmp_path / "www"], check=True)
    image = images.app("web", "-f", f"{tmp_path}/www:/www", "--", "-l", "-t", "1", image=f"web-suite-{on}")
    port = free_port()
    pith.detach(on, image, options=("-p", f"127.0.0.1:{port}:80", "-m", "16M"))
    opened(port)
    suite("test_web_linux.py", PITH_WEB_ADDR=f"127.0.0.1:{port}")


def test_suite_of_dns(dns):
    suite("test_dns_linux.py", PITH_DNS_ADDR=f"127.0.0.1:{dns}")
