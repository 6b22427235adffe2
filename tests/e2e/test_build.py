# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""`pith build` as a user types it: what it makes, and every wrong thing that one can give it.

PITH is the command (build/pith). A refusal is always the same: status 125, one clear message on standard error that names what is
wrong, nothing on standard output, no file left behind anywhere, and an image that was there before untouched."""

import json
import os
import resource
import shutil
import signal
import stat
import struct
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PITH = os.environ.get("PITH", str(ROOT / "build/pith"))
REFUSED = 125
PAGE = 4096

pytestmark = pytest.mark.skipif(not os.access(PITH, os.X_OK), reason=f"{PITH} is missing: make builds it")

SOURCES = {
    "hello": '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n',
    "sockets": "#include <sys/socket.h>\n#include <fcntl.h>\n"
               'int main(void) { open("/etc/x", 0); return socket(AF_INET, SOCK_STREAM, 0); }\n',
    "anything": "#define _GNU_SOURCE\n#include <stdlib.h>\n#include <unistd.h>\n"
                "int main(int c, char **v) { return syscall(atoi(v[1])); }\n",
    "missing": "#define _GNU_SOURCE\n#include <unistd.h>\n#include <sys/syscall.h>\n"
               "int main(void) { return syscall(SYS_kexec_load, 0, 0, 0, 0); }\n",
}


@pytest.fixture(scope="session")
def programs(tmp_path_factory):
    """Static programs, made with musl; hello.glibc and hello.dynamic besides."""
    folder = tmp_path_factory.mktemp("programs")
    for name, source in SOURCES.items():
        (folder / f"{name}.c").write_text(source)
        subprocess.run(["musl-gcc", "-Os", "-static", "-o", folder / name, folder / f"{name}.c"], check=True)
    source = folder / "hello.c"
    subprocess.run(["gcc", "-O2", "-static", "-o", folder / "hello.glibc", source], check=True)
    subprocess.run(["gcc", "-O2", "-o", folder / "hello.dynamic", source], check=True)
    subprocess.run(["gcc", "-O2", "-c", "-o", folder / "hello.o", source], check=True)
    return folder


def build(*args, **more):
    return subprocess.run([PITH, "build", *map(str, args)], capture_output=True, text=True, timeout=120, **more)


def built(*args):
    done = build(*args)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def refused(*args, says=(), leaves=(), **more):
    before = sorted(os.listdir("."))
    done = build(*args, **more)
    assert done.returncode == REFUSED, done.stdout + done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("pith build: ")
    for text in [says] if isinstance(says, str) else says:
        assert text in done.stderr
    assert sorted(os.listdir(".")) == before
    return done.stderr


def report(*args):
    return json.loads(built("--json", *args))


# What it makes


def test_name_of_the_image(programs, place):
    built(programs / "hello")
    assert os.listdir(".") == ["hello.pith"]
    assert Path("hello.pith").read_bytes()[:4] == b"\x7fELF"
    assert os.stat("hello.pith").st_mode & 0o777 == 0o644
    built("-o", "sub.pith", programs / "hello")
    assert Path("sub.pith").exists()


def test_says_what_is_in_it(programs, place):
    text = built(programs / "hello")
    size = os.stat("hello.pith").st_size
    assert text.startswith(f"hello.pith: {size} bytes\n")
    for word in ("program", "library OS: code", "nucleus", "system calls are linked"):
        assert word in text
    assert built("-q", programs / "hello") == ""


def test_json_adds_up(programs, place):
    got = report(programs / "hello")
    size = os.stat("hello.pith").st_size
    assert got["image"] == "hello.pith"
    assert got["bytes"] == size < got["unpacked"] == sum(got["parts"].values())
    assert got["parts"]["program"] == os.stat(programs / "hello").st_size
    assert "writev" in got["calls"] and "exit_group" in got["calls"]
    assert not got["all_calls"] and not got["network"]


def test_in_place_is_not_packed(programs, place):
    got = report("--in-place", programs / "hello")
    assert got["bytes"] == got["unpacked"] == os.stat("hello.pith").st_size
    # The program is in it, page by page, as it is.
    assert (programs / "hello").read_bytes()[:PAGE] in Path("hello.pith").read_bytes()


def test_large_images_are_not_packed(programs, place):
    Path("large").write_bytes(b"\0" * (3 << 20))
    got = report("--file", "large:/large", programs / "hello")
    assert got["bytes"] == got["unpacked"] > 3 << 20


def test_network_only_for_programs_with_sockets(programs, place):
    got = report(programs / "sockets")
    assert got["network"] and "socket" in got["calls"]
    assert got["bytes"] > report(programs / "hello")["bytes"]


def test_unknown_number_links_everything(programs, place):
    got = report(programs / "anything")
    assert got["all_calls"] and got["network"]
    assert len(got["calls"]) > 100
    text = built(programs / "anything")
    assert "cannot be known, so all are linked" in text


def test_missing_calls_are_named(programs, place):
    assert report(programs / "missing")["missing"] == ["kexec_load"]
    assert report(programs / "hello")["missing"] == []
    assert "fail with ENOSYS" in built(programs / "missing")


def test_call_links_one_more(programs, place):
    calls = report(programs / "hello")["calls"]
    assert "getppid" not in calls
    assert set(report("--call", "getppid", programs / "hello")["calls"]) == {*calls, "getppid"}


def test_strip_leaves_names_out(programs, place):
    whole, bare = report(programs / "hello"), report("--strip", programs / "hello")
    assert whole["parts"]["symbols"] > 0 and bare["parts"]["symbols"] == 0
    assert bare["bytes"] < whole["bytes"]


def test_for_one_platform_leaves_the_other_out(programs, place):
    both, kvm, process = (report("--for", p, programs / "hello") for p in ("all", "kvm", "process"))
    assert process["parts"]["nucleus"] == 0 < kvm["parts"]["nucleus"] == both["parts"]["nucleus"]
    assert process["parts"]["code"] < both["parts"]["code"]
    assert kvm["parts"]["code"] < both["parts"]["code"]


def test_same_input_same_bytes(programs, place):
    args = ("--env", "A=b", "--file", f"{programs / 'hello.c'}:/src/hello.c", programs / "hello", "--", "x", "y z")
    built("-o", "one.pith", "--name", "n", *args)
    Path("elsewhere").mkdir()
    os.chdir("elsewhere")
    built("-o", "../two.pith", "--name", "n", *args)
    assert Path("../one.pith").read_bytes() == Path("../two.pith").read_bytes()


def test_glibc_too(programs, place):
    got = report(programs / "hello.glibc")
    assert not got["all_calls"]
    assert len(got["calls"]) < 80


def test_output_replaces_a_link_or_file_at_once(programs, place):
    Path("hello.pith").write_text("old")
    built(programs / "hello")
    assert Path("hello.pith").read_bytes()[:4] == b"\x7fELF"


# pith.yaml


def test_yaml_is_found_here_by_folder_and_by_name(programs, place):
    Path("pith.yaml").write_text(f"program: {programs / 'hello'}\noutput: out.pith\nargs: [a]\nenv: {{A: b}}\nmemory: 4M\n")
    by_default = (built(), Path("out.pith").read_bytes())[1]
    assert (built("."), Path("out.pith").read_bytes())[1] == by_default
    assert (built("pith.yaml"), Path("out.pith").read_bytes())[1] == by_default


def test_options_win_over_yaml(programs, place):
    Path("pith.yaml").write_text(f"program: {programs / 'hello'}\noutput: out.pith\nname: one\n")
    built("-o", "other.pith", "pith.yaml")
    assert not Path("out.pith").exists() and Path("other.pith").exists()
    # In whatever order they come.
    built("pith.yaml", "-o", "third.pith", "--name", "two")
    assert Path("third.pith").read_bytes() != Path("other.pith").read_bytes()


def test_yaml_paths_are_relative_to_it(programs, place):
    Path("sub").mkdir()
    shutil.copy(programs / "hello", "sub/prog")
    Path("sub/pith.yaml").write_text("program: prog\nfiles: {prog: /again}\noutput: prog.pith\n")
    built("sub")
    assert Path("sub/prog.pith").exists()


@pytest.mark.parametrize("text, says", [
    ("program: [x]\n", "pith.yaml:1: "),
    ("program: hello\nmemory: big\n", "pith.yaml:2: big is not an amount of memory"),
    ("program: hello\nports:\n- 80\n- x\n", "pith.yaml:4: x is not a port"),
    ("program: hello\nprogramm: x\n", "pith.yaml:2: there is no key `programm`"),
    ("program: hello\n  x: [\n", "pith.yaml:2: "),
    ("memory: 4M\n", "says no program"),
    ("", "is empty"),
    ("program: not-there\n", "cannot open the program not-there"),
])
def test_bad_yaml(place, text, says):
    Path("pith.yaml").write_text(text)
    refused(says=says)


def test_no_program_and_no_yaml(place):
    refused(says="no pith.yaml here")
    Path("empty").mkdir()
    refused("empty", says="empty is a folder without a pith.yaml")
    refused("none.yaml", says="none.yaml")


# Programs that are none


def test_not_there(place):
    refused("nothing", says=["the program nothing", "no such file"])


@pytest.mark.parametrize("content, says", [
    (b"", "is empty"),
    (b"hello, world\n", "is not an ELF file"),
    (b"#!/no/such/shell\necho\n", "wants the interpreter /no/such/shell"),
    (b"#!\n", "wants the interpreter"),
    (b"#!/usr/bin/env -i sh\n", "its first line gives env"),
    (b"\x7fELF", "is cut off"),
    (b"\x7fEL", "is not an ELF file"),
    (b"\0" * 4096, "is not an ELF file"),
])
def test_not_an_elf(place, content, says):
    Path("prog").write_bytes(content)
    refused("prog", says=["prog", says])


def test_folders_and_devices(place):
    refused("/dev/null", says="/dev/null is not a file")
    refused("/dev/null/x", says="Not a directory")


def test_object_file(programs, place):
    refused(programs / "hello.o", says="is an object file: link it first")


def test_missing_library(programs, place):
    """It is named, and so is who wants it."""
    (place / "lib.c").write_text("int f(void) { return 1; }\n")
    (place / "wants.c").write_text("int f(void); int main(void) { return f(); }\n")
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", "libpithgone.so", "lib.c"], check=True)
    subprocess.run(["gcc", "-o", "wants", "wants.c", "-L.", "-lpithgone"], check=True)
    os.remove("libpithgone.so")
    refused("wants", says=["libpithgone.so", f"{place}/wants", "--lib"])


@pytest.mark.parametrize("options", [(), ("--in-place",), ("--for", "kvm"), ("--for", "process", "--in-place")])
def test_image_of_an_image(programs, place, options):
    built(*options, programs / "hello")
    refused("-o", "x.pith", "hello.pith", says=["hello.pith", "image already"])


def edit(programs, *changes):
    """hello with bytes changed: (offset, format, value)."""
    data = bytearray((programs / "hello").read_bytes())
    for offset, form, value in changes:
        struct.pack_into("<" + form, data, offset, value)
    Path("prog").write_bytes(data)
    return "prog"


# Offsets in Elf64_Ehdr, and in the first Elf64_Phdr behind it.
CLASS, DATA, TYPE, MACHINE, ENTRY, PHOFF, SHOFF, PHENTSIZE, PHNUM, SHNUM = 4, 5, 16, 18, 24, 32, 40, 54, 56, 60
PH = 64
P_TYPE, P_FLAGS, P_OFFSET, P_VADDR, P_FILESZ, P_MEMSZ = PH, PH + 4, PH + 8, PH + 16, PH + 32, PH + 40


@pytest.mark.parametrize("change, says", [
    ((CLASS, "B", 1), "x86-64 programs only"),
    ((DATA, "B", 2), "x86-64 programs only"),
    ((MACHINE, "H", 3), "32-bit x86"),
    ((MACHINE, "H", 183), "64-bit Arm"),
    ((MACHINE, "H", 243), "RISC-V"),
    ((MACHINE, "H", 60000), "another machine"),
    ((TYPE, "H", 4), "not an executable"),
    ((PHNUM, "H", 0), "program headers"),
    ((PHNUM, "H", 65535), "program headers"),
    ((PHENTSIZE, "H", 32), "program headers"),
    ((PHOFF, "Q", 2**64 - 8), "program headers"),
    ((PHOFF, "Q", 2**40), "program headers"),
    ((ENTRY, "Q", 1), "entry point"),
    ((ENTRY, "Q", 2**63), "entry point"),
    ((P_OFFSET, "Q", 2**63), "segment 0"),
    ((P_FILESZ, "Q", 2**64 - 1), "segment 0"),
    ((P_MEMSZ, "Q", 1), "segment 0"),
    ((P_MEMSZ, "Q", 2**64 - 1), "segment 0"),
    ((P_VADDR, "Q", 2**47), "segment 0"),
    ((P_VADDR, "Q", 0x400001), "segment 0"),
])
def test_lying_headers(programs, place, change, says):
    refused(edit(programs, change), says=["prog", says])


@pytest.mark.parametrize("change", [(SHOFF, "Q", 2**64 - 64), (SHOFF, "Q", 3), (SHNUM, "H", 65535)])
def test_broken_sections_do_not_matter(programs, place, change):
    built(edit(programs, change))


def test_truncated(programs, place):
    whole = (programs / "hello").read_bytes()
    loads = [struct.unpack_from("<IIQQQQQQ", whole, 64 + 56 * i) for i in range(struct.unpack_from("<H", whole, PHNUM)[0])]
    needed = max(p[2] + p[5] for p in loads if p[0] == 1)
    for length in [*range(0, needed, 997), needed - 1]:
        Path("prog").write_bytes(whole[:length])
        refused("prog", says="prog")
    Path("prog").write_bytes(whole[:needed])
    built("prog")


# Options


@pytest.mark.parametrize("args, says", [
    (["--frobnicate"], "--frobnicate"),
    (["-x"], "invalid option"),
    (["--env", "A"], "A is not an environment variable"),
    (["--env", "=b"], "=b is not an environment variable"),
    (["-m", "lots"], "lots is not an amount of memory"),
    (["-m", "4K"], "too little memory"),
    (["--net", "carrier/pigeon"], "carrier/pigeon is not a network"),
    (["-p", "http"], "http is not a port"),
    (["-p", "70000:80"], "70000:80 is not a port"),
    (["--for", "windows"], "windows is not a platform"),
    (["--call", "frobnicate"], "there is no system call named frobnicate"),
    (["--call", "kexec_load"], "the system call kexec_load is not in this version of Pith"),
    (["--file", "x"], "x is not a file for the image"),
    (["--file", "x:y"], "x:y is not a file for the image"),
    (["--file", "/etc/passwd:/../../x"], "is not a file for the image"),
    (["--file", "not-there:/x"], "cannot read not-there"),
    (["--file", "/dev/null:/x"], "neither a file, a folder nor a link"),
    (["--file", "/etc/passwd:/hello"], "/hello is given twice"),
    (["-p", "8080:80"], "makes no sockets"),
    (["--net", "user"], "makes no sockets"),
    (["one-more"], "only one program can be built"),
    (["--name", ""], "is not a name"),
    (["--name", "a/b"], "is not a name"),
    (["--name", "-x"], "is not a name"),
])
def test_bad_options(programs, place, args, says):
    refused(*args[:1], *args[1:], programs / "hello", says=says)


def test_option_without_value(programs, place):
    refused(programs / "hello", "-o", says="requires an argument")
    refused(programs / "hello", "--json=yes", says="doesn't allow an argument")


def test_same_file_twice(programs, place):
    c = programs / "hello.c"
    refused("--file", f"{c}:/a", "--file", f"{c}:/a", programs / "hello", says="/a is given twice")
    refused("--file", f"{c}:/a", "--file", f"{c}:/a/b", programs / "hello", says="/a")


def test_link_cannot_lead_out_of_the_root(programs, place):
    """A folder of the user has a link to elsewhere; a file behind it would be written there."""
    Path("outside").mkdir()
    Path("tree").mkdir()
    os.symlink(os.path.abspath("outside"), "tree/out")
    refused("--file", "tree:/t", "--file", f"{programs / 'hello.c'}:/t/out/x", programs / "hello", says=["/t/out/x goes through a link to", "which is not in the tree"])
    assert os.listdir("outside") == []
    Path("other/out").mkdir(parents=True)
    Path("other/out/x").write_text("x")
    refused("--file", "tree:/t", "--file", "other:/t", programs / "hello", says="given twice")
    assert os.listdir("outside") == []
    for name in ("etc", "tmp", "dev"):
        os.symlink(os.path.abspath("outside"), f"tree/{name}")
    for name in os.listdir("tree"):
        built("--file", f"tree/{name}:/x", "--file", f"tree:/{name}", programs / "sockets")
    assert os.listdir("outside") == []


def test_old_times_of_folders_do_not_matter(programs, place):
    for name in ("one", "two"):
        Path(name, "sub").mkdir(parents=True)
        Path(name, "sub/file").write_text("x")
        os.utime(f"{name}/sub/file", (10**9, 10**9))
    os.utime("two", (5, 5))
    built("--file", "one:/d", "-o", "1.pith", "--name", "n", programs / "hello")
    built("--file", "two:/d", "-o", "2.pith", "--name", "n", programs / "hello")
    assert Path("1.pith").read_bytes() == Path("2.pith").read_bytes()


def test_arguments_behind_two_dashes_are_not_options(programs, place):
    built(programs / "hello", "--", "--frobnicate", "-o", "x")
    assert os.listdir(".") == ["hello.pith"]


def test_help(place):
    done = build("--help")
    assert done.returncode == 0 and done.stderr == ""
    assert done.stdout.startswith("Usage: pith build")


def test_closed_output(programs, place):
    with open("/dev/full", "w") as full:
        done = subprocess.run([PITH, "build", programs / "hello"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=120)
    assert done.returncode == REFUSED
    assert "standard output" in done.stderr


# Places that cannot be written


def old_image():
    Path("old.pith").write_text("the old image")


def test_output_in_no_folder(programs, place):
    refused("-o", "no/such/folder/x.pith", programs / "hello", says=["no/such/folder/x.pith", "No such file"])


def test_output_is_a_folder(programs, place):
    Path("folder").mkdir()
    refused("-o", "folder", programs / "hello", says="folder")
    assert os.listdir("folder") == []


def test_output_is_a_pipe(programs, place):
    """Renaming over a pipe or a device would replace it."""
    os.mkfifo("pipe")
    refused("-o", "pipe", programs / "hello", says="pipe: it is not a regular file")
    assert stat.S_ISFIFO(os.stat("pipe").st_mode)


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_output_in_a_folder_that_cannot_be_written(programs, place):
    Path("folder").mkdir(mode=0o555)
    refused("-o", "folder/x.pith", programs / "hello", says="Permission denied")


def test_old_image_is_untouched(programs, place):
    old_image()
    refused("-o", "old.pith", "--call", "nonsense", programs / "hello")
    assert Path("old.pith").read_text() == "the old image"


def test_file_size_limit(programs, place):
    """As a full disk, without root: the image cannot grow."""
    old_image()

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    refused("-o", "old.pith", programs / "hello", preexec_fn=limit)
    assert Path("old.pith").read_text() == "the old image"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
@pytest.mark.parametrize("small", ["output", "tmp"])
def test_full_disk(programs, place, monkeypatch, small):
    disk = Path("disk")
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", disk], capture_output=True)
    if mounted.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        if small == "output":
            (disk / "old.pith").write_text("the old image")
            refused("-o", disk / "old.pith", programs / "hello", says=["old.pith", "No space left"])
            assert (disk / "old.pith").read_text() == "the old image"
            assert os.listdir(disk) == ["old.pith"]
        else:
            monkeypatch.setenv("TMPDIR", str(disk.absolute()))
            refused("--file", f"{programs / 'hello.glibc'}:/x", programs / "hello", says="No space left")
            assert os.listdir(disk) == []
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interrupted(programs, place, number):
    """While a large file is copied: nothing is left, the old image is untouched (the fixture looks for temporary files)."""
    old_image()
    with open("large", "wb") as large:
        os.posix_fallocate(large.fileno(), 0, 1 << 30)
    before = sorted(os.listdir("."))
    child = subprocess.Popen([PITH, "build", "-o", "old.pith", "--file", "large:/large", programs / "hello"],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                             preexec_fn=lambda: signal.signal(number, signal.SIG_DFL))  # a test in the background ignores SIGINT
    while not list(Path(".").glob("old.pith.*")):
        assert child.poll() is None, child.stderr.read()
        time.sleep(0.001)
    child.send_signal(number)
    out, _ = child.communicate(timeout=60)
    assert child.returncode == -number
    assert out == ""
    assert sorted(os.listdir(".")) == before
    assert Path("old.pith").read_text() == "the old image"


def test_temporary_folder_is_not_there(programs, place, monkeypatch):
    monkeypatch.setenv("TMPDIR", "/nonexistent")
    refused(programs / "hello", says="/nonexistent")
    monkeypatch.setenv("TMPDIR", "/" + "x" * 2000)
    refused(programs / "hello", says="TMPDIR is too long")


def test_tools_that_are_missing(programs, place, monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    refused(programs / "hello", says="apt-get install")


def pvh_entry(data):
    """The entry as rust-vmm's linux-loader finds it, which Firecracker and Cloud Hypervisor load kernels with: of several PT_NOTE
    segments the last one says whether there is one, and notes are aligned to 4."""
    phoff, = struct.unpack_from("<Q", data, PHOFF)
    phentsize, phnum = struct.unpack_from("<HH", data, PHENTSIZE)
    entry, loads = None, []
    assert phentsize == 56 and phoff >= 64
    for i in range(phnum):
        kind, _, offset, _, paddr, filesz, memsz, _ = struct.unpack_from("<IIQQQQQQ", data, phoff + i * phentsize)
        if kind == 1 and filesz:
            loads.append((offset, paddr, filesz, memsz))
        if kind != 4:
            continue
        entry, at = None, 0
        while at < filesz:
            namesz, descsz, note = struct.unpack_from("<III", data, offset + at)
            if note == 18 and namesz == 4 and data[offset + at + 12:offset + at + 16] == b"Xen\0":
                assert descsz >= 4
                entry, = struct.unpack_from("<I", data, offset + at + 16)
                break
            at += 12 + (namesz + 3 & ~3) + (descsz + 3 & ~3)
    return entry, loads


@pytest.mark.parametrize("options", [(), ("--in-place",), ("--for", "pc")])
def test_boot_loaders_find_the_entry(programs, place, options):
    built(*options, programs / "hello")
    data = Path("hello.pith").read_bytes()
    entry, loads = pvh_entry(data)
    (offset, paddr, filesz, memsz), = loads
    assert offset == 0 and filesz == len(data) and memsz > filesz and paddr >= 1 << 20
    assert paddr < entry < paddr + filesz and struct.unpack_from("<Q", data, ENTRY)[0] == entry
    # Multiboot2's header is among the first 32 KiB, and its sum is right; there is none of Multiboot1, which QEMU would take.
    at = next(i for i in range(0, 32768, 8) if data[i:i + 4] == b"\xd6\x50\x52\xe8")
    assert sum(struct.unpack_from("<IIII", data, at)) % (1 << 32) == 0
    assert all(data[i:i + 4] != b"\x02\xb0\xad\x1b" for i in range(0, 8192, 4))


def test_without_pc_there_is_no_entry(programs, place):
    built("--for", "kvm,process", programs / "hello")
    data = Path("hello.pith").read_bytes()
    assert pvh_entry(data) == (None, []) and b"\xd6\x50\x52\xe8" not in data[:32768]
