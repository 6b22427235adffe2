# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""Lua with lua-socket."""

import pytest

import real


@pytest.fixture(scope="session")
def image(images):
    return images.build("lua", "-m", "32M", "--package", "lua-socket", "-f", f"{real.SOURCES}/http.lua:/app/http.lua",
                        real.program("lua5.4"), "--", "/app/http.lua")


@pytest.fixture
def lua(serve, image):
    return serve(image).answers()


def test_answers(lua):
    assert real.get(lua.url("/a"))[1] == "lua /a 1000\n"
    real.together(20, lambda n: real.get(lua.url(f"/{n}")))


def test_error(lua):
    real.get(lua.url("/fail"), status=None)
    assert lua.ended() == 1
    assert "asked to fail" in lua.log()


def test_wrong_starts(image, pith, on):
    done = pith.run(on, image, "/none.lua")
    assert done.returncode == 1 and "cannot open /none.lua" in done.stderr
    assert pith.run(on, image, "-e", "os.exit(3)").returncode == 3
    assert "module 'missing' not found" in pith.run(on, image, "-e", "require 'missing'").stderr


def test_too_little_memory(image, pith, on):
    done = pith.run(on, image, "-e", "local t = {} for i = 1, 1e9 do t[i] = i end", options=("-m", "16M"))
    assert done.returncode != 0 and "memory" in done.stderr
