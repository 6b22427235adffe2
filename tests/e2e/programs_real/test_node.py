# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""Node.js: http, worker threads, the just-in-time compiler."""

import pytest

import real


@pytest.fixture(scope="session")
def image(images):
    return images.build("node", "-m", "512M", "-f", f"{real.SOURCES}/http.js:/app/http.js", real.program("node", "nodejs"), "--",
                        "/app/http.js")


@pytest.fixture
def node(serve, image):
    return serve(image).answers()


def test_answers(node):
    assert real.get(node.url())[1] == "node\n"
    assert real.get(node.url("/worker"))[1] == "49999995000000\n"
    real.together(4, lambda n: real.get(node.url("/worker")))
    assert real.get(node.url(), "-d", "x" * 100000)[1] == "100000 bytes\n"
    real.hammered(node.url())


def test_stop(node):
    assert node.stop() == 128 + 15


def test_errors(node):
    assert real.get(node.url("/file"), status=500)[1] == "ENOENT\n"
    real.get(node.url("/fail"), status=None)
    assert node.ended() == 1
    assert "Error: asked to fail" in node.log()


def test_wrong_scripts(image, pith, on):
    done = pith.run(on, image, "/none.js")
    assert done.returncode == 1 and "Cannot find module '/none.js'" in done.stderr
    done = pith.run(on, image, "-e", "let = ;")
    assert done.returncode == 1 and "SyntaxError" in done.stderr
    assert pith.run(on, image, "-e", "process.exit(3)").returncode == 3


def test_heap_is_full(image, pith, on):
    done = pith.run(on, image, "--max-old-space-size=20", "-e", "const a = []; for (;;) a.push(new Array(1000).fill({}));")
    assert done.returncode == 128 + 6 and "heap out of memory" in done.stderr


def test_too_little_memory(image, pith, on):
    done = pith.run(on, image, "-e", "const a = []; for (;;) a.push(Buffer.alloc(1 << 20, 1));", options=("-m", "64M"))
    assert done.returncode != 0 and "memory" in done.stderr.lower()
