# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""Every option that --help has is in the man page, and the other way round; the pages are well-formed."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PITH = os.environ.get("PITH", str(ROOT / "build/pith"))
MAN = ROOT / "docs/man"
PAGES = sorted(path.stem for path in MAN.glob("*.1"))

pytestmark = pytest.mark.skipif(not os.access(PITH, os.X_OK), reason=f"{PITH} is missing: make builds it")


def help_of(*command):
    return subprocess.run([PITH, *command, "--help"], capture_output=True, text=True, timeout=60, check=True).stdout


def commands():
    return re.findall(r"^  (\w+)  ", help_of(), re.MULTILINE)


def options_of_help(command):
    """Options stand at the beginnings of lines."""
    found = set()
    for line in help_of(command).splitlines():
        start = re.match(r"\s+((?:-\w, )?--[\w-]+)", line)
        if start:
            found |= set(start.group(1).split(", "))
    return found


def options_of_page(command):
    """Options are the items that begin with Fl; in mdoc the first dash is not written."""
    found = set()
    for line in (MAN / f"pith-{command}.1").read_text().splitlines():
        if line.startswith(".It Fl "):
            found |= {"-" + name for name in re.findall(r"Fl (-?[\w-]+)", line)}
    return found


def test_each_command_has_a_page_and_each_page_a_command():
    assert {"pith", *(f"pith-{name}" for name in commands())} == set(PAGES)


def test_the_overview_names_each_command():
    text = (MAN / "pith.1").read_text()
    for name in commands():
        assert f".It Cm {name}\n" in text and f".Xr pith-{name} 1" in text


@pytest.mark.parametrize("command", [page[5:] for page in PAGES if page != "pith"])
def test_options_are_the_same(command):
    from_help = options_of_help(command)
    assert {"-h", "--help"} <= from_help
    assert from_help == options_of_page(command)


@pytest.mark.parametrize("command", [page[5:] for page in PAGES if page != "pith"])
def test_options_of_the_help_are_taken(command):
    """What --help promises is no unknown option."""
    for option in sorted(options_of_help(command) - {"-h", "--help"}):
        done = subprocess.run([PITH, command, option], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60, cwd="/")
        assert "unrecognized option" not in done.stderr and "invalid option" not in done.stderr, option


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.skipif(not shutil.which("man"), reason="man is not installed")
def test_page_is_well_formed(page):
    env = {**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "80", "MANPAGER": "cat", "PAGER": "cat"}
    done = subprocess.run(["man", "-l", "--warnings", MAN / f"{page}.1"], capture_output=True, text=True, env=env, timeout=60)
    assert done.returncode == 0
    assert done.stderr == ""
    assert "NAME" in done.stdout and f"{page} — " in done.stdout


@pytest.mark.parametrize("page", PAGES)
def test_references_lead_somewhere(page):
    for other in re.findall(r"^\.Xr (\S+) 1", (MAN / f"{page}.1").read_text(), re.MULTILINE):
        assert other in PAGES
