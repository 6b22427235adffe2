# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""MariaDB with InnoDB on a volume, driven by mysql and mysqlslap; what was committed is there after kill -9."""

import shutil
import threading
import time

import pytest

import real

BASE = ("--no-defaults", "--user=root", "--datadir=/var/lib/mysql", "--innodb-log-file-size=16M", "--innodb-buffer-pool-size=32M")
SQL = "/usr/share/mysql"
TABLES = ("mysql_system_tables.sql", "mysql_performance_tables.sql", "mysql_system_tables_data.sql", "maria_add_gis_sp_bootstrap.sql")


@pytest.fixture(scope="session")
def image(images):
    return images.build("mariadb", "-m", "512M", real.program("mariadbd", "mariadb-server"), "--", *BASE, "--bind-address=0.0.0.0",
                        "--skip-grant-tables", "--skip-networking=0")


@pytest.fixture(scope="session")
def empty(work):
    """An empty database, made once by the server itself on this machine."""
    data = work / "mariadb"
    data.mkdir()
    text = "create database mysql;\nuse mysql;\nset @auth_root_socket=NULL;\n" + "".join(open(f"{SQL}/{t}").read() for t in TABLES)
    real.run(real.program("mariadbd", "mariadb-server"), "--no-defaults", "--user=root", f"--datadir={data}", "--bootstrap",
             "--innodb-log-file-size=16M", "--innodb-buffer-pool-size=32M", input=text)
    return data


@pytest.fixture
def data(empty, tmp_path):
    """A copy, for one test."""
    shutil.copytree(empty, tmp_path / "data")
    real.run("chmod", "-R", "a+rwX", tmp_path / "data")
    return tmp_path / "data"


def sql(server, text, status=0):
    return real.run(real.program("mysql", "mariadb-client"), "--no-defaults", "-N", "-h127.0.0.1", f"-P{server.port()}", "-uroot", "-e", text,
                    status=status)


def ready(server):
    return server.says("ready for connections")


@pytest.fixture
def mariadb(serve, image, data):
    return ready(serve(image, ports=(3306,), options=("-v", f"{data}:/var/lib/mysql")))


def test_tables(mariadb):
    assert sql(mariadb, """create database d; use d; create table t (id int primary key auto_increment, v varchar(100), key (v)) engine=innodb;
        insert into t (v) select concat('row ', seq) from seq_1_to_5000; start transaction; delete from t; rollback;
        select count(*), max(v) from t; check table t;""") == "5000\trow 999\nd.t\tcheck\tstatus\tOK\n"


def test_wrong_sql(mariadb):
    assert "ERROR 1046" in sql(mariadb, "select * from t", status=1).stderr
    assert "ERROR 1064" in sql(mariadb, "selekt", status=1).stderr
    sql(mariadb, "create database d; create table d.t (id int primary key) engine=innodb; insert into d.t values (1)")
    assert "ERROR 1062" in sql(mariadb, "insert into d.t values (1)", status=1).stderr
    assert sql(mariadb, "select count(*) from d.t") == "1\n"


def test_load(mariadb):
    real.run(real.program("mysqlslap", "mariadb-client"), "--no-defaults", "-h127.0.0.1", f"-P{mariadb.port()}", "-uroot",
             "--auto-generate-sql", "--auto-generate-sql-load-type=mixed", "--concurrency=16", "--number-of-queries=800", "--engine=innodb")


def test_kill_9(mariadb):
    """Rows are committed one by one; the instance is killed in the middle of it. Every row of which the client heard is there."""
    sql(mariadb, "create database d; create table d.t (id int primary key) engine=innodb")
    acknowledged = []

    def write():
        for n in range(100000):
            if real.run("mysql", "--no-defaults", "-h127.0.0.1", f"-P{mariadb.port()}", "-uroot", "-e",
                        f"insert into d.t values ({2 * n}); insert into d.t values ({2 * n + 1})", status=None).returncode:
                return
            acknowledged.append(n)
    writer = threading.Thread(target=write)
    writer.start()
    end = time.monotonic() + 30
    while len(acknowledged) < 20 and time.monotonic() < end:
        time.sleep(0.01)
    mariadb.kill()
    writer.join(60)
    assert len(acknowledged) >= 20
    mariadb.start()
    ready(mariadb)
    assert int(sql(mariadb, f"select count(*) from d.t where id < {2 * len(acknowledged)}")) == 2 * len(acknowledged)
    assert sql(mariadb, "check table d.t") == "d.t\tcheck\tstatus\tOK\n"
    assert "Starting crash recovery" in mariadb.log()


def test_stop_and_start(mariadb):
    sql(mariadb, "create database d; create table d.t (id int primary key) engine=innodb; insert into d.t values (1), (2)")
    assert mariadb.stop() == 0
    assert "Shutdown complete" in mariadb.log()
    mariadb.start()
    ready(mariadb)
    assert sql(mariadb, "select count(*) from d.t") == "2\n"
    assert "crash recovery" not in mariadb.log()


def test_wrong_starts(image, pith, on, tmp_path):
    done = pith.run(on, image, *BASE, "--no-such-option")
    assert done.returncode != 0 and "unknown option '--no-such-option'" in done.stderr
    done = pith.run(on, image, *BASE)  # no tables there
    assert done.returncode != 0 and "ERROR" in done.stderr
    done = pith.run(on, image, *BASE, "--datadir=/none")
    assert done.returncode != 0 and "/none" in done.stderr


def test_too_little_memory(image, pith, on, data):
    done = pith.run(on, image, options=("-m", "24M", "-v", f"{data}:/var/lib/mysql"))
    assert done.returncode != 0 and "memory" in done.stderr.lower()
