# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""Images out of root directories, tars and container images: what survives, and what is refused. A refusal is status 125, one message
that names what is wrong, and nothing left behind."""

import bz2
import io
import json
import lzma
import os
import shutil
import signal
import subprocess
import tarfile
import time
from pathlib import Path

import pytest

from archives import INDEX, Layout, MANIFEST, digest, docker, entry, gzipped, tar
from pithrun import PITH, free_port, opened, until

TREE = "bin/tree"


@pytest.fixture(scope="session")
def program(images):
    return images.program("tree").read_bytes()


def build(*args, **more):
    return subprocess.run([PITH, "build", *map(str, args)], capture_output=True, text=True, timeout=120, **more)


def built(*args):
    done = build("-q", "-o", "i.pith", *args)
    assert done.returncode == 0, done.stderr
    assert done.stdout == done.stderr == ""
    return Path("i.pith")


def refused(*args, says=(), **more):
    before = sorted(os.listdir("."))
    done = build(*args, **more)
    assert done.returncode == 125, (done.returncode, done.stdout, done.stderr)
    assert done.stdout == ""
    assert done.stderr.startswith("pith build: ") and done.stderr.count("\n") == 1
    for text in [says] if isinstance(says, str) else says:
        assert text in done.stderr
    assert sorted(os.listdir(".")) == before
    return done.stderr


def write(data, name="a.tar"):
    Path(name).write_bytes(data)
    return name


def run(pith, on, *args, options=()):
    """Of i.pith: the lines that it prints."""
    done = pith.run(on, "i.pith", *args, options=options)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def shown(lines, what):
    return [line[len(what) + 1:] for line in lines if line.startswith(what + " ")]


@pytest.fixture
def root(program):
    """A root file system's members, with the program."""
    return [entry("bin"), entry(TREE, program, mode=0o755)]


def root_tar(root, *more, **how):
    return tar(*root, *more, **how)


# What survives


def test_everything_survives_a_tar(pith, on, place, root):
    long = "n" * 255
    deep = "/".join(["d" * 200] * 20) + "/" + "f" * 60  # 4080 bytes
    write(root_tar(
        root,
        entry("etc/link", "", type=tarfile.SYMTYPE, link="../bin/tree", mode=0o777, mtime=5),
        entry("bin/suid", "x" * 5000, mode=0o6755, uid=70000, gid=4_000_000_000),
        entry("bin/hard", "", type=tarfile.LNKTYPE, link="bin/suid"),
        entry("dev/null", "", type=tarfile.CHRTYPE, mode=0o666, device=(1, 3)),
        entry("dev/sda", "", type=tarfile.BLKTYPE, mode=0o660, device=(8, 300)),
        entry("pipe", "", type=tarfile.FIFOTYPE, mode=0o600),
        entry("empty", mode=0o755),
        entry(long, "long"), entry(deep, "deep"),
        entry("gr\u00fc\u00dfe \u65e5\u672c", "names"),
        entry("old", "old", mtime=-1),
        entry("time", "t", pax={"mtime": "1234567890.987654321"}),
        entry("./dotted/./name", "dots"), entry("/absolute", "inside"),
        entry("file", "first"), entry("file", "second", mode=0o600)))
    built("--program", "/bin/tree", "a.tar")
    assert run(pith, on, "stat", "/etc/link", "/bin/suid", "/bin/hard", "/pipe", "/empty", "/" + long, "/" + deep,
               "/gr\u00fc\u00dfe \u65e5\u672c", "/old", "/time", "/dotted/name", "/absolute", "/file") == [
        "120777 0:0 11 1 5.0 0,0 ../bin/tree",
        "106755 70000:-294967296 5000 2 1000000000.0 0,0 ",
        "106755 70000:-294967296 5000 2 1000000000.0 0,0 ",
        "10600 0:0 0 1 1000000000.0 0,0 ",
        "40755 0:0 %s" % run(pith, on, "stat", "/empty")[0].split(" ", 2)[2],
        "100644 0:0 4 1 1000000000.0 0,0 ", "100644 0:0 4 1 1000000000.0 0,0 ", "100644 0:0 5 1 1000000000.0 0,0 ",
        "100644 0:0 3 1 -1.0 0,0 ",
        "100644 0:0 1 1 1234567890.987654321 0,0 ",
        "100644 0:0 4 1 1000000000.0 0,0 ", "100644 0:0 6 1 1000000000.0 0,0 ",
        "100600 0:0 6 1 1000000000.0 0,0 "]


def test_a_root_directory(pith, on, place, program):
    for name in ("root/bin", "root/empty", "root/data"):
        Path(name).mkdir(parents=True)
    Path("root/bin/tree").write_bytes(program)
    Path("root/bin/tree").chmod(0o755)
    Path("root/data/a").write_text("a")
    os.utime("root/data/a", (7, 1_234_567_890))
    os.link("root/data/a", "root/data/b")
    os.symlink("/data/a", "root/data/link")
    os.mkfifo("root/data/pipe", 0o640)
    if not os.geteuid():
        os.chown("root/data/a", 123, 456)
        os.mknod("root/data/zero", 0o644 | 0o020000, os.makedev(1, 5))
    Path("root/data/a").chmod(0o4640)
    built("--program", "bin/tree", "root")
    got = run(pith, on, "stat", "/data/a", "/data/b", "/data/link", "/data/pipe", "/empty")
    owner = "0:0" if os.geteuid() else "123:456"
    assert got[0] == got[1] == f"104640 {owner} 1 2 1234567890.0 0,0 "
    assert got[2].startswith("120777 0:0 7 1 ") and got[2].endswith(" /data/a")
    assert got[3].startswith("10640 0:0 0 1")
    assert got[4].startswith("40755 0:0")
    if not os.geteuid():
        assert run(pith, on, "stat", "/data/zero")[0].split()[-1] == "1,5"


def sparse_tar(flags, name):
    with open("sparse", "wb") as f:
        for at in (5000, 3 << 30, (5 << 30) - 8):
            f.seek(at)
            f.write(b"datadata")
    subprocess.run(["tar", *flags, "-cSf", name, "sparse", "-C", "root", "."], check=True)


@pytest.mark.parametrize("flags", [["--format=gnu"], ["--format=pax"], ["--format=pax", "--sparse-version=0.1"]])
def test_sparse_files_of_gigabytes(pith, on, place, program, flags):
    Path("root/bin").mkdir(parents=True)
    Path("root/bin/tree").write_bytes(program)
    Path("root/bin/tree").chmod(0o755)
    sparse_tar(flags, "a.tar")
    assert os.stat("a.tar").st_size < 1 << 20
    built("--program", "/bin/tree", "a.tar")
    assert os.stat("i.pith").st_size < 8 << 20
    assert run(pith, on, "stat", "/sparse")[0].split()[2] == str(5 << 30)
    for at in (5000, 3 << 30, (5 << 30) - 8):
        assert run(pith, on, "at", "/sparse", at) == ["datadata"]
    assert run(pith, on, "at", "/sparse", 1 << 30) == [""]


def test_sparse_files_of_a_directory(pith, on, place, program):
    Path("root/bin").mkdir(parents=True)
    Path("root/bin/tree").write_bytes(program)
    Path("root/bin/tree").chmod(0o755)
    with open("root/sparse", "wb") as f:
        f.seek(6 << 30)
        f.write(b"the end")
    built("--program", "/bin/tree", "root")
    assert os.stat("i.pith").st_size < 8 << 20
    assert run(pith, on, "at", "/sparse", 6 << 30) == ["the end"]


@pytest.mark.parametrize("format", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_formats(pith, place, root, format):
    write(root_tar(root, entry("dir/" + "x" * 80, "content"), format=format))
    built("--program", "/bin/tree", "a.tar")
    assert run(pith, "process", "list", "/dir") == ["x" * 80]


@pytest.mark.parametrize("pack", [gzipped, bz2.compress, lzma.compress, lambda d: lzma.compress(d, lzma.FORMAT_ALONE),
                                  lambda d: subprocess.run(["zstd", "-c"], input=d, capture_output=True, check=True).stdout],
                         ids=["gzip", "bzip2", "xz", "lzma", "zstd"])
def test_compressions(pith, place, root, pack):
    if pack is test_compressions.pytestmark[0].args[1][-1] and not shutil.which("zstd"):
        pytest.skip("zstd is not installed")
    write(pack(root_tar(root)), "archive")
    built("--program", "/bin/tree", "archive")
    assert run(pith, "process", "list", "/bin") == ["tree"]


def test_many_files(pith, place, root):
    write(root_tar(root, *(entry(f"many/{i % 100}/{i}", str(i)) for i in range(100_000))))
    built("--program", "/bin/tree", "a.tar")
    assert len(run(pith, "process", "list", "/many/7")) == 1000


def test_attributes_are_left_out_with_a_note(place, root):
    write(root_tar(root, entry("bin/ping", "x", pax={"SCHILY.xattr.security.capability": "\1\0"})))
    done = build("--program", "/bin/tree", "a.tar")
    assert done.returncode == 0
    assert "extended attributes are left out, of 1 file: security.capability of bin/ping" in done.stdout


def test_users_files_come_over_it(pith, place, root):
    Path("mine").write_text("mine mine")
    write(root_tar(root, entry("etc/conf", "theirs")))
    built("--program", "/bin/tree", "-f", "mine:/etc/conf", "a.tar")
    assert run(pith, "process", "pages", "/etc/conf") == ["0 mine min", "size 9"]


# Container images


def test_layers_and_whiteouts(pith, on, place, root):
    low = root_tar(root, entry("keep/a", "low"), entry("keep/gone", "x"), entry("opaque/low", "x"),
                   entry("tree/deep/x", "x"), entry("real/x", "x"), entry("link", "", type=tarfile.SYMTYPE, link="real"),
                   entry("same", "low"), entry("hard", "hard"), entry("sub/x", "x"))
    high = tar(entry("keep/.wh.gone", ""), entry("opaque/new", "new"), entry("opaque/.wh..wh..opq", ""), entry(".wh.tree", ""),
               entry("keep/a", "high!"), entry("link/through", "y"), entry("same", mode=0o700), entry("same/x", "x"),
               entry("hard2", "", type=tarfile.LNKTYPE, link="hard"), entry(".wh.sub/"), entry(".wh..wh.plnk", ""), entry(".wh.not-there", ""))
    Layout([low, high], {"Entrypoint": ["/bin/tree"]}).write(Path("layout"))
    built("layout")
    for folder, names in {"/keep": ["a"], "/opaque": ["new"], "/real": ["through", "x"], "/same": ["x"]}.items():
        assert run(pith, on, "list", folder) == names
    top = run(pith, on, "list", "/")
    assert "tree" not in top and "sub" not in top and "hard2" in top and not [n for n in top if n.startswith(".wh")]
    assert run(pith, on, "pages", "/keep/a")[0] == "0 high!"
    stats = run(pith, on, "stat", "/hard", "/hard2")
    assert stats[0] == stats[1] and stats[0].split()[3] == "2"


CONFIG = {"Entrypoint": ["tree"], "Cmd": ["one", "two"], "Env": ["PATH=/opt:/bin", "A=image", "B=image"],
          "WorkingDir": "/work/dir", "User": "joe:staff", "ExposedPorts": {"80/tcp": {}, "53/udp": {}, "1-9/tcp": {}},
          "StopSignal": "SIGQUIT", "Labels": {"a": "b"}, "Volumes": {"/v": {}}, "Healthcheck": {"Test": ["NONE"]}}
ACCOUNTS = [entry("etc/passwd", "root:x:0:0::/root:/bin/sh\njoe:x:1000:1001::/home/joe:/bin/sh\n"),
            entry("etc/group", "root:x:0:\nstaff:x:50:joe\n")]


@pytest.fixture(params=["folder", "tar", "tar.gz", "docker"])
def image(request, place, root):
    """The same container image in every form."""
    layers = [root_tar(root), tar(*ACCOUNTS)]

    def make(config):
        if request.param == "docker":
            return write(docker(layers, config), "image.tar")
        layout = Layout(layers, config, compress=gzipped, media="application/vnd.oci.image.layer.v1.tar+gzip")
        if request.param == "folder":
            return layout.write(Path("image"))
        return write(layout.tar() if request.param == "tar" else gzipped(layout.tar()), "image." + request.param)
    return make


def test_configuration(pith, on, image):
    built("-e", "B=mine", image(CONFIG))
    got = run(pith, on)
    assert shown(got, "arg") == ["tree", "one", "two"]
    env = shown(got, "env")
    for variable in ("PATH=/opt:/bin", "A=image", "B=mine", "HOME=/home/joe"):
        assert variable in env
    assert "B=image" not in env
    assert shown(got, "cwd") == ["/work/dir"]
    assert shown(got, "uid") == ["1000 1000 gid 50 50"]
    # Arguments replace Cmd and not the entry point.
    assert shown(run(pith, on, "three"), "arg") == ["tree", "three"]


def test_arguments_of_build_replace_cmd(pith, image):
    source = image(CONFIG)
    built(source, "--", "x y")
    assert shown(run(pith, "process"), "arg") == ["tree", "x y"]
    built("--program", "/bin/tree", source, "--", "z")
    assert shown(run(pith, "process"), "arg") == ["/bin/tree", "z"]


def test_run_builds_first(pith, on, image):
    source = image(CONFIG)
    done = pith("run", "--on", on, "-e", "C=run", source, "--", "a", "b")
    assert done.returncode == 0, done.stderr
    got = done.stdout.splitlines()
    assert shown(got, "arg") == ["tree", "a", "b"] and "C=run" in shown(got, "env")
    assert shown(pith("run", "--on", on, source).stdout.splitlines(), "arg") == ["tree", "one", "two"]


def test_run_detached(pith, image):
    source = image(CONFIG)
    started = json.loads(pith("run", "-d", "--json", "--on", "process", "--name", "box", source).stdout)
    assert started["image"] == str(Path(source).resolve())
    until(lambda: "arg tree\narg one\narg two" in pith.log("box"), "the program's output")


def test_cmd_alone_is_the_program(pith, place, root):
    write(docker([root_tar(root)], {"Cmd": ["/bin/tree", "a", "b"]}))
    built("a.tar")
    assert shown(run(pith, "process"), "arg") == ["/bin/tree", "a", "b"]
    built("a.tar", "--", "tree", "c")
    assert shown(run(pith, "process"), "arg") == ["tree", "c"]


@pytest.mark.parametrize("user, ids", [("", "0 0"), ("5", "5 0"), ("1000", "1000 1001"), ("joe", "1000 1001"), ("7:8", "7 8"),
                                       ("joe:9", "1000 9"), ("root", "0 0"), (":50", "0 50")])
def test_users(pith, place, root, user, ids):
    write(docker([root_tar(root, *ACCOUNTS)], {"Entrypoint": ["/bin/tree"], "User": user}))
    built("a.tar")
    uid, gid = ids.split()
    assert shown(run(pith, "process"), "uid") == [f"{uid} {uid} gid {gid} {gid}"]


def test_scripts(pith, place, root):
    write(docker([root_tar(root, entry("start.sh", "#!/usr/bin/env tree\n", mode=0o755),
                           entry("two.sh", "#! /bin/tree -x  y \nwhatever", mode=0o755))], {"Cmd": ["/start.sh", "a"]}))
    built("a.tar")
    assert shown(run(pith, "process"), "arg") == ["tree", "/start.sh", "a"]
    built("--program", "/two.sh", "a.tar", "--", "b")
    assert shown(run(pith, "process"), "arg") == ["/bin/tree", "-x  y", "/two.sh", "b"]
    assert shown(run(pith, "process", "c"), "arg") == ["/bin/tree", "-x  y", "/two.sh", "c"]


def test_links_to_the_program(pith, place, root):
    write(docker([root_tar(root, entry("usr/bin/t", "", type=tarfile.SYMTYPE, link="../../sbin/s"),
                           entry("sbin", "", type=tarfile.SYMTYPE, link="/bin"),
                           entry("bin/s", "", type=tarfile.SYMTYPE, link="tree"))], {"Cmd": ["t"]}))
    built("a.tar")
    assert shown(run(pith, "process"), "arg") == ["t"]


def test_the_platform_is_chosen(pith, place, root):
    arm, ours = Layout([tar()], {}, platform=("linux", "arm64")), Layout([root_tar(root)], {"Cmd": ["/bin/tree"]})
    ours.files.update({k: v for k, v in arm.files.items() if k not in ours.files})
    inner = {"schemaVersion": 2, "manifests": [
        dict(arm.descriptor, platform={"os": "linux", "architecture": "arm64"}),
        dict(ours.descriptor, platform={"os": "linux", "architecture": "amd64"}),
        dict(arm.descriptor, platform={"os": "unknown", "architecture": "unknown"})]}
    ours.index = {"schemaVersion": 2, "manifests": [ours.add_json(inner, INDEX)]}
    ours.files["index.json"] = json.dumps(ours.index).encode()
    write(ours.tar())
    built("a.tar")
    assert shown(run(pith, "process"), "arg") == ["/bin/tree"]


def test_tags(pith, place, root):
    one = Layout([root_tar(root)], {"Cmd": ["/bin/tree", "1"]}, tag="one")
    two = Layout([root_tar(root)], {"Cmd": ["/bin/tree", "2"]}, tag="two")
    one.files.update({k: v for k, v in two.files.items() if k.startswith("blobs")})
    one.files["index.json"] = json.dumps({"schemaVersion": 2, "manifests": [one.descriptor, two.descriptor]}).encode()
    write(one.tar())
    refused("a.tar", says=["several images", "--tag", "one, two"])
    refused("--tag", "three", "a.tar", says=["no image three", "one, two"])
    built("--tag", "two", "a.tar")
    assert shown(run(pith, "process"), "arg") == ["/bin/tree", "2"]


@pytest.mark.skipif(not shutil.which("skopeo") or not shutil.which("umoci"), reason="skopeo and umoci are not installed")
def test_what_skopeo_and_umoci_write(pith, place, program):
    def tool(*args):
        subprocess.run(args, check=True, capture_output=True, timeout=100)

    tool("umoci", "init", "--layout", "layout")
    tool("umoci", "new", "--image", "layout:t")
    Path("root/bin").mkdir(parents=True)
    Path("root/bin/tree").write_bytes(program)
    Path("root/bin/tree").chmod(0o755)
    tool("umoci", "insert", "--rootless", "--image", "layout:t", "root/bin", "/bin")
    tool("umoci", "config", "--image", "layout:t", "--config.entrypoint", "/bin/tree", "--config.workingdir", "/w")
    tool("skopeo", "--insecure-policy", "copy", "oci:layout:t", "docker-archive:d.tar:name:tag")
    tool("skopeo", "--insecure-policy", "copy", "oci:layout:t", "oci-archive:o.tar")
    for source in ("layout", "d.tar", "o.tar"):
        built(source)
        got = run(pith, "process", "x")
        assert shown(got, "arg") == ["/bin/tree", "x"] and shown(got, "cwd") == ["/w"]


def test_a_dynamic_program_of_the_image(pith, on, place):
    Path("a.c").write_text('#include <stdio.h>\nint main(void) { puts("dynamic"); return 0; }\n')
    subprocess.run(["gcc", "-o", "a.out", "a.c"], check=True)
    loader, libc = Path("/lib64/ld-linux-x86-64.so.2"), Path("/lib/x86_64-linux-gnu/libc.so.6")
    members = [entry("usr/bin/a", Path("a.out").read_bytes(), mode=0o755),
               entry("usr/lib64/ld-linux-x86-64.so.2", loader.read_bytes(), mode=0o755),
               entry("lib64", "", type=tarfile.SYMTYPE, link="usr/lib64")]
    write(docker([tar(*members)], {"Cmd": ["a"]}))
    refused("a.tar", says=["libc.so.6 is not in the root file system", "/usr/bin/a wants it"])
    members.append(entry("somewhere/libc.so.6", libc.read_bytes(), mode=0o755))
    members.append(entry("etc/ld.so.conf", "include ld.so.conf.d/*.conf\n"))
    members.append(entry("etc/ld.so.conf.d/x.conf", "/somewhere\n"))
    write(docker([tar(*members)], {"Cmd": ["a"], "Env": ["LD_LIBRARY_PATH=/somewhere"]}))
    built("a.tar")
    assert run(pith, on) == ["dynamic"]
    write(docker([tar(members[0])], {"Cmd": ["a"]}))
    refused("a.tar", says="needs the interpreter /lib64/ld-linux-x86-64.so.2, which is not in the root file system")


# The same bytes


def test_same_input_same_bytes(place, root):
    layers = [root_tar(root), tar(*ACCOUNTS)]
    first = write(Layout(layers, CONFIG).tar(), "first.tar")
    built("--name", "n", first)
    shutil.move("i.pith", "1")
    Path("elsewhere").mkdir()
    shutil.copy(first, "elsewhere/first.tar")
    os.utime("elsewhere/first.tar", (1, 1))
    os.chdir("elsewhere")
    built("--name", "n", "first.tar")
    assert Path("i.pith").read_bytes() == Path("../1").read_bytes()


def test_a_directory_gives_the_same_bytes_elsewhere(place, program):
    for folder, names in (("one", "abcdef"), ("deep/er/two", "fedcba")):
        Path(folder, "bin").mkdir(parents=True)
        Path(folder, "bin/tree").write_bytes(program)
        Path(folder, "bin/tree").chmod(0o755)
        os.utime(Path(folder, "bin/tree"), (5, 5))
        for name in names:
            Path(folder, name).write_text(name)
            os.utime(Path(folder, name), (9, 9))
    built("--name", "n", "--program", "/bin/tree", "one")
    shutil.move("i.pith", "1")
    built("--name", "n", "--program", "/bin/tree", "deep/er/two")
    assert Path("i.pith").read_bytes() == Path("1").read_bytes()


# What is refused


ESCAPES = {
    "dotdot": ([entry("../evil", "x")], "../evil leads out of the tree"),
    "dotdot inside": ([entry("a/../../evil", "x")], "a/../../evil leads out of the tree"),
    "absolute dotdot": ([entry("/../evil", "x")], "leads out of the tree"),
    "absolute link": ([entry("l", "", type=tarfile.SYMTYPE, link="/tmp"), entry("l/evil", "x")],
                      "l/evil goes through a link to /tmp, which is not in the tree"),
    "relative link": ([entry("l", "", type=tarfile.SYMTYPE, link="../../tmp"), entry("l/evil", "x")],
                      "l/evil leads out of the tree"),
    "hard link": ([entry("h", "", type=tarfile.LNKTYPE, link="../../etc/passwd")], "the hard link h: "),
    "absolute hard link": ([entry("h", "", type=tarfile.LNKTYPE, link="/etc/shadow")], "/etc/shadow is not in the tree"),
    "hard link through a link": ([entry("l", "", type=tarfile.SYMTYPE, link="/etc"),
                                  entry("h", "", type=tarfile.LNKTYPE, link="l/passwd")], "l/passwd goes through a link"),
    "circle": ([entry("a", "", type=tarfile.SYMTYPE, link="b"), entry("b", "", type=tarfile.SYMTYPE, link="a"),
                entry("a/x", "x")], "circle of symbolic links"),
    "through a file": ([entry("f", "x"), entry("f/x", "x")], "f in it is not a folder"),
    "long name": ([entry("n" * 256, "x")], "a name in it is too long"),
    "long path": ([entry("d/" * 2048 + "f", "x")], "too long a path"),
    "folder twice linked": ([entry("d"), entry("h", "", type=tarfile.LNKTYPE, link="d")], "one name only"),
}


@pytest.mark.parametrize("what", ESCAPES)
def test_escapes(place, root, what):
    members, says = ESCAPES[what]
    write(root_tar(root, *members))
    refused("--program", "/bin/tree", "a.tar", says=["a.tar: ", says])
    # The same in a layer over an innocent one.
    write(Layout([root_tar(root), tar(*members)], {"Cmd": ["/bin/tree"]}).tar())
    refused("a.tar", says=["layer 2 of 2", says])
    assert not os.path.exists("/tmp/evil") and not os.path.exists("../evil")


def test_cut_off(place, root):
    whole = root_tar(root, entry("x", "x" * 3000))
    end = len(whole.rstrip(b"\0")) // 512 * 512 + 512 + 1024  # the mark at the end belongs to it
    for data, cuts in ((whole, [512, 513, 1000, 1024, end // 2, end - 1025, end - 1024, end - 512, end - 1]),
                       (gzipped(whole), None), (lzma.compress(whole), None), (bz2.compress(whole), None)):
        cuts = cuts or [20, len(data) // 3, len(data) // 2, len(data) - 9, len(data) - 1]
        for cut in cuts:
            write(data[:cut])
            refused("--program", "/bin/tree", "a.tar", says="a.tar")
    write(b"")
    refused("--program", "/bin/tree", "a.tar", says="a.tar is empty")


def test_cut_off_images(place, root):
    for whole in (Layout([root_tar(root)], {"Cmd": ["/bin/tree"]}).tar(), docker([root_tar(root)], {"Cmd": ["/bin/tree"]})):
        for i in range(1, 12):
            write(whole[:len(whole) * i // 13])
            refused("a.tar", says="a.tar")


def test_damaged(place, root):
    for flip in (300, 5000, 20000):
        layout = Layout([root_tar(root)], {"Cmd": ["/bin/tree"]}, compress=gzipped)
        name = "blobs/" + layout.layers[0]["digest"].replace(":", "/")
        data = bytearray(layout.files[name])
        data[min(flip, len(data) - 1)] ^= 1
        layout.files[name] = bytes(data)
        write(layout.tar())
        refused("a.tar", says="layer 1 of 1")


def test_wrong_digests(place, root):
    layers = [root_tar(root)]

    def broken(change):
        layout = Layout(layers, {"Cmd": ["/bin/tree"]})
        change(layout)
        write(layout.tar())

    def other_bytes(layout):
        name = "blobs/" + layout.layers[0]["digest"].replace(":", "/")
        layout.files[name] = layout.files[name].replace(b"\x7fELF", b"\x7fELG")

    broken(other_bytes)
    refused("a.tar", says=["layer 1 of 1", "its digest is not what the image says"])

    def other_diff(layout):
        layout.config["rootfs"]["diff_ids"] = [digest(b"")]
        layout.seal()

    broken(other_diff)
    refused("a.tar", says=["layer 1 of 1", "the digest of what it unpacks to"])

    def other_config(layout):
        name = "blobs/" + layout.manifest["config"]["digest"].replace(":", "/")
        layout.files[name] = layout.files[name].replace(b"/bin/tree", b"/bin/trex")

    broken(other_config)
    refused("a.tar", says=["is damaged: its digest"])

    def docker_diff(manifest, config):
        config["rootfs"]["diff_ids"] = [digest(b"other")]

    write(docker(layers, {"Cmd": ["/bin/tree"]}, change=docker_diff))
    refused("a.tar", says="the digest of what it unpacks to")

    for text, says in (("md5:1234", "md5:1234 is not a digest that can be checked"), ("sha256:12", "is not a digest"),
                       ("sha256:" + "G" * 64, "is not a digest"), ("sha256:../../x", "is not a digest")):
        broken(lambda layout: layout.seal({"layers": [dict(layout.layers[0], digest=text)]}))
        refused("a.tar", says=says)


def test_missing_pieces(place, root):
    layout = Layout([root_tar(root)], {"Cmd": ["/bin/tree"]})
    for name in sorted(layout.files):
        rest = dict(layout.files)
        del rest[name]
        if name == "oci-layout":
            continue  # then it is a root without a program: below
        write(tar(*(entry(n, d) for n, d in sorted(rest.items()))))
        refused("a.tar", says=[name.split("/")[-1]])
    write(docker([root_tar(root)], change=lambda m, c: m[0].update(Layers=["lost/layer.tar"])))
    refused("a.tar", says="a layer is missing: lost/layer.tar is not in the tree")
    write(docker([root_tar(root)], change=lambda m, c: m[0].update(Layers=["../../etc/passwd"])))
    refused("a.tar", says="leads out of the tree")


VALUES = [1, "x", [1], {"a": 1}, True]


@pytest.mark.parametrize("path", ["Entrypoint", "Cmd", "Env", "WorkingDir", "User", "StopSignal", "ExposedPorts"])
def test_configuration_of_wrong_types(place, root, path):
    good = {"Entrypoint": list, "Cmd": list, "Env": list, "ExposedPorts": dict}.get(path, str)
    for value in VALUES:
        if isinstance(value, good) and value != [1]:
            continue
        write(docker([root_tar(root)], {"Cmd": ["/bin/tree"], path: value}))
        refused("a.tar", says=[f"`{path}` is not"])


@pytest.mark.parametrize("key", ["os", "architecture", "config", "rootfs"])
def test_configurations_of_wrong_types(place, root, key):
    for value in VALUES:
        if key == "config" and isinstance(value, dict) or key in ("os", "architecture") and isinstance(value, str):
            continue
        write(docker([root_tar(root)], {"Cmd": ["/bin/tree"]}, change=lambda m, c: c.update({key: value})))
        refused("a.tar", says="`")
    write(docker([root_tar(root)], change=lambda m, c: c.pop(key)))
    refused("a.tar")


@pytest.mark.parametrize("key", ["config", "layers"])
def test_manifests_of_wrong_types(place, root, key):
    for value in VALUES + [None]:
        layout = Layout([root_tar(root)], {"Cmd": ["/bin/tree"]})
        layout.seal({key: value})
        write(layout.tar())
        refused("a.tar")
    for inner in ("mediaType", "digest", "size"):
        for value in [1, "x", [], {}, None, -1]:
            layout = Layout([root_tar(root)], {"Cmd": ["/bin/tree"]})
            broken = dict(layout.manifest["config"] if key == "config" else layout.layers[0], **{inner: value})
            layout.seal({key: broken if key == "config" else [broken]})
            write(layout.tar())
            refused("a.tar")


@pytest.mark.parametrize("name", ["index.json", "oci-layout"])
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"1", b'"x"', b"{}", b'{"manifests": 1}', b'{"manifests": [1]}',
                                     b'{"manifests": []}', b"\xff\xfe", b"[" * 100000, b'{"imageLayoutVersion": 1}',
                                     b'{"imageLayoutVersion": "2.0"}'])
def test_json_that_is_none(place, root, name, content):
    layout = Layout([root_tar(root)], {"Cmd": ["/bin/tree"]})
    layout.files[name] = content
    write(layout.tar())
    refused("a.tar")


@pytest.mark.parametrize("content", [b"", b"{", b"{}", b"null", b"1", b"[1]", b"[]", b"[{}]", b'[{"Config": 1}]',
                                     b'[{"Config": "x", "Layers": []}]', b'[{"Config": "manifest.json", "Layers": 1}]',
                                     b'[{"Config": "manifest.json", "RepoTags": {}}]'])
def test_docker_manifests_that_are_none(place, content):
    write(tar(entry("manifest.json", content)))
    refused("a.tar")


def test_media_types(place, root):
    for media in ("application/vnd.oci.image.layer.v1.tar+encrypted", "application/x", ""):
        layout = Layout([root_tar(root)], {"Cmd": ["/bin/tree"]}, media=media)
        write(layout.tar())
        refused("a.tar", says=["a layer has the media type", "does not know"])
    layout = Layout([root_tar(root)], {"Cmd": ["/bin/tree"]})
    layout.seal(index={"manifests": [dict(layout.descriptor, mediaType="application/vnd.cncf.helm.config.v1+json")]})
    write(layout.tar())
    refused("a.tar", says="the image has the media type application/vnd.cncf.helm.config.v1+json")


def test_other_platforms(place, root):
    layout = Layout([root_tar(root)], {"Cmd": ["/bin/tree"]}, platform=("linux", "arm64"))
    write(layout.tar())
    refused("a.tar", says="the image is for linux/arm64")
    layout.seal(index={"manifests": [dict(layout.descriptor, platform={"os": "linux", "architecture": "arm64"}),
                                     dict(layout.descriptor, platform={"os": "windows", "architecture": "amd64"})]})
    write(layout.tar())
    refused("a.tar", says="no image for linux/amd64 in it, only for linux/arm64, windows/amd64")


def test_indexes_in_circles(place, root):
    """A digest cannot name what has it inside, but many indexes can stand in each other."""
    layout = Layout([root_tar(root)], {"Cmd": ["/bin/tree"]})
    d = layout.descriptor
    for _ in range(10):
        d = layout.add_json({"manifests": [d]}, INDEX)
    layout.files["index.json"] = json.dumps({"manifests": [d]}).encode()
    write(layout.tar())
    refused("a.tar", says="too many indexes in indexes")


def test_bombs(place, root):
    bomb = gzipped(root_tar(root, entry("zeros", bytes(64 << 20))))
    assert len(bomb) < 1 << 20
    write(bomb)
    refused("--max-size", "16M", "--program", "/bin/tree", "a.tar", says=["a.tar unpacks to more than 16 MiB", "--max-size"])
    # Behind the end of the archive, where nobody looks.
    write(gzipped(root_tar(root) + bytes(64 << 20)))
    refused("--max-size", "16M", "--program", "/bin/tree", "a.tar", says="unpacks to more than 16 MiB")
    write(Layout([root_tar(root), tar(entry("z", bytes(64 << 20)))], {"Cmd": ["/bin/tree"]}, compress=gzipped).tar())
    refused("--max-size", "16M", "a.tar", says=["layer 2 of 2", "unpacks to more than 16 MiB"])
    built("--max-size", "100M", "a.tar")


def test_huge_files_that_are_not_there(place, root):
    data = bytearray(root_tar(root, entry("huge", "x")))
    at = data.index(b"huge")
    info = tarfile.TarInfo("huge")
    info.size, info.mtime = 1 << 50, 0
    data[at:at + 512] = info.tobuf(tarfile.GNU_FORMAT)
    write(bytes(data))
    refused("--program", "/bin/tree", "a.tar", says="a.tar: huge is larger than 4 TiB")


def test_programs_that_are_not_there(place, root):
    write(root_tar(root, entry("data", "x"), entry("script", "#!/bin/nothing\n", mode=0o755), entry("loop", "", type=tarfile.SYMTYPE,
                                                                                                   link="loop"),
                   entry("noise", "noise", mode=0o755), entry("self.sh", "#!/self.sh\n", mode=0o755)))
    refused("a.tar", says="does not say what to run: give --program PATH")
    for path, says in {"/bin/nothing": "/bin/nothing is not in the tree", "nothing": "nowhere in PATH", "/data": "may not be run",
                       "/bin": "/bin is not a file", "/script": "the script /script wants an interpreter", "/loop": "circle",
                       "/noise": "/noise is not an ELF file", "/self.sh": "scripts of scripts", "/../etc/passwd": "",
                       "": "name of the program is empty"}.items():
        refused("--program", path, "a.tar", says=says)
    write(docker([root_tar(root)], {}))
    refused("a.tar", says="does not say what to run")
    write(docker([root_tar(root)], {"Entrypoint": ["/gone"]}))
    refused("a.tar", says="the program /gone: /gone is not in the tree")
    for user in ("nobody-here", "root:no-group", "x" * 300):
        write(docker([root_tar(root, *ACCOUNTS)], {"Entrypoint": ["/bin/tree"], "User": user}))
        refused("a.tar", says=["is", user[:50].split(":")[-1]])
    write(docker([root_tar(root)], {"Entrypoint": ["/bin/tree"], "StopSignal": "SIGNOTHING"}))
    refused("a.tar", says="SIGNOTHING, which is no signal")


def test_not_an_archive(place):
    write(b"this is not a tar archive at all, but it is called one" * 30)
    refused("--program", "/x", "a.tar", says="a.tar is cut off, damaged, or no tar archive")
    write(gzipped(b"nor is this"))
    refused("--program", "/x", "a.tar", says="a.tar")
    refused("--program", "/x", "not-there.tar", says="not-there.tar")
    Path("folder").mkdir()
    refused("--program", "/x", "folder", says="/x is not in the tree")
    refused("folder", says=["is a folder without a pith.yaml", "--program"])
    refused("--program", "/x", says="")


def test_files_of_a_directory_that_cannot_be_read(place, program):
    if not os.geteuid():
        pytest.skip("root reads everything")
    Path("root").mkdir()
    Path("root/secret").write_text("x")
    Path("root/secret").chmod(0)
    refused("--program", "/x", "root", says="cannot read root/secret")


def test_run_refuses_as_build_does(pith, place, root):
    write(root_tar(root))
    done = pith("run", "--max-size", "1K", "--program", "/bin/tree", "a.tar")
    assert done.returncode == 125 and "unpacks to more than" in done.stderr
    write(root_tar(root, entry("../evil", "x")))
    done = pith("run", "--program", "/bin/tree", "a.tar")
    assert done.returncode == 125 and done.stdout == ""
    assert "../evil leads out of the tree" in done.stderr and "pith" in done.stderr
    assert pith.names() == []


def test_stop_signal(pith, place, root, images):
    tool = images.program("tool").read_bytes()
    write(docker([tar(entry("bin/tool", tool, mode=0o755))], {"Entrypoint": ["/bin/tool", "trap"], "StopSignal": "SIGUSR1"}))
    built("a.tar")
    pith.run("process", "i.pith", options=("-d", "--name", "box"))
    until(lambda: pith.log("box"), "the program to begin")
    pith("stop", "-t", "1", "box")  # which the program only tells of
    assert pith.log("box") == "ready\ngot 10\n"


def test_yaml(pith, place, root):
    Path("sub").mkdir()
    write(root_tar(root), "sub/root.tar")
    Path("sub/pith.yaml").write_text("root: root.tar\nprogram: /bin/tree\nargs: [a]\noutput: i.pith\nenv: {A: b}\n")
    assert build("-q", "-o", "i.pith", "sub").returncode == 0
    assert shown(run(pith, "process"), "arg") == ["/bin/tree", "a"]
    write(docker([root_tar(root)], {"Entrypoint": ["/bin/tree"]}), "sub/image.tar")
    Path("sub/pith.yaml").write_text("root: image.tar\n")
    assert build("-q", "-o", "i.pith", "sub/pith.yaml").returncode == 0
    Path("sub/pith.yaml").write_text("root: lost.tar\n")
    refused("sub", says="sub/lost.tar")


def test_files_of_the_runtime(pith, place, root):
    """Those of the place where an image was made do not count, and those of a plain root do."""
    stale = [entry("etc/resolv.conf", "nameserver 192.0.2.1\n"), entry("etc/hosts", ""), entry("etc/hostname", "builder\n")]
    write(docker([root_tar(root, *stale)], {"Entrypoint": ["/bin/tree"]}))
    built("a.tar")
    assert run(pith, "process", "pages", "/etc/hosts")[0].startswith("0 127.0.0.")
    assert "hostname" not in run(pith, "process", "list", "/etc")
    write(root_tar(root, *stale))
    built("--program", "/bin/tree", "a.tar")
    assert run(pith, "process", "pages", "/etc/resolv.conf")[0] == "0 nameserv"
    assert "hostname" in run(pith, "process", "list", "/etc")


def test_inspect_tells_of_it(pith, place, root):
    write(docker([root_tar(root, *ACCOUNTS)], CONFIG))
    built("a.tar")
    got = pith.inspect("i.pith")
    assert (got["uid"], got["gid"], got["folder"]) == (1000, 50, "/work/dir")
    text = pith("inspect", "i.pith").stdout
    assert "user        1000, group 50" in text


def test_interrupted(place, program):
    """While a large layer is unpacked: nothing is left (the fixture looks for temporary files)."""
    child = None
    write(gzipped(tar(entry("bin/tree", program, mode=0o755), *(entry(f"{i}", os.urandom(1 << 20)) for i in range(40)))))
    for wait in (0.05, 0.15):
        child = subprocess.Popen([PITH, "build", "-o", "i.pith", "--program", "/bin/tree", "a.tar"], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE)
        time.sleep(wait)
        child.send_signal(signal.SIGTERM)
        child.communicate(timeout=60)
        assert child.returncode in (-signal.SIGTERM, 0)
    assert [n for n in os.listdir(".") if n.startswith("i.pith.")] == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_full_disk(place, root, monkeypatch):
    disk = Path("disk")
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", disk], capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        write(root_tar(root, entry("big", os.urandom(3 << 20))))
        monkeypatch.setenv("TMPDIR", str(disk.absolute()))
        refused("--program", "/bin/tree", "a.tar", says="unpacks to more than 0 MiB")
        refused("--max-size", "1G", "--program", "/bin/tree", "a.tar", says=["cannot unpack to", "No space left"])
        assert os.listdir(disk) == []
    finally:
        subprocess.run(["umount", disk], check=True)


def test_an_image_is_none_whatever_it_is_called(pith, place, root):
    write(root_tar(root))
    assert build("-q", "-o", "x.tar.gz", "--program", "/bin/tree", "a.tar").returncode == 0
    assert shown(pith("run", "--on", "process", "x.tar.gz").stdout.splitlines(), "arg") == ["/bin/tree"]


def test_names_of_any_bytes(pith, place, root):
    name = os.fsencode("latin-\udcff")
    Path("root/bin").mkdir(parents=True)
    Path("root/bin/tree").write_bytes(root[1][1])
    Path("root/bin/tree").chmod(0o755)
    Path(os.fsdecode(b"root/" + name)).write_text("x")
    subprocess.run(["tar", "-cf", "a.tar", "-C", "root", "."], check=True)
    for source in ("root", "a.tar"):
        built("--program", "/bin/tree", source)
        assert name in pith.run("process", "i.pith", "list", "/", text=False).stdout.split(b"\n")


def test_options_that_make_no_sense(place, root):
    write(root_tar(root))
    for option in (["--lib", "libz.so.1"], ["--package", "bash"]):
        refused(*option, "--program", "/bin/tree", "a.tar", says="--lib and --package are for programs")
    for option in (["--max-size", "much"], ["--max-size", "-1"]):
        refused(*option, "--program", "/bin/tree", "a.tar", says="is not a size")
    refused("--tag", "x", "/bin/true", says="--program and --tag are for root file systems and archives")


def with_libraries(*programs):
    """Members for programs of this host and what ldd says of them."""
    paths = {str(Path(p)) for p in programs}
    for p in programs:
        for line in subprocess.run(["ldd", p], capture_output=True, text=True, check=True).stdout.splitlines():
            paths |= {word for word in line.split() if word.startswith("/")}
    return [entry(p, Path(p).read_bytes(), mode=0o755) for p in sorted(paths)]


@pytest.mark.skipif(not os.access("/usr/sbin/nginx", os.X_OK), reason="nginx is not installed")
def test_nginx_as_a_container_image(pith, on, place):
    conf = "user root;\nworker_processes 1;\nerror_log stderr;\npid /tmp/pid;\nevents {}\nhttp { access_log off; server { listen 80; root /www; } }\n"
    base = tar(*with_libraries("/usr/sbin/nginx"), entry("var/lib/nginx", mode=0o700), entry("var/log/nginx"), *ACCOUNTS)
    site = tar(entry("etc/nginx/nginx.conf", conf), entry("www/index.html", "from a container\n"))
    write(gzipped(docker([base, site], {"Cmd": ["nginx", "-g", "daemon off; master_process off;"], "StopSignal": "SIGQUIT",
                                        "ExposedPorts": {"80/tcp": {}}})), "nginx.tar.gz")
    port = free_port()
    done = pith("run", "-d", "--on", on, "--name", "web", "-p", f"{port}:80", "nginx.tar.gz")
    assert done.returncode == 0, done.stderr
    opened(port)
    got = subprocess.run(["curl", "-sS", "-m", "20", f"http://127.0.0.1:{port}/"], capture_output=True, text=True)
    assert got.stdout == "from a container\n", got.stderr
    assert pith("stop", "web").returncode == 0
    assert pith.look("web")["status"] == 0


@pytest.mark.skipif(not os.access("/bin/dash", os.X_OK), reason="dash is not installed")
def test_an_entry_point_in_shell(pith, on, place, program):
    script = "#!/bin/sh\nset -e\ncd /data\necho \"entry $# $(pwd)\"\nexec tree \"$@\"\n".replace("$(pwd)", "$PWD")
    layer = tar(*with_libraries("/bin/dash"), entry("bin/sh", "", type=tarfile.SYMTYPE, link="dash"), entry("data"),
                entry(TREE, program, mode=0o755), entry("entry.sh", script, mode=0o755))
    write(docker([layer], {"Entrypoint": ["/entry.sh"], "Cmd": ["a", "b c"], "Env": ["PATH=/bin"]}))
    built("a.tar")
    got = run(pith, on)
    assert got[0] == "entry 2 /data" and shown(got, "arg") == ["tree", "a", "b c"] and shown(got, "cwd") == ["/data"]
