# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""What all end-to-end tests share: the platforms, images of small programs, and a state directory that must be empty in the end."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import pithrun  # noqa: E402


@pytest.fixture(params=os.environ.get("PITH_TEST_ON", "kvm process").split())
def on(request):
    """A platform. PITH_TEST_ON="qemu:microvm qemu:q35" has other ones."""
    why = pithrun.missing(request.param)
    if why:
        pytest.skip(why)
    return request.param


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.when == "call":
        item.has_passed = report.passed


@pytest.fixture
def tmp_path(tmp_path, request):
    """Kept where the test has failed only: all together are 6 GB."""
    yield tmp_path
    if getattr(request.node, "has_passed", False):
        shutil.rmtree(tmp_path, ignore_errors=True)


@pytest.fixture(scope="session")
def images(tmp_path_factory):
    """Makes images, each once: images.tool, images.app("web", ...), images.build(...)."""
    if not os.access(pithrun.PITH, os.X_OK):
        pytest.skip(f"{pithrun.PITH} is missing: make builds it")
    return pithrun.Images(tmp_path_factory.mktemp("images"))


@pytest.fixture
def pith(images):
    """The command, with a state directory of its own. Everything that was started is ended, by its own number; then nothing may
    be left."""
    home = Path(tempfile.mkdtemp(prefix="pe"))
    command = pithrun.Pith(home)
    yield command
    try:
        command.end()
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def tool(images):
    return images.tool


@pytest.fixture(scope="session")
def hello(images):
    return images.app("hello")


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An empty folder to work in, and one for temporary files, which must be empty in the end."""
    here, tmp = tmp_path / "here", tmp_path / "tmp"
    here.mkdir()
    tmp.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("TMPDIR", str(tmp))
    yield here
    assert not list(tmp.iterdir()), "temporary files were left behind"
