# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""Real programs: each file has one program's tests, on every platform, driven by real clients."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import real  # noqa: E402


@pytest.fixture
def serve(pith, on):
    """Starts servers: serve(image, argument ..., ports=(80,), options=())."""
    return lambda image, *args, **more: real.Server(pith, on, image, *args, **more)


@pytest.fixture(scope="session")
def work(tmp_path_factory):
    """A folder for what is compiled or made once."""
    return tmp_path_factory.mktemp("real")
