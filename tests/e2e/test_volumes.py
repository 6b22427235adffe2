# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""Directories of the host in the guest: what is written is the host's, and nothing beside it can be reached."""

import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
from pathlib import Path

import pytest

import pithrun
from pithrun import read_until, until

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


@pytest.fixture
def image(images):
    return images.build("volume", images.program("volume"))


@pytest.fixture
def folder():
    """A directory of this user's that a monitor may reach whoever it is: tmp_path's parents are closed to others."""
    with tempfile.TemporaryDirectory(prefix="pv") as name:
        os.chmod(name, 0o755)
        yield Path(name)


@pytest.fixture
def do(pith, image, on, folder):
    """Runs operations on the volume /data; gives the lines."""
    def run(*operations, options=("-v", f"{folder}:/data"), status=0, **more):
        done = pith.run(on, image, *operations, options=options, **more)
        assert done.returncode == status, done.stderr
        assert not done.stderr
        return done.stdout.splitlines()
    return run


def test_what_is_written_is_the_hosts(do, folder):
    assert do("write", "/data/a", "hello", "append", "/data/a", " world", "mkdir", "/data/d", "fsync", "/data/d",
              "rename", "/data/a", "/data/d/b", "read", "/data/d/b") == [
        "write ok", "append ok", "mkdir ok", "fsync ok", "rename ok", "read hello world"]
    assert (folder / "d/b").read_text() == "hello world"
    assert not (folder / "a").exists()


def test_what_the_host_writes_is_seen(do, folder):
    (folder / "x").write_text("from the host")
    os.symlink("x", folder / "l")
    assert do("read", "/data/l", "stat", "/data/l", "list", "/data", "names") == [
        "read from the host", "stat 120777 size 1 links 1 uid 0 gid 0", *sorted_entries(folder), "list 4"]


def sorted_entries(folder):
    return [f"entry {e.name}" for e in os.scandir(folder)]


def test_read_only(do, folder):
    (folder / "f").write_text("old")
    (folder / "d").mkdir()
    before = sorted(os.listdir(folder)), (folder / "f").stat()
    assert do("read", "/data/f", "write", "/data/f", "x", "write", "/data/new", "x", "unlink", "/data/f", "mkdir", "/data/e",
              "rmdir", "/data/d", "rename", "/data/f", "/data/g", "link", "/data/f", "/data/h", "symlink", "f", "/data/s",
              "chmod", "600", "/data/f", "truncate", "/data/f", "0", "statfs", "/data", options=("-v", f"{folder}:/data:ro"))[:-1] == [
        "read old", *(f"{what} EROFS" for what in ("write", "write", "unlink", "mkdir", "rmdir", "rename", "link", "symlink", "chmod",
                                                  "truncate"))]
    after = sorted(os.listdir(folder)), (folder / "f").stat()
    assert before[0] == after[0] and before[1][:7] == after[1][:7] and before[1].st_mtime == after[1].st_mtime


def test_nothing_outside_is_reached(do, folder):
    (folder / "in").mkdir()
    (folder / "secret").write_text("secret")
    os.symlink("../secret", folder / "in/up")
    os.symlink("/etc/passwd", folder / "in/passwd")
    os.symlink("/proc/self/root/etc/shadow", folder / "in/proc")
    os.symlink("loop", folder / "in/loop")
    os.mkfifo(folder / "in/fifo")
    assert do("read", "/data/up", "read", "/data/../secret", "read", "/data/in/../../secret", "read", "/data/loop",
              "write", "/data/up", "x", "read", "/data/proc", options=("-v", f"{folder}/in:/data")) == [
        "read ENOENT", "read ENOENT", "read ENOENT", "read ELOOP", "write ok", "read ENOENT"]
    assert (folder / "secret").read_text() == "secret"
    # An absolute link leads into the guest's own root.
    guest = do("read", "/data/passwd", options=("-v", f"{folder}/in:/data"))
    assert guest != ["read " + Path("/etc/passwd").read_text().strip()]


def test_no_devices_and_no_set_id(do, folder):
    assert do("mknod", "/data/null", "write", "/data/s", "x", "chmod", "4755", "/data/s") == ["mknod EPERM", "write ok", "chmod ok"]
    assert (folder / "s").stat().st_mode & 0o7777 == 0o755
    assert sorted(os.listdir(folder)) == ["s"]


def test_single_file(do, on, folder):
    if on.startswith("qemu"):
        pytest.skip("no single files: 9p shares folders")
    (folder / "conf").write_text("a=1")
    (folder / "other").write_text("x")
    options = ("-v", f"{folder}/conf:/etc/app/conf")
    assert do("read", "/etc/app/conf", "write", "/etc/app/conf", "a=2", "unlink", "/etc/app/conf", "list", "/etc/app", "names",
              "rename", "/etc/app/conf", "/etc/app/x", options=options) == [
        "read a=1", "write ok", "unlink EBUSY", "entry conf", "list 3", "rename EBUSY"]
    assert (folder / "conf").read_text() == "a=2"


def test_several_and_nested(do, folder):
    for name in "abc":
        (folder / name).mkdir()
        (folder / name / "f").write_text(name)
    assert do("read", "/x/f", "read", "/x/y/f", "read", "/x/y/z/f", "rename", "/x/f", "/x/y/g", "link", "/x/f", "/x/y/g", "rmdir", "/x/y",
              "read", "/proc/mounts",
              options=("-v", f"{folder}/c:/x/y/z:ro", "-v", f"{folder}/a:/x", "-v", f"{folder}/b:/x/y/"))[:6] == [
        "read a", "read b", "read c", "rename EXDEV", "link EXDEV", "rmdir EBUSY"]


def test_mounts_and_statfs(do, folder):
    lines = do("read", "/proc/mounts", "statfs", "/data", "statfs", "/ro",
               options=("-v", f"{folder}:/data", "-v", f"{folder}:/ro:ro"))
    assert "volume /data volume rw 0 0" in lines and "volume /ro volume ro 0 0" in lines
    free = shutil.disk_usage(folder).free >> 20
    rw, ro = (line.split() for line in lines[-2:])
    assert abs(int(rw[1]) - free) < 2048 and rw[-1] == "rw" and ro[-1] == "ro"


def test_ten_thousand_files(do, folder):
    (folder / "many").mkdir()
    for i in range(10000):
        (folder / f"many/{i}").touch()
    assert do("list", "/data/many", "count") == ["list 10002"]


def test_host_removes_what_is_open(pith, image, on, folder):
    (folder / "f").write_text("kept")
    running = pith.start(on, image, "hold", "/data/f", "read", "/data/f", options=("-v", f"{folder}:/data"))
    read_until(running.stdout, b"holding\n")
    (folder / "f").unlink()
    running.stdin.write(b"\n")
    out = running.communicate(timeout=pithrun.WAIT)[0].decode().splitlines()
    assert out == ["held kept links 0", "pwrite ok", "read ENOENT"]


def test_host_removes_the_directory(pith, image, on, folder):
    (folder / "d").mkdir()
    (folder / "d/f").write_text("x")
    running = pith.start(on, image, "hold", "/data/f", "write", "/data/g", "x", "list", "/data", "names",
                         options=("-v", f"{folder}/d:/data"))
    read_until(running.stdout, b"holding\n")
    shutil.rmtree(folder / "d")
    running.stdin.write(b"\n")
    out = running.communicate(timeout=pithrun.WAIT)[0].decode().splitlines()
    assert out[0] == "held x links 0" and out[2] == "write ENOENT"


@pytest.mark.parametrize("how", ["msync", "close", "nothing"])
def test_shared_mappings_reach_the_file(do, folder, how):
    assert do("map", "/data/m", how)[-1] == "map ok"
    data = (folder / "m").read_bytes()
    assert len(data) == 10000 and data[:6] == b"mapped" and data[-1:] == b"E"


def test_owners(do, folder):
    assert do("write", "/data/f", "x", "chown", "1234", "/data/f", "setuid", "77", "stat", "/data/f", "append", "/data/f", "y",
              "chown", "5", "/data/f") == [
        "write ok", "chown ok", "setuid ok", "stat 100644 size 1 links 1 uid 77 gid 77", "append ok", "chown EPERM"]
    st = (folder / "f").stat()
    assert (st.st_uid, st.st_gid) == (os.geteuid(), os.getegid())
    assert (folder / "f").read_text() == "xy"


@as_root
def test_a_monitor_of_roots_is_the_owner(pith, image, on, folder):
    mine, theirs = folder / "mine", folder / "theirs"
    for path, uid in ((mine, 4321), (theirs, 0)):
        path.mkdir(mode=0o700)
        os.chown(path, uid, uid)
    options = ("-v", f"{mine}:/data")
    assert pith.run(on, image, "write", "/data/f", "x", "stat", "/data/f", options=options).stdout.splitlines() == [
        "write ok", "stat 100644 size 1 links 1 uid 0 gid 0"]
    assert (mine / "f").stat().st_uid == 4321 and (mine / "f").stat().st_gid == 4321
    monitor = pith.detach(on, image, "lines", "/data/l", "no", options=(*options, "--name", "it"))["pid"]
    until(lambda: "\nSeccomp:\t2\n" in Path(f"/proc/{monitor}/status").read_text(), "the sandbox")
    for pid in [monitor, *pithrun.children(monitor)]:
        status = dict(line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        assert status["Uid"].split() == ["4321"] * 4
        assert status["CapEff"] == status["CapPrm"] == "0" * 16
    # Nor does root, who has no capabilities there, reach what is another's alone.
    pith.refused("run", "--on", on, "-v", f"{theirs}:/theirs", "-v", f"{mine}:/data:ro", image, "--", "list", "/data", "names",
                 says=["the user 0 may not read", str(mine)])
    # What the owner of the one may not reach is refused before anything starts.
    pith.refused("run", "--on", on, *options, "-v", f"{theirs}:/theirs", image, "--", "list", "/theirs", "names",
                 says=["the user 4321 may not write", str(theirs)])


@as_root
def test_roots_own_directory(pith, image, on, folder):
    """The monitor stays root there, but without any capability; what is another's is out of its reach."""
    (folder / "alien").write_text("x")
    os.chown(folder / "alien", 4321, 4321)
    os.chmod(folder / "alien", 0o600)
    monitor = pith.detach(on, image, "lines", "/data/l", "no", options=("-v", f"{folder}:/data", "--name", "it"))["pid"]
    until(lambda: "\nSeccomp:\t2\n" in Path(f"/proc/{monitor}/status").read_text(), "the sandbox")
    for pid in [monitor, *pithrun.children(monitor)]:
        assert "\nCapEff:\t0000000000000000\n" in Path(f"/proc/{pid}/status").read_text()
    done = pith.run(on, image, "read", "/data/alien", "stat", "/data/alien", options=("-v", f"{folder}:/data"))
    assert done.stdout.splitlines() == ["read EACCES", "stat 100600 size 1 links 1 uid 4321 gid 4321"]


@pytest.mark.parametrize("sync", ["no", "sync"])
def test_kill_loses_nothing_that_was_acknowledged(pith, image, on, folder, sync):
    running = pith.start(on, image, "lines", "/data/log", sync, options=("-v", f"{folder}:/data"))
    said = read_until(running.stdout, b"\n200\n")
    os.kill(running.pid, signal.SIGKILL)
    said += running.communicate()[0]
    acknowledged = int(said[:said.rindex(b"\n")].split(b"\n")[-1])
    lines = (folder / "log").read_text().split("\n")
    assert acknowledged >= 200
    assert lines[:acknowledged] == [str(i + 1) for i in range(acknowledged)]


def small_disk(tmp):
    """A file system of 4 MiB, mounted at tmp, or None."""
    return not subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", tmp], capture_output=True).returncode


@as_root
def test_full_disk(do, folder):
    disk = folder / "disk"
    disk.mkdir()
    if not small_disk(disk):
        pytest.skip("file systems cannot be mounted here")
    try:
        assert do("fill", "/data/f", "write", "/data/g", "more", "unlink", "/data/f", "write", "/data/g", "more",
                  options=("-v", f"{disk}:/data")) == ["fill ENOSPC", "write ENOSPC", "unlink ok", "write ok"]
        assert (disk / "g").read_text() == "more"
    finally:
        subprocess.run(["umount", disk], check=True)


@as_root
def test_read_only_file_system(pith, image, on, folder):
    disk = folder / "disk"
    disk.mkdir()
    if not small_disk(disk):
        pytest.skip("file systems cannot be mounted here")
    try:
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        pith.refused("run", "--on", on, "-v", f"{disk}:/data", image, says=["read-only", f"say {disk}:/data:ro"])
        done = pith.run(on, image, "list", "/data", "names", options=("-v", f"{disk}:/data:ro"))
        assert done.stdout.splitlines() == ["list 2"]
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.parametrize("text, says", [
    ("/nonexistent/x:/data", "there is no /nonexistent/x on this host"),
    ("/dev/null:/data", "neither a directory nor a plain file"),
    ("{folder}/loop:/data", "symbolic links"),
    ("{folder}", "say HOST:GUEST"),
    (":/data", "say HOST:GUEST"),
    ("{folder}:data", "must be absolute"),
    ("{folder}:/data/../etc", "without . or .."),
    ("{folder}:/", "cannot be the guest's root"),
    ("{folder}:", "must be absolute"),
    ("{folder}:/data:rx", "must be absolute"),
])
def test_wrong_volumes(pith, image, folder, text, says):
    os.symlink("loop", folder / "loop")
    pith.refused("run", "-v", text.format(folder=folder), image, says=says)


def test_two_in_one_place(pith, image, folder):
    pith.refused("run", "-v", f"{folder}:/data", "-v", f"{folder}://data/", image, says="two volumes for /data")


def test_too_many(pith, image, folder):
    pith.refused("run", *(o for i in range(17) for o in ("-v", f"{folder}:/d{i}")), image, says="16 volumes at most")


def test_image_that_opens_no_files(pith, images, folder):
    source, program = folder / "nothing.c", folder / "nothing"
    source.write_text('void _start(void) { __asm__ volatile("mov $60, %eax; xor %edi, %edi; syscall"); }')
    subprocess.run(["gcc", "-O1", "-nostdlib", "-static", "-o", program, source], check=True)
    pith.refused("run", "-v", f"{folder}:/data", images.build("nothing", program), says=["can have no volumes", "--call getdents64"])


def test_something_is_in_the_way(pith, image, on, folder):
    (folder / "f").touch()
    for host, guest, why in ((folder, "/volume", "a file is in the way"), (folder / "f", "/dev", "a directory is in the way"),
                             (folder, "/proc/x", "cannot be made")):
        if on.startswith("qemu") and host != folder:
            continue  # no single files
        done = pith.run(on, image, "list", "/", "names", options=("-v", f"{host}:{guest}"))
        assert done.returncode == pithrun.FAILED and why in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_not_permitted(pith, image, folder):
    (folder / "d").mkdir(mode=0)
    pith.refused("run", "-v", f"{folder}/d:/data", image, says="may not")


def test_no_nameless_files(do):
    assert do("tmpfile", "/data") == ["tmpfile EOPNOTSUPP"]


def test_inspect_shows_volumes(pith, image, on, folder):
    pith.detach(on, image, "lines", "/data/log", "sync", options=("-v", f"{folder}:/data", "-v", "/etc:/host:ro", "--name", "it"))
    seen = pith.inspect("it")
    assert seen["volumes"] == [{"host": str(folder), "guest": "/data", "readonly": False},
                               {"host": "/etc", "guest": "/host", "readonly": True}]
    if not on.startswith("qemu"):
        until(lambda: pith.inspect("it")["statistics"]["crossings"]["volume"] > 10, "requests of volumes")
        assert pith.inspect("it")["statistics"]["volumes_written"] > 0
    text = pith("inspect", "it").stdout
    assert f"{folder}:/data\n" in text and "/etc:/host:ro\n" in text


SQLITE = shutil.which("sqlite3")


@pytest.fixture(scope="module")
def sqlite_image(images):
    if not SQLITE:
        pytest.skip("sqlite3 is not installed")
    return images.build("sqlite3", SQLITE)


def test_sqlite_survives_kill(pith, sqlite_image, on, folder):
    """WAL mode, a kill in the middle of writes: what was committed is there, and the file is whole."""
    running = pith.start(on, sqlite_image, "/data/t.db", options=("-v", f"{folder}:/data"))
    write = running.stdin.write
    write(b"pragma journal_mode=wal; create table t(a integer primary key, b text);\n")
    read_until(running.stdout, b"wal\n")
    for i in range(1, 400):
        write(b"insert into t values(%d, hex(randomblob(200))); select 'done %d';\n" % (i, i))
    said = read_until(running.stdout, b"done 50\n")
    os.kill(running.pid, signal.SIGKILL)
    said += running.communicate()[0]
    committed = int(said[:said.rindex(b"\n")].split()[-1])
    # First by another instance, which recovers, then by the host's own library.
    done = pith.run(on, sqlite_image, "/data/t.db", "pragma integrity_check; select count(*) >= %d from t;" % committed,
                    options=("-v", f"{folder}:/data"))
    assert done.stdout.split() == ["ok", "1"], done.stderr
    db = sqlite3.connect(folder / "t.db")
    assert db.execute("pragma integrity_check").fetchone() == ("ok",)
    assert db.execute("select count(*) from t").fetchone()[0] >= committed
    db.close()


def test_sqlite_the_host_recovers(pith, sqlite_image, on, folder):
    running = pith.start(on, sqlite_image, "/data/t.db", options=("-v", f"{folder}:/data"))
    running.stdin.write(b"pragma journal_mode=wal; create table t(a); insert into t values(1); select 'done';\n")
    read_until(running.stdout, b"done\n")
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    db = sqlite3.connect(folder / "t.db")
    assert db.execute("pragma integrity_check").fetchone() == ("ok",)
    assert db.execute("select count(*) from t").fetchone() == (1,)
    db.close()
