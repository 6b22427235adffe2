# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""The web appliance as a Linux program, with good requests and bad ones.

PITH_WEB_BIN is the program (build/apps/web). With PITH_WEB_ADDR=host:port what serves there is
tested instead, an instance of Pith for example: its root must be what `test_web_linux.py DIR`
writes, and its options `-l -t 1`."""

import email
import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("PITH_WEB_BIN", str(ROOT / "build/apps/web"))
REMOTE = os.environ.get("PITH_WEB_ADDR")
WAIT = 30

BIG = random.Random(1).randbytes(3_000_000)
PLAIN = b"0123456789abcdefghijklmnopqrstuvwxyz"
SMALL = b"<!doctype html><title>root</title>\n"


def write_site(folder):
    folder = Path(folder)
    for sub in ("docs", "files", "index.html.d", ".git", ".well-known"):
        (folder / sub).mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_bytes(SMALL)
    (folder / "docs/index.html").write_bytes(b"docs\n")
    (folder / "plain.txt").write_bytes(PLAIN)
    (folder / "empty.txt").write_bytes(b"")
    (folder / "style.css").write_bytes(b"body { margin: 0 }\n")
    (folder / "big.bin").write_bytes(BIG)
    (folder / "middle.bin").write_bytes(BIG[:50_000])
    (folder / "files/a & b.txt").write_bytes(b"a and b\n")
    (folder / "files/<x>.txt").write_bytes(b"x\n")
    (folder / ".git/config").write_bytes(b"secret\n")
    (folder / ".well-known/security.txt").write_bytes(b"well known\n")


if __name__ == "__main__":
    write_site(sys.argv[1])
    sys.exit(0)

import pytest  # noqa: E402

pytestmark = pytest.mark.skipif(not REMOTE and not os.access(PROGRAM, os.X_OK),
                                reason=f"{PROGRAM} is missing: make apps builds it")
local_only = pytest.mark.skipif(bool(REMOTE), reason="PITH_WEB_ADDR: only the server's answers "
                                                     "can be tested, not the program")


class Server:
    """A process of ours that has said which port it took."""

    def __init__(self, *options):
        self.process = subprocess.Popen([PROGRAM, "-p", "0", *options], stderr=subprocess.PIPE,
                                        text=True)
        line = self.process.stderr.readline()
        while "fewer connections" in line:
            line = self.process.stderr.readline()
        found = re.search(r"on port (\d+)$", line)
        assert found, line
        self.address = ("127.0.0.1", int(found[1]))

    def stop(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(WAIT)
        self.errors = self.process.stderr.read()
        self.process.stderr.close()
        return code


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("web") / "www"
    write_site(folder)
    return folder


@pytest.fixture(scope="session")
def target(site):
    """(host, port)"""
    if REMOTE:
        host, _, port = REMOTE.rpartition(":")
        yield host.strip("[]"), int(port)
        return
    server = Server("-r", str(site), "-l", "-t", "1")
    yield server.address
    code = server.stop()
    assert code == 0 and server.errors == "", server.errors


@pytest.fixture
def start(site):
    """Starts servers of the test's own."""
    servers = []

    def run(*options, root=site):
        servers.append(Server("-r", str(root), *options))
        return servers[-1]
    yield run
    for server in servers:
        if server.process.poll() is None:
            assert server.stop() == 0, server.errors


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def __getitem__(self, name):
        return self.headers.get(name)


def get(target, path, headers=None, method="GET", body=None):
    c = http.client.HTTPConnection(*target, timeout=WAIT)
    try:
        c.request(method, path, headers=headers or {}, body=body)
        r = c.getresponse()
        return Answer(r.status, r.headers, r.read())
    finally:
        c.close()


def connect(target):
    return socket.create_connection(target, timeout=WAIT)


def read_all(s):
    data = bytearray()
    while part := s.recv(65536):
        data += part
    return bytes(data)


def exchange(target, data):
    """What comes back until the server closes."""
    with connect(target) as s:
        s.sendall(data)
        return read_all(s)


def status_of(data):
    assert data.startswith(b"HTTP/1.1 "), data[:100]
    return int(data[9:12])


def statuses(data):
    return [int(n) for n in re.findall(rb"HTTP/1\.1 (\d{3}) ", data)]


def request(path="/", version="1.1", extra="", method="GET"):
    return f"{method} {path} HTTP/{version}\r\nHost: t\r\n{extra}\r\n".encode("latin-1")


CLOSE = "Connection: close\r\n"

# Good requests.


def test_index(target):
    r = get(target, "/")
    assert (r.status, r.body) == (200, SMALL)
    assert r["Content-Type"] == "text/html; charset=utf-8"
    assert r["Content-Length"] == str(len(SMALL))
    assert r["Accept-Ranges"] == "bytes"
    assert re.fullmatch(r'"[^"]+"', r["ETag"])
    assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", r["Date"])
    assert r["Last-Modified"]


@pytest.mark.parametrize("path, body, media", [
    ("/plain.txt", PLAIN, "text/plain; charset=utf-8"),
    ("/style.css?v=3", b"body { margin: 0 }\n", "text/css; charset=utf-8"),
    ("/empty.txt", b"", "text/plain; charset=utf-8"),
    ("/middle.bin", BIG[:50_000], "application/octet-stream"),
    ("/big.bin", BIG, "application/octet-stream"),
    ("/docs/", b"docs\n", "text/html; charset=utf-8"),
    ("/docs/../plain%2Etxt", PLAIN, "text/plain; charset=utf-8"),
    ("/files/a%20&%20b.txt", b"a and b\n", "text/plain; charset=utf-8"),
    ("/.well-known/security.txt", b"well known\n", "text/plain; charset=utf-8"),
])
def test_file(target, path, body, media):
    r = get(target, path)
    assert (r.status, r["Content-Type"]) == (200, media)
    assert r.body == body


def test_head_is_get_without_content(target):
    for path in ("/", "/big.bin", "/missing", "/files/", "/docs"):
        h, g = get(target, path, method="HEAD"), get(target, path)
        assert h.status == g.status and h.body == b""
        assert h["Content-Length"] == str(len(g.body))
        assert h["Content-Type"] == g["Content-Type"]


def test_redirect_to_directory(target):
    r = get(target, "/docs?a=b")
    assert (r.status, r["Location"]) == (301, "/docs/?a=b")


def test_redirect_stays_on_this_host(target):
    r = exchange(target, request("//docs", extra=CLOSE))
    assert b"Location: /docs/\r\n" in r


def test_listing(target):
    r = get(target, "/files/")
    assert r.status == 200
    assert b'href="./a%20%26%20b.txt">a &amp; b.txt<' in r.body
    assert b'href="./%3Cx%3E.txt">&lt;x&gt;.txt<' in r.body
    assert b'href="../"' in r.body


def test_keep_alive(target):
    c = http.client.HTTPConnection(*target, timeout=WAIT)
    c.connect()
    sock = c.sock
    for _ in range(50):
        c.request("GET", "/plain.txt")
        assert c.getresponse().read() == PLAIN
        assert c.sock is sock
    c.close()


def test_http10_closes(target):
    r = exchange(target, b"GET /plain.txt HTTP/1.0\r\n\r\n")
    assert status_of(r) == 200 and r.endswith(b"\r\n\r\n" + PLAIN)
    assert b"Connection: close\r\n" in r


def test_http10_keep_alive(target):
    ask = b"GET /plain.txt HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
    r = exchange(target, ask + b"GET / HTTP/1.0\r\n\r\n")
    assert statuses(r) == [200, 200] and r.count(b"Connection: keep-alive\r\n") == 1


def test_pipelined(target):
    paths = ["/plain.txt", "/missing", "/middle.bin", "/", "/docs/", "/empty.txt"] * 20
    data = b"".join(request(p) for p in paths[:-1]) + request(paths[-1], extra=CLOSE)
    r = exchange(target, data)
    expected = [404 if p == "/missing" else 200 for p in paths]
    headers = [int(n) for n in re.findall(rb"HTTP/1\.1 (\d{3}) [A-Z][\w ]+\r\nDate: ", r)]
    assert headers == expected


def test_pipelined_big_answers_to_a_slow_reader(target):
    with connect(target) as s:
        s.sendall(request("/big.bin") * 8 + request("/plain.txt", extra=CLOSE))
        time.sleep(0.2)
        r = read_all(s)
    assert r.count(BIG) == 8 and r.endswith(PLAIN)


def test_request_in_single_bytes(target):
    with connect(target) as s:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in request("/plain.txt", extra=CLOSE):
            s.sendall(bytes([byte]))
        assert read_all(s).endswith(PLAIN)


def test_half_closed_client_is_answered(target):
    with connect(target) as s:
        s.sendall(request("/big.bin"))
        s.shutdown(socket.SHUT_WR)
        assert read_all(s).endswith(BIG)


def test_content_is_dropped(target):
    ask = request("/plain.txt", extra="Content-Length: 20000\r\n") + b"G" * 20000
    r = exchange(target, ask + request("/", extra=CLOSE))
    assert statuses(r) == [200, 200]


def test_empty_lines_before_a_request(target):
    assert status_of(exchange(target, b"\r\n\r\n" + request(extra=CLOSE))) == 200


def test_absolute_target(target):
    r = exchange(target, request("http://other.example/plain.txt", extra=CLOSE))
    assert r.endswith(PLAIN)


def test_stats(target):
    first = json.loads(get(target, "/stats").body)
    get(target, "/big.bin")
    r = get(target, "/stats")
    second = json.loads(r.body)
    assert r["Content-Type"] == "application/json" and r["Cache-Control"] == "no-store"
    assert second["requests"] == first["requests"] + 2
    assert second["bytes_sent"] > first["bytes_sent"] + len(BIG)
    assert second["connections"]["open"] >= 1
    assert set(second["memory"]) == {"resident", "total", "free"}
    assert second["uptime_ms"] >= first["uptime_ms"]

# Ranges.


@pytest.mark.parametrize("field, first, body", [
    ("bytes=0-0", 0, PLAIN[:1]), ("bytes=5-9", 5, PLAIN[5:10]), ("bytes=30-", 30, PLAIN[30:]),
    ("bytes=-4", 32, PLAIN[-4:]), ("bytes=-99", 0, PLAIN), ("bytes=35-1000", 35, PLAIN[35:]),
    ("bytes=1-2,90-", 1, PLAIN[1:3]),
])
def test_range(target, field, first, body):
    r = get(target, "/plain.txt", {"Range": field})
    assert (r.status, r.body) == (206, body)
    assert r["Content-Range"] == f"bytes {first}-{first + len(body) - 1}/{len(PLAIN)}"


def parts_of(r):
    head = f"Content-Type: {r['Content-Type']}\r\n\r\n".encode()
    return [(p["Content-Range"], p.get_payload(decode=True))
            for p in email.message_from_bytes(head + r.body).get_payload()]


def test_ranges_small_file(target):
    r = get(target, "/plain.txt", {"Range": "bytes=0-1,-3, 10-12"})
    assert r.status == 206
    assert parts_of(r) == [("bytes 0-1/36", b"01"), ("bytes 33-35/36", b"xyz"),
                           ("bytes 10-12/36", b"abc")]


def test_ranges_big_file(target):
    r = get(target, "/big.bin", {"Range": "bytes=7-7,1000000-2500000,-1"})
    assert r.status == 206
    for piece in (BIG[7:8], BIG[1000000:2500001], BIG[-1:]):
        assert b"\r\n\r\n" + piece + b"\r\n--" in r.body
    assert r.body.count(b"Content-Range: bytes ") == 3


@pytest.mark.parametrize("field", ["bytes=9-5", "bytes=x", "lines=1-2", "bytes=", "bytes=-",
                                   "bytes=0-,0-", "bytes=" + ",".join(["1-1"] * 40)])
def test_bad_or_greedy_range_is_ignored(target, field):
    r = get(target, "/plain.txt", {"Range": field})
    assert (r.status, r.body) == (200, PLAIN)


@pytest.mark.parametrize("path, field", [("/plain.txt", "bytes=36-"), ("/plain.txt", "bytes=-0"),
                                         ("/plain.txt", "bytes=99999999999999999999-"),
                                         ("/empty.txt", "bytes=0-"), ("/big.bin", "bytes=3000000-")])
def test_range_beyond_the_end(target, path, field):
    r = get(target, path, {"Range": field})
    assert r.status == 416
    size = get(target, path, method="HEAD")["Content-Length"]
    assert r["Content-Range"] == f"bytes */{size}"


def test_range_does_not_count_for_head(target):
    r = get(target, "/plain.txt", {"Range": "bytes=0-1"}, method="HEAD")
    assert (r.status, r["Content-Length"]) == (200, "36")

# Conditions.


def test_not_modified(target):
    first = get(target, "/plain.txt")
    for headers in ({"If-None-Match": first["ETag"]}, {"If-None-Match": '"x", W/' + first["ETag"]},
                    {"If-None-Match": "*"}, {"If-Modified-Since": first["Last-Modified"]}):
        r = get(target, "/plain.txt", headers)
        assert (r.status, r.body) == (304, b""), headers
        assert r["ETag"] == first["ETag"]
        assert r["Content-Length"] is None


def test_modified(target):
    for headers in ({"If-None-Match": '"x"'}, {"If-Modified-Since": "Mon, 01 Dec 1969 00:00:00 GMT"},
                    {"If-Modified-Since": "soon"},
                    {"If-None-Match": '"x"', "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}):
        assert get(target, "/plain.txt", headers).status == 200, headers


def test_precondition(target):
    first = get(target, "/plain.txt")
    old = "Mon, 01 Dec 1969 00:00:00 GMT"
    assert get(target, "/plain.txt", {"If-Match": first["ETag"]}).status == 200
    assert get(target, "/plain.txt", {"If-Match": "W/" + first["ETag"]}).status == 412
    assert get(target, "/plain.txt", {"If-Match": '"x"'}).status == 412
    assert get(target, "/plain.txt", {"If-Unmodified-Since": old}).status == 412
    both = {"If-Match": first["ETag"], "If-Unmodified-Since": old}
    assert get(target, "/plain.txt", both).status == 200


def test_if_range(target):
    etag = get(target, "/plain.txt")["ETag"]
    assert get(target, "/plain.txt", {"Range": "bytes=0-1", "If-Range": etag}).status == 206
    for value in ('"x"', "W/" + etag, "Mon, 01 Dec 1969 00:00:00 GMT"):
        r = get(target, "/plain.txt", {"Range": "bytes=0-1", "If-Range": value})
        assert (r.status, r.body) == (200, PLAIN)

# What is refused, with the connection open afterwards.


@pytest.mark.parametrize("path, status", [
    ("/missing", 404), ("/missing/", 404), ("/plain.txt/", 404), ("/plain.txt/x", 404),
    ("/index.html.d/x", 404), ("/.git/config", 404), ("/%2egit/config", 404),
    ("/..", 400), ("/../etc/passwd", 400), ("/%2e%2e/etc/passwd", 400), ("/..%2fetc/passwd", 400),
    ("/docs/../../etc/passwd", 400), ("/a%00b", 400), ("/%zz", 400), ("/%", 400),
    ("/" + "a" * 1000, 404),
])
def test_refused_path(target, path, status):
    r = exchange(target, request(path) + request("/plain.txt", extra=CLOSE))
    assert statuses(r) == [status, 200]
    assert r.endswith(PLAIN)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods(target, method):
    r = get(target, "/plain.txt", method=method, body=b"x=y")
    assert (r.status, r["Allow"]) == (405, "GET, HEAD")


def test_unknown_method(target):
    assert statuses(exchange(target, request(method="BREW") + request(extra=CLOSE))) == [501, 200]

# What ends the connection.


@pytest.mark.parametrize("data, status", [
    (b"GET\r\n\r\n", 400),
    (b"GET /\r\n", 400),
    (b"GET / HTTP/1.1\r\n\r\n", 400),
    (b"GET / HTTP/1.1\nHost: t\n\n", 400),
    (b"GET / HTTP/1.1\r\nHost: t\r\nHost: u\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost : t\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: t\r\n folded\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: t\r\nX: \x00\r\n\r\n", 400),
    (b"GET plain.txt HTTP/1.1\r\nHost: t\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: t\r\nContent-Length: ten\r\n\r\n", 400),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    (b"\xff" * 5000, 400),
    (b"A" * 100, 400),
    (b"POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
    (b"POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 10000000\r\n\r\n", 413),
    (b"GET /" + b"a" * 3000 + b" HTTP/1.1\r\nHost: t\r\n\r\n", 414),
    (b"GET /" + b"a" * 3000, 414),
    (b"GET / HTTP/1.1\r\nHost: t\r\nExpect: tea\r\n\r\n", 417),
    (b"GET / HTTP/1.1\r\nHost: t\r\nX: " + b"a" * 9000 + b"\r\n\r\n", 431),
    (b"GET / HTTP/1.1\r\nHost: t\r\n" + b"X: y\r\n" * 100 + b"\r\n", 431),
    (b"GET / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: zip\r\n\r\n", 501),
    (b"GET / HTTP/2.0\r\nHost: t\r\n\r\n", 505),
])
def test_bad_request(target, data, status):
    r = exchange(target, data)
    assert statuses(r) == [status]
    assert b"Connection: close\r\n" in r
    head, _, body = r.partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head


def test_garbage_after_a_good_request(target):
    r = exchange(target, request("/plain.txt") + b"\x00\x01rubbish" + request() * 10)
    assert statuses(r) == [200, 400]


def test_much_input_after_an_error_does_not_lose_the_answer(target):
    with connect(target) as s:
        s.sendall(b"bad\r\n" + b"x" * 200_000)
        assert status_of(read_all(s)) == 400


def test_expecting_client_that_is_answered_at_once(target):
    extra = "Expect: 100-continue\r\nContent-Length: 5\r\n"
    assert statuses(exchange(target, request("/plain.txt", extra=extra))) == [200]


@pytest.mark.parametrize("data", [b"GET / HTT", b"GET / HTTP/1.1\r\nHost:",
                                  request(extra="Content-Length: 5\r\n") + b"ab"])
def test_slow_request(target, data):
    assert statuses(exchange(target, data))[-1] == 408


def test_silent_client_is_closed(target):
    assert exchange(target, b"") == b""


def test_clients_that_leave(target):
    for data in (b"", b"GET", request("/big.bin"), request("/big.bin") * 50, b"\r\n"):
        for _ in range(5):
            s = connect(target)
            s.sendall(data)
            # Closing with a reset.
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            s.close()
    assert get(target, "/plain.txt").body == PLAIN


def test_random_bytes(target):
    rng = random.Random(7)
    good = request("/plain.txt", extra="Range: bytes=0-1,3-4\r\nIf-Match: *\r\n" + CLOSE)
    for _ in range(300):
        data = bytearray(good)
        for _ in range(rng.randrange(1, 6)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        with connect(target) as s:
            s.sendall(data)
            s.shutdown(socket.SHUT_WR)
            r = read_all(s)
            assert not r or r.startswith(b"HTTP/1.1 ")
    assert get(target, "/plain.txt").body == PLAIN


def test_many_connections(target):
    socks = [connect(target) for _ in range(400)]
    for _ in range(3):
        for s in socks:
            s.sendall(request("/plain.txt"))
        for s in socks:
            data = b""
            while not data.endswith(PLAIN):
                part = s.recv(4096)
                assert part
                data += part
    for s in socks:
        s.close()

# The program.


@local_only
def test_ipv6(target):
    try:
        r = get(("::1", target[1]), "/plain.txt")
    except OSError as e:
        pytest.skip(f"no IPv6 on the loopback interface: {e}")
    assert r.body == PLAIN


@local_only
def test_listing_is_refused_by_default(start):
    assert get(start().address, "/files/").status == 403


@local_only
def test_too_many_connections(start):
    server = start("-c", "4", "-t", "20")
    socks = [connect(server.address) for _ in range(4)]
    assert status_of(exchange(server.address, b"")) == 503
    for s in socks:
        s.sendall(request("/plain.txt", extra=CLOSE))
        assert status_of(read_all(s)) == 200
        s.close()
    assert get(server.address, "/plain.txt").status == 200


@local_only
def test_idle_connection_makes_room(start):
    server = start("-c", "2", "-t", "20")
    idle, other = connect(server.address), connect(server.address)
    idle.sendall(request("/empty.txt"))
    assert status_of(idle.recv(4096)) == 200
    assert get(server.address, "/plain.txt").status == 200
    assert idle.recv(1) == b""
    idle.close()
    other.close()


@local_only
def test_idle_connection_is_closed(start):
    server = start("-k", "1")
    with connect(server.address) as s:
        s.sendall(request("/plain.txt"))
        assert read_all(s).endswith(PLAIN)


@local_only
def test_reader_that_stops_is_closed(start):
    server = start("-k", "1")
    with connect(server.address) as s:
        s.sendall(request("/big.bin") * 4)
        end = time.monotonic() + WAIT
        while json.loads(get(server.address, "/stats").body)["connections"]["timed_out"] == 0:
            assert time.monotonic() < end
            time.sleep(0.1)
        with pytest.raises(OSError):
            assert len(read_all(s)) < 4 * len(BIG)
            raise ConnectionResetError


@local_only
def test_changed_file_is_seen(start, tmp_path):
    (tmp_path / "x.txt").write_text("one")
    server = start(root=tmp_path)
    assert get(server.address, "/x.txt").body == b"one"
    (tmp_path / "y.txt").write_text("two")
    (tmp_path / "y.txt").replace(tmp_path / "x.txt")
    end = time.monotonic() + WAIT
    while get(server.address, "/x.txt").body != b"two":
        assert time.monotonic() < end
        time.sleep(0.1)
    (tmp_path / "x.txt").unlink()
    while get(server.address, "/x.txt").status != 404:
        assert time.monotonic() < end
        time.sleep(0.1)


@local_only
def test_special_and_unreadable_files(start, tmp_path):
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "loop").symlink_to("loop")
    server = start(root=tmp_path)
    assert get(server.address, "/fifo").status == 403
    assert get(server.address, "/loop").status == 404


@local_only
def test_more_files_than_are_kept_open(start, tmp_path):
    for i in range(300):
        (tmp_path / f"f{i}").write_bytes(BIG[i * 100:i * 101 + 1])
    server = start(root=tmp_path)
    for _ in range(2):
        for i in range(300):
            assert get(server.address, f"/f{i}").body == BIG[i * 100:i * 101 + 1]
    assert len(os.listdir(f"/proc/{server.process.pid}/fd")) < 100


@local_only
def test_large_listing_is_cut(start, tmp_path):
    for i in range(400):
        (tmp_path / f"name-{i}").touch()
    server = start("-l", root=tmp_path)
    r = get(server.address, "/")
    assert r.status == 200 and r.body.endswith(b"<li>and more\n</ul></html>\n")


@local_only
def test_memory_with_idle_connections(start):
    server = start()
    before = json.loads(get(server.address, "/stats").body)["memory"]["resident"]
    socks = [connect(server.address) for _ in range(500)]
    for s in socks:
        s.sendall(request("/plain.txt"))
        assert status_of(s.recv(4096)) == 200
    after = json.loads(get(server.address, "/stats").body)["memory"]["resident"]
    # A connection that waits has no buffers: less than 1 KB each. A sanitizer takes more.
    if before < 1_000_000:
        assert after - before < 500 * 1024
    for s in socks:
        s.close()


@local_only
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stops_cleanly(start, number):
    server = start()
    with connect(server.address) as idle, connect(server.address) as busy:
        idle.sendall(request())
        assert status_of(idle.recv(4096)) == 200
        busy.sendall(request("/big.bin"))
        head = busy.recv(1000)
        server.process.send_signal(number)
        assert idle.recv(100) == b""
        assert (head + read_all(busy)).endswith(BIG)
        assert server.stop() == 0


@local_only
@pytest.mark.parametrize("options, words", [
    (["-p"], "needs a value"), (["-p", "65536"], "-p 65536: not a number"),
    (["-p", "x"], "-p x: not a number"), (["-c", "0"], "-c 0: not a number"),
    (["-z"], "-z: unknown option"), (["stray"], "stray: unknown option"),
])
def test_bad_options(options, words):
    r = subprocess.run([PROGRAM, *options], capture_output=True, text=True, timeout=WAIT)
    assert r.returncode == 2 and words in r.stderr and r.stdout == ""


@local_only
def test_root_that_cannot_be_served(tmp_path):
    (tmp_path / "file").touch()
    for root, words in ((tmp_path / "none", "does not exist"), (tmp_path / "file", "not a dir")):
        r = subprocess.run([PROGRAM, "-r", root], capture_output=True, text=True, timeout=WAIT)
        assert r.returncode == 1 and words in r.stderr


@local_only
def test_port_that_is_taken(target, site):
    r = subprocess.run([PROGRAM, "-r", str(site), "-p", str(target[1])], capture_output=True,
                       text=True, timeout=WAIT)
    assert r.returncode == 1 and "another program has it" in r.stderr


@local_only
def test_help():
    r = subprocess.run([PROGRAM, "--help"], capture_output=True, text=True, timeout=WAIT)
    assert r.returncode == 0 and r.stdout.startswith("usage: web ") and r.stderr == ""
