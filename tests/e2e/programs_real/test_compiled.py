# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""HTTP servers with threads, compiled here with Go, rustc, GHC, ocamlopt and g++ and built as they come."""

import os

import pytest

import real

COMPILERS = {
    "go": ("http.go", ("go", "golang-go"), ["build", "-o", "OUT", "SRC"]),
    "go-static": ("http.go", ("go", "golang-go"), ["build", "-o", "OUT", "SRC"]),
    "rust": ("http.rs", ("rustc", None), ["-O", "-o", "OUT", "SRC"]),
    "haskell": ("http.hs", ("ghc", None), ["-v0", "-threaded", "-O", "-o", "OUT", "SRC"]),
    "ocaml": ("http.ml", ("ocamlopt", "ocaml-nox"), ["-I", "+threads", "unix.cmxa", "threads.cmxa", "SRC", "-o", "OUT"]),
    "c++": ("http.cc", ("g++", None), ["-O2", "-pthread", "-o", "OUT", "SRC"]),
}
# What each says to /: then paths that go wrong inside, and what ends it with which status.
SAYS = {"go": "go 499500", "go-static": "go 499500", "rust": "rust", "haskell": "haskell 5000050000", "ocaml": "ocaml", "c++": "c++"}
WRONG = {
    "go": {"/nil": (200, "invalid memory address"), "/file": (500, "no such file")},
    "go-static": {"/nil": (200, "invalid memory address"), "/file": (500, "no such file")},
    "rust": {"/panic": (0, ""), "/file": (200, "No such file")},
    "haskell": {"/file": (200, "does not exist")},
    "ocaml": {"/file": (200, "No such file"), "/deep": (200, "stack overflow")},
    "c++": {"/throw": (200, "asked to throw"), "/file": (200, "no file")},
}
END = {"c++": ("/abort", 128 + 6)}


@pytest.fixture(scope="session", params=COMPILERS)
def language(request):
    return request.param


@pytest.fixture(scope="session")
def image(language, images, work):
    source, (compiler, package), flags = COMPILERS[language]
    folder = work / language
    folder.mkdir()
    env = dict(os.environ, GOCACHE=str(work / "go-cache"), GO111MODULE="off", CGO_ENABLED="0" if language == "go-static" else "1")
    out = real.compiled(folder, source, real.program(compiler, package), *flags, env=env)
    return images.build(f"compiled-{language}", "-m", "256M", out)


@pytest.fixture
def server(serve, image):
    return serve(image).answers()


def test_answers(server, language):
    assert real.get(server.url())[1] == SAYS[language] + "\n"
    real.hammered(server.url())
    real.together(64, lambda n: real.get(server.url()))


def test_wrong(server, language):
    for path, (status, text) in WRONG[language].items():
        code, body = real.get(server.url(path), status=None)
        assert code == status and text in body
        assert real.get(server.url())[1] == SAYS[language] + "\n"


def test_end(server, language):
    path, status = END.get(language, ("/exit", 7))
    real.get(server.url(path), status=None)
    assert server.ended() == status


def test_port_in_use(server, language, pith, on):
    """Nothing listens twice: the second instance of the port is refused by name."""
    pith.refused("run", "--on", on, "-d", "-p", f"{server.port()}:80", server.image, says=str(server.port()))
