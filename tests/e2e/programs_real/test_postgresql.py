# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""PostgreSQL: a process for each connection, forked from one that holds shared memory; it refuses root."""

import glob
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

import real

FOLDER = max(glob.glob("/usr/lib/postgresql/*/bin"), default="")
AS = ("--reuid=postgres", "--regid=postgres", "--clear-groups")


@pytest.fixture
def image(images):
    if not FOLDER:
        pytest.skip("PostgreSQL is missing: scripts/setup test installs postgresql-15")
    return images.build("postgresql", "-m", "512M", "--package", f"postgresql-{FOLDER.split('/')[4]}", "-f", "/etc/passwd:/etc/passwd", "-f",
                        "/etc/group:/etc/group", "/usr/bin/setpriv")


@pytest.fixture
def data(image):
    """A new database of the user postgres."""
    if os.geteuid():
        pytest.skip("needs root, to make files of another user")
    with tempfile.TemporaryDirectory(prefix="pg") as name:
        os.chmod(name, 0o755)
        folder = Path(name) / "data"
        folder.mkdir(0o700)
        shutil.chown(folder, "postgres", pwd.getpwnam("postgres").pw_gid)
        real.run("/usr/bin/setpriv", *AS, f"{FOLDER}/initdb", "-D", folder, "-U", "postgres", "--no-locale", "--no-sync", cwd="/")
        with open(folder / "pg_hba.conf", "a") as f:
            f.write("host all all 0.0.0.0/0 trust\n")
        yield folder


@pytest.fixture
def start(serve, image, data):
    return lambda: serve(image, *AS, f"{FOLDER}/postgres", "-D", "/pg", "-h", "0.0.0.0", "-k", "/tmp", ports=(5432,),
                         options=("-v", f"{data}:/pg"))


def psql(server, *commands, status=0):
    said = [word for c in commands for word in ("-c", c)]
    return real.run(f"{FOLDER}/psql", "-h", "127.0.0.1", "-p", server.port(5432), "-U", "postgres", "-qAt", *said, status=status)


def ready(server):
    server.until(lambda: psql(server, "select 1", status=None).returncode == 0)
    return server


def test_what_is_committed_stays(start):
    server = ready(start())
    psql(server, "create table t(a int primary key, b text)", "insert into t select i, md5(i::text) from generate_series(1, 2000) i")
    assert psql(server, "select sum(a), count(distinct b) from t") == "2001000|2000\n"
    refused = psql(server, "insert into t values (1, '')", status=1)
    assert "duplicate key value violates unique constraint" in refused.stderr
    assert server.stop(signal="INT") == 0
    assert psql(ready(start()), "select count(*) from t") == "2000\n"


def test_connections_at_once(start):
    """Ten processes of the server, whose transactions must not lose each other's."""
    server = ready(start())
    psql(server, "create table n(v int)", "insert into n values (0)")
    argv = [f"{FOLDER}/psql", "-h", "127.0.0.1", "-p", str(server.port(5432)), "-U", "postgres", "-qAt"]
    clients = [subprocess.Popen([*argv, *(w for _ in range(5) for w in ("-c", "update n set v = v + 1"))]) for _ in range(10)]
    assert [c.wait(60) for c in clients] == [0] * 10
    assert psql(server, "select v from n") == "50\n"


def test_root_is_refused(pith, image, on):
    done = pith.run(on, image, f"{FOLDER}/postgres", "-D", "/pg")
    assert done.returncode == 1 and '"root" execution of the PostgreSQL server is not permitted' in done.stderr
