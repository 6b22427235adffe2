# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""Python: http.server with threads, asyncio. (The standard library's own test modules: see docs/testing.md.)"""

import os
import socket

import pytest

import real


@pytest.fixture(scope="session")
def image(images):
    return images.build("python", "-m", "128M", "--dir", f"{real.SOURCES}:/app", "-f", f"{os.path.realpath('/bin/sh')}:/bin/sh", real.program("python3"), "--", "/app/threads.py")


@pytest.fixture
def python(serve, image):
    return serve(image).answers()


def test_http_server(python):
    assert real.get(python.url())[1] == "python\n"
    assert real.get(python.url("/work"))[1] == '[20211887500, "1b977e9f", 42]\n'
    assert real.get(python.url(), "-d", "abc")[1] == "cba"
    real.get(python.url("/none"), status=404)
    real.together(50, lambda n: real.get(python.url()))


def test_failures(python):
    assert real.get(python.url("/fail"), status=None)[0] == 0
    python.says("RuntimeError: asked to fail")
    assert real.get(python.url())[1] == "python\n"
    real.get(python.url("/exit"), status=None)
    assert python.ended() == 7


def test_stop(python):
    assert python.stop() == 128 + 15


def test_asyncio(serve, image):
    server = serve(image, "/app/coroutines.py", ports=(7,)).says("listening")

    def client(n):
        with socket.create_connection(("127.0.0.1", server.port()), 60) as s, s.makefile("rw") as f:
            for text, want in [(f"hello {n}", f"hello {n}"), ("thread", "4999950000"), ("slow", "timeout")]:
                f.write(text + "\n")
                f.flush()
                assert f.readline() == want + "\n"
    real.together(50, client)
    with socket.create_connection(("127.0.0.1", server.port()), 60) as s:
        s.sendall(b"ticks\n")
        assert int(s.recv(100)) > 3


@pytest.mark.parametrize("script, status, says", [
    ("raise SystemExit(3)", 3, ""),
    ("1/0", 1, "ZeroDivisionError"),
    ("import nothing_like_it", 1, "ModuleNotFoundError"),
    ("print(", 1, "SyntaxError"),
    ("import os; os.abort()", 128 + 6, ""),
    ("import ctypes; ctypes.string_at(8)", 128 + 11, "SIGSEGV"),
    ("import socket; s = socket.socket(); s.bind(('', 80)); s.listen(); socket.socket().bind(('', 80))", 1, "Address already in use"),
    ("b'x' * 10**10", 1, "MemoryError"),
    ("x = []\nwhile True: x.append(bytearray(b'x' * 10**6))", 128 + 9, "out of memory"),
    ("f = lambda: f()\nf()", 1, "RecursionError"),
    ("open('/none')", 1, "FileNotFoundError"),
    ("import threading; [threading.Thread(target=__import__('time').sleep, args=(0.1,)).start() for n in range(200)]", 0, ""),
])
def test_ends(image, pith, on, script, status, says):
    done = pith.run(on, image, "-c", script)
    assert done.returncode == status and says in done.stderr, done.stderr


def test_second_program(image, pith, on):
    """A shell beside it; itself a second time, although Debian's python3 is not position-independent."""
    done = pith.run(on, image, "-c", "import subprocess; print(subprocess.run('echo $((6*7)); exit 3', shell=True, capture_output=True))")
    assert "returncode=3, stdout=b'42\\n', stderr=b''" in done.stdout, done.stderr
    done = pith.run(on, image, "-c", "import os; print(os.popen('cat /none 2>&1; echo $?').read())")
    assert done.stdout == "/bin/sh: 1: cat: not found\n127\n\n"
    done = pith.run(on, image, "-c", "import subprocess, sys; print(subprocess.run([sys.executable, '-c', 'print(6*7)'], capture_output=True).stdout)")
    assert done.stdout == "b'42\\n'\n", done.stderr


def test_module_server(serve, image, tmp_path):
    """python3 -m http.server, as everybody starts it."""
    server = serve(image, "-m", "http.server", "80", "-d", "/app").answers()
    assert "asyncio" in real.get(server.url("/coroutines.py"))[1]
    real.get(server.url("/none"), status=404)
