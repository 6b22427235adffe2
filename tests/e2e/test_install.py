# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""`make install` with PREFIX and DESTDIR, and the command that it installed."""

import os
import subprocess
from pathlib import Path

import pytest
from pithrun import APPS, PITH, ROOT, WAIT, Pith

BUILT = Path(PITH).parent
# As a user types it: settings of a make that runs the tests stay outside.
CLEAN = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "DESTDIR", "PREFIX")}


def install(*words):
    done = subprocess.run(["make", "-s", "-C", ROOT, "install", f"O={BUILT}", *map(str, words)], capture_output=True, text=True,
                          env=CLEAN)
    if done.returncode:
        pytest.fail(f"make install {words}: {done.stderr[-2000:]}")


def files(folder):
    return {str(p.relative_to(folder)) for p in Path(folder).rglob("*") if not p.is_dir()}


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    """Installed for good below a folder: the command must find its parts there, so it is built for that place."""
    folder = tmp_path_factory.mktemp("prefix")
    out = folder / "out"
    done = subprocess.run(["make", "-s", "-j2", "-C", ROOT, "install", f"O={out}", f"PREFIX={folder}/usr"], capture_output=True,
                          text=True, env=CLEAN)
    assert done.returncode == 0, done.stderr[-2000:]
    (folder / "usr/bin/pith").stat()
    subprocess.run(["rm", "-rf", out], check=True)
    return folder / "usr"


def test_runs_from_its_prefix(prefix, tmp_path, on):
    (tmp_path / "state").mkdir()
    env = dict(os.environ, XDG_RUNTIME_DIR=str(tmp_path / "state"))

    def command(*words):
        return subprocess.run([prefix / "bin/pith", *words], env=env, cwd=tmp_path, capture_output=True, text=True, timeout=WAIT)

    done = command("build", "-q", APPS / "hello")
    assert done.returncode == 0, done.stderr
    done = command("run", "--on", on, "hello.pith", "--", "there")
    assert (done.returncode, done.stdout) == (0, "Hello from there\n"), done.stderr
    assert Pith(tmp_path / "state").names() == []


def test_what_is_installed(prefix):
    have = files(prefix)
    assert "bin/pith" in have
    assert any(f.endswith("/pith-build") for f in have)
    assert os.access(prefix / "bin/pith", os.X_OK)
    assert all(not f.endswith((".o", ".d", ".c", ".h")) for f in have)
    assert all((prefix / f).stat().st_mode & 0o022 == 0 for f in have)


def test_manual_pages(prefix):
    pages = sorted((prefix / "share/man/man1").glob("*.1"))
    assert any(p.name == "pith.1" for p in pages)
    for page in pages:
        text = page.read_text()
        assert ".TH" in text or ".Dt" in text, page
        assert ".SH" in text or ".Sh" in text, page


def test_destdir(tmp_path):
    install(f"DESTDIR={tmp_path}/stage", "PREFIX=/usr/local")
    stage = tmp_path / "stage"
    assert {p.name for p in stage.iterdir()} == {"usr"}
    have = files(stage)
    assert "usr/local/bin/pith" in have and all(f.startswith("usr/local/") for f in have)
    install(f"DESTDIR={tmp_path}/stage", "PREFIX=/usr/local")
    assert files(stage) == have, "installing again adds nothing"


def test_command_without_its_parts(tmp_path):
    """Only bin/pith was copied: `pith build` says what is missing."""
    (tmp_path / "pith").write_bytes(Path(PITH).read_bytes())
    (tmp_path / "pith").chmod(0o755)
    done = subprocess.run([tmp_path / "pith", "build", "x"], capture_output=True, text=True, timeout=WAIT)
    assert done.returncode == 125 and done.stderr
    assert "make install" in done.stderr or os.path.exists("/usr/local/lib/pith/pith-build")


def test_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    done = subprocess.run(["make", "-s", "-C", ROOT, "install", f"O={BUILT}", f"DESTDIR={tmp_path}/file"], capture_output=True,
                          text=True, env=CLEAN)
    assert done.returncode and "file" in done.stderr
