# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""The sqlite3 shell, on files in the instance's memory."""

import pytest

import real


@pytest.fixture(scope="session")
def image(images, work):
    (work / "broken.db").write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 64)
    return images.build("sqlite3", "-m", "64M", "--net", "none", "-f", f"{work}/broken.db:/data/broken.db",
                        real.program("sqlite3"), "--", "/tmp/a.db")


@pytest.mark.parametrize("mode", ["wal", "delete", "truncate", "memory"])
def test_journals(image, pith, on, mode):
    done = pith.run(on, image, input=f"""pragma journal_mode={mode};
        create table t(a integer primary key, b text);
        begin; insert into t select value, 'x' || value from generate_series(1, 20000); commit;
        begin; delete from t; rollback;
        create index i on t(b); vacuum;
        select count(*), sum(a) from t where b between 'x1' and 'x2';
        pragma integrity_check;""")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{mode}\n11112|151509598\nok\n"


def test_dump_and_read(image, pith, on):
    done = pith.run(on, image, input="create table t(a); insert into t values (1),('two'),(x'03'),(null);\n.dump\n.mode csv\nselect * from t;\n")
    assert "INSERT INTO t VALUES('two');" in done.stdout and done.returncode == 0


def test_wrong_sql(image, pith, on):
    done = pith.run(on, image, "/tmp/a.db", "select * from missing")
    assert done.returncode == 1 and "no such table: missing" in done.stderr


def test_broken_file(image, pith, on):
    done = pith.run(on, image, "/data/broken.db", "select * from sqlite_master")
    assert done.returncode != 0 and "malformed" in done.stderr or "not a database" in done.stderr


def test_no_such_folder(image, pith, on):
    done = pith.run(on, image, "/none/a.db", "create table t(a)")
    assert done.returncode == 1 and "unable to open database" in done.stderr


def test_too_little_memory(image, pith, on):
    done = pith.run(on, image, ":memory:", "create table t(a); insert into t select randomblob(1000000) from generate_series(1,100)",
                    options=("-m", "16M"))
    assert done.returncode != 0 and "out of memory" in done.stderr.lower()
