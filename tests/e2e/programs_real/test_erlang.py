# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""Erlang on BEAM, its just-in-time compiler on: a server on gen_tcp. BEAM starts erl_child_setup beside itself."""

import glob

import pytest

import real


@pytest.fixture(scope="session")
def image(images, work):
    real.program("erlc", "erlang-base")
    erts = sorted(glob.glob("/usr/lib/erlang/erts-*"))[-1]
    folder = work / "erlang"
    folder.mkdir()
    real.run("erlc", "-o", folder, real.SOURCES / "http.erl")
    return images.build("erlang", "-m", "256M", "-f", f"{folder}/http.beam:/app/http.beam", "-e", "ROOTDIR=/usr/lib/erlang", "-e",
                        f"BINDIR={erts}/bin", "-e", "EMU=beam", "-e", "PROGNAME=erl", f"{erts}/bin/erlexec", "--", "-noshell",
                        "-noinput", "-pa", "/app", "-s", "http", "start")


@pytest.fixture
def erlang(serve, image):
    return serve(image).answers()


def test_answers(erlang):
    assert real.get(erlang.url())[1] == "erlang\n"
    assert real.get(erlang.url("/processes"))[1] == "50005000\n"
    real.hammered(erlang.url(), connections=100)


def test_crash_of_one_process(erlang):
    assert real.get(erlang.url("/crash"), status=None)[0] == 0
    assert real.get(erlang.url())[1] == "erlang\n"
    erlang.says("asked_to_crash")


def test_stop(erlang):
    assert erlang.stop() == 0


def test_wrong_starts(image, pith, on):
    done = pith.run(on, image, "-noshell", "-noinput", "-s", "missing", "start")
    assert done.returncode == 1 and "undef" in done.stdout + done.stderr
    assert pith.run(on, image, "-noshell", "-noinput", "-eval", "halt(3).").returncode == 3


def test_second_program(image, pith, on):
    """A port: a program that BEAM starts through erl_child_setup; one that is not there is told."""
    done = pith.run(on, image, "-noshell", "-noinput", "-eval", 'io:format("~p~n", [catch open_port({spawn_executable, "/none"}, [])]), halt().')
    assert "enoent" in done.stdout


def test_too_little_memory(image, pith, on):
    done = pith.run(on, image, options=("-m", "8M"))
    assert done.returncode != 0 and "memory" in (done.stdout + done.stderr).lower()
