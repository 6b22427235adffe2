# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""Dynamic programs: what `pith build` gathers for them, that they run with it, and what it says when something is not there."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

import pithrun

HELLO = '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n'
LIBRARIES = 30


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def build(pith):
    """pith build, which must work; gives what it prints."""
    def run(*args, **more):
        done = pith("build", *args, **more)
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        return done.stdout
    return run


def cc(*args, compiler="gcc"):
    subprocess.run([compiler, *map(str, args)], check=True)


def source(name, text):
    Path(name).write_text(text)
    return name


def installed(*paths):
    for path in paths:
        if not os.path.exists(path):
            pytest.skip(f"{path} is not installed")


def files_of(report):
    return {f["path"]: f for f in json.loads(report)["files"]}


# Libraries


@pytest.mark.parametrize("compiler", ["gcc", "musl-gcc"])
def test_dynamic_hello(pith, build, on, here, compiler):
    cc("-o", "hello", source("hello.c", HELLO), compiler=compiler)
    text = build("-o", "x.pith", "hello")
    assert "all that there are: a dynamic program can open any library" in text
    assert pith.run(on, "x.pith").stdout == "hello\n"


def test_libraries_beside_the_program(pith, build, on, here):
    """Found by $ORIGIN, and still beside the program in the image, which does not know the folder."""
    os.makedirs("app/bin")
    os.makedirs("app/lib")
    cc("-shared", "-fPIC", "-o", "app/lib/libdeep.so", source("deep.c", "int deep(void) { return 40; }\n"))
    cc("-shared", "-fPIC", "-o", "app/lib/libtop.so", source("top.c", "int deep(void); int top(void) { return deep() + 2; }\n"),
       "-Lapp/lib", "-ldeep", "-Wl,-rpath,$ORIGIN")
    cc("-o", "app/bin/prog", source("p.c", "int top(void); int main(void) { return top(); }\n"), "-Lapp/lib", "-ltop",
       "-Wl,-rpath,$ORIGIN/../lib", "-Wl,-rpath-link,app/lib")
    build("-q", "-o", "x.pith", "app/bin/prog")
    assert pith.run(on, "x.pith").returncode == 42
    report = files_of(build("--json", "-o", "y.pith", "--dir", "app:/srv/app", "app/bin/prog"))
    assert report["/srv/app/bin/prog"]["from"] == "program"
    assert report["/srv/app/lib/libdeep.so"]["from"] == "user" and "/lib/libdeep.so" not in report
    assert pith.run(on, "y.pith").returncode == 42
    os.remove("app/lib/libdeep.so")
    pith.refused("build", "app/bin/prog", says=["libdeep.so", f"{here}/app/lib/libtop.so wants"])


def test_the_cache_of_the_loader(pith, build, on, here):
    """Folders that only ld.so.conf names are found through ld.so.cache; names are of all sorts, as the loader halves an order of
    its own."""
    names = [f"lib{stem}{n}.so.{n * 7}" for n in range(LIBRARIES // 3) for stem in ("a", "a-b", "a1x")]
    if "/usr/local/lib" not in "".join(p.read_text() for p in Path("/etc/ld.so.conf.d").glob("*.conf")):
        pytest.skip("/usr/local/lib is not in /etc/ld.so.conf here")
    options = []
    for i, name in enumerate(names):
        cc("-shared", "-fPIC", f"-Wl,-soname,{name}", "-o", name, source("l.c", f"int f{i}(void) {{ return 1; }}\n"))
        options += ["--file", f"{name}:/usr/local/lib/{name}"]
    text = "".join(f"int f{i}(void);\n" for i in range(len(names)))
    text += "int main(void) { return " + "+".join(f"f{i}()" for i in range(len(names))) + "; }\n"
    cc("-o", "prog", source("p.c", text), *names)
    report = files_of(build("--json", "-o", "x.pith", *options, "prog"))
    assert report["/etc/ld.so.cache"]["from"] == "pith"
    assert pith.run(on, "x.pith").returncode == len(names)


def test_what_is_opened(pith, build, on, here):
    cc("-shared", "-fPIC", "-o", "libwanted.so.1", source("w.c", "int w(void) { return 3; }\n"))
    cc("-shared", "-fPIC", "-o", "plugin.so", source("l.c", "int w(void); int f(void) { return w() + 4; }\n"), "./libwanted.so.1",
       "-Wl,-rpath,$ORIGIN")
    cc("-o", "prog", source("p.c", '#include <dlfcn.h>\nint main(void) { void *h = dlopen("plugin.so", RTLD_NOW);\n'
                            'return h ? ((int (*)(void))dlsym(h, "f"))() : 1; }\n'))
    build("-q", "-o", "x.pith", "prog")
    assert pith.run(on, "x.pith").returncode == 1
    pith.refused("build", "prog", "--lib", "plugin.so", says="plugin.so is not found")
    pith.refused("build", "prog", "--lib", "./none.so", says="./none.so")
    pith.refused("build", "prog", "--lib", "./p.c", says="p.c is not an ELF file")
    shutil.move("libwanted.so.1", "away")
    pith.refused("build", "prog", "--lib", "./plugin.so", says=["libwanted.so.1", "plugin.so wants"])
    # In a folder of the user's it is only noted: the program may never open it.
    os.mkdir("plugins")
    shutil.copy("plugin.so", "plugins")
    assert "Note: the library" in build("-o", "z.pith", "--dir", "plugins:/plugins", "prog")


def test_reads_what_the_user_links_wrong(pith, build, here):
    cc("-o", "hello", source("hello.c", HELLO))
    os.symlink("loop", "loop")
    pith.refused("build", "--file", "loop:/x", "hello", says="loop")
    pith.refused("build", "--dir", "hello:/x", "hello", says="is not a folder")
    pith.refused("build", "--dir", "none:/x", "hello", says="none")
    pith.refused("build", "--dir", ".:x", "hello", says="write it like")
    pith.refused("build", "--file", "hello:/lib", "hello", says="/lib")
    pith.refused("build", "--file", "hello.c:/hello", "hello", says="/hello is given twice")


def test_interpreter_that_is_not_there(pith, here):
    cc("-o", "hello", source("hello.c", HELLO), "-Wl,--dynamic-linker,/opt/none/ld.so")
    pith.refused("build", "hello", says="needs the interpreter /opt/none/ld.so")


# What it is called, and where it is


def test_names_are_found_in_path(pith, build, on, here):
    report = files_of(build("--json", "-o", "x.pith", "echo", "--", "a", "b"))
    assert report["/usr/bin/echo"]["from"] == "program"
    assert pith.run(on, "x.pith").stdout == "a b\n"
    pith.refused("build", "no-such-program-at-all", says=["no-such-program-at-all", "PATH"])
    Path("echo").write_text("not a program\n")  # what is here comes first
    pith.refused("build", "echo", says="echo is not an ELF file")


def test_scripts(pith, build, on, here):
    installed("/usr/bin/cat")
    Path("script").write_text("#!/usr/bin/cat -n\nline\n")
    os.chmod("script", 0o644)
    build("-q", "-o", "x.pith", "script")
    assert pith.run(on, "x.pith").stdout == "     1\t#!/usr/bin/cat -n\n     2\tline\n"
    Path("more").write_text("more\n")
    Path("script").write_text("#! /usr/bin/env -S cat -E\n")
    build("-q", "-o", "x.pith", "-f", "more:/more", "script")
    assert pith.run(on, "x.pith", "/more").stdout == "#! /usr/bin/env -S cat -E$\nmore$\n"  # the script stays
    Path("script").write_text("#!/usr/bin/env FOO=bar cat\n")
    pith.refused("build", "script", says="first line gives env")
    Path("inner").write_text("#!/bin/sh\n")
    os.chmod("inner", 0o755)
    Path("script").write_text(f"#!{here}/inner\n")
    pith.refused("build", "script", says="is a script itself")


# What every program finds


def test_etc(pith, build, on, here):
    build("-q", "-o", "x.pith", "cat")
    text = pith.run(on, "x.pith", "/etc/passwd", "/etc/group", "/etc/hosts", "/etc/nsswitch.conf", "/etc/host.conf",
                    "/etc/timezone").stdout
    for line in ("root:x:0:0:", "nobody:x:65534:", "127.0.0.1 localhost", "hosts: files dns", "Etc/UTC"):
        assert line in text
    Path("passwd").write_text("me:x:0:0::/:\n")
    build("-q", "-o", "y.pith", "-f", "passwd:/etc/passwd", "cat")
    assert pith.run(on, "y.pith", "/etc/passwd").stdout == "me:x:0:0::/:\n"


def test_folders(pith, build, on, here):
    build("-q", "-o", "x.pith", "ls")
    text = pith.run(on, "x.pith", "-ld", "/tmp", "/run", "/root", "/var/tmp", "/var/log", "/var/run").stdout
    for words in ("drwxrwxrwt", "/var/run -> /run", "drwx------"):
        assert words in text


def test_local_time(pith, build, on, here):
    build("-q", "-o", "x.pith", "date")
    assert pith.run(on, "x.pith", "-d", "@0", "+%H:%M %Z").stdout == "00:00 UTC\n"


def test_locale(pith, build, on, here):
    installed("/usr/lib/locale/C.utf8", "/usr/bin/python3")
    ask = "import locale; locale.setlocale(locale.LC_ALL, ''); print(locale.nl_langinfo(locale.CODESET), locale.setlocale(locale.LC_ALL))"
    build("-q", "-o", "x.pith", "-e", "LANG=C.UTF-8", "/usr/bin/python3", "--", "-c", ask)
    assert pith.run(on, "x.pith").stdout.split() == ["UTF-8", "C.UTF-8"]
    assert "the locale xx_YY of LC_ALL is not on this host" in build("-o", "x.pith", "-e", "LC_ALL=xx_YY", "echo")
    assert "locale" not in build("-o", "x.pith", "-e", "LANG=../../../etc", "-e", "LANG=C", "echo")


# Packages


def test_packages_of_programs(pith, build, here):
    installed("/usr/bin/python3")
    report = files_of(build("--json", "-o", "x.pith", "/usr/bin/python3"))
    assert report["/usr/bin/python3"]["link"] == "python3.11"
    assert report["/usr/lib/python3.11/os.py"]["why"] == "libpython3.11-minimal"
    assert report["/usr/lib/python3.11/asyncio/base_events.py"]["why"] == "libpython3.11-stdlib"
    needed = [f for f in report.values() if f["from"] == "library" and "lib-dynload" in f.get("why", "")]
    assert needed, "libraries of extensions are missing"
    assert not [p for p in report if p.startswith(("/usr/share/doc", "/usr/share/man", "/usr/include"))]
    bare = files_of(build("--json", "-o", "y.pith", "--no-package", "/usr/bin/python3"))
    assert not [f for f in bare.values() if f["from"] == "package"]


def test_packages_by_name(pith, build, on, here):
    installed("/usr/share/zoneinfo/Asia/Tokyo")
    report = files_of(build("--json", "-o", "x.pith", "--package", "tzdata", "-e", "TZ=Asia/Tokyo", "date"))
    assert report["/usr/share/zoneinfo/Asia/Tokyo"]["why"] == "tzdata"
    assert pith.run(on, "x.pith", "-d", "@0", "+%H:%M").stdout == "09:00\n"
    pith.refused("build", "--package", "no-such-package", "date", says="no installed package no-such-package")


def test_report_for_people(pith, build, here):
    installed("/usr/sbin/nginx")
    text = build("-o", "x.pith", "nginx")
    assert "/usr/sbin/nginx  the program" in text
    assert "libcrypto.so.3  needed by /usr/sbin/nginx" in text
    assert "of the package nginx-common" in text
    assert len(text.splitlines()) < 50


def test_nginx(pith, build, on, here):
    """As it is installed: its configuration, its modules, its folders, and an index of ours."""
    installed("/usr/sbin/nginx")
    os.mkdir("site")
    Path("site/index.html").write_text("from an image\n")
    port = pithrun.free_port()
    build("-q", "-o", "x.pith", "-p", f"{port}:80", "--dir", "site:/var/www/html", "nginx", "--", "-g",
          "daemon off; master_process off;")
    pith.start(on, "x.pith")
    pithrun.opened(port)
    done = subprocess.run(["curl", "-s", f"http://127.0.0.1:{port}/"], capture_output=True, text=True, timeout=20)
    assert done.stdout == "from an image\n"


def test_python(pith, build, on, here):
    installed("/usr/bin/python3")
    Path("main.py").write_text("#!/usr/bin/python3\nimport sys, json, ssl, sqlite3, pwd\n"
                               "print(json.dumps([sys.prefix, sys.argv[1:], pwd.getpwuid(0)[0]]))\n")
    build("-q", "-o", "x.pith", "main.py")
    assert json.loads(pith.run(on, "x.pith", "a", "b").stdout) == ["/usr", ["a", "b"], "root"]


# The same input gives the same image


def test_reproducible(pith, build, here):
    """Whatever the folder, the time, the umask and the order of folders on the host."""
    for place, names in (("one", "abcdef"), ("elsewhere/two", "fedcba")):
        os.makedirs(f"{place}/data")
        for name in names:
            Path(f"{place}/data/{name}").write_text(name)
            os.utime(f"{place}/data/{name}", (1, 1))
        cc("-o", f"{place}/hello", source("hello.c", HELLO))
        os.utime(f"{place}/hello", (1, 1))
    images = []
    for place, mask in (("one", 0o022), ("elsewhere/two", 0o077)):
        os.mkdir(f"{place}/tmp")
        build("-q", "-o", "x.pith", "--dir", "data:/data", "hello", cwd=place, umask=mask,
              env=dict(pith.env, TMPDIR=str(here / place / "tmp")))
        images.append((here / place / "x.pith").read_bytes())
    assert images[0] == images[1]


def test_reproducible_for_others(pith, build, here):
    """It makes no difference who builds."""
    if os.geteuid():
        pytest.skip("only root can be somebody else")
    installed("/usr/sbin/nginx")
    home = Path(tempfile.mkdtemp(prefix="pithnobody", dir="/var/tmp"))
    try:
        os.chown(home, 65534, 65534)
        cc("-o", home / "hello", source("hello.c", HELLO))
        os.chmod(home / "hello", 0o700)
        os.chown(home / "hello", 65534, 65534)
        for tool in ("hello", "nginx"):
            build("-q", "-o", "root.pith", "--name", "n", home / "hello" if tool == "hello" else tool)
            try:
                done = subprocess.run([pith.binary, "build", "-q", "-o", "n.pith", "--name", "n", tool], cwd=home, user=65534,
                                      group=65534, extra_groups=[], env=dict(pith.env, TMPDIR=str(home)), capture_output=True,
                                      timeout=60)
            except PermissionError:
                pytest.skip("others may not run the command here")
            assert done.returncode == 0, done.stderr
            assert Path("root.pith").read_bytes() == (home / "n.pith").read_bytes()
    finally:
        shutil.rmtree(home)


def test_reproducible_packages(pith, build, here):
    installed("/usr/sbin/nginx")
    for name in ("a", "b"):
        build("-q", "-o", f"{name}.pith", "--name", "n", "nginx")
    assert Path("a.pith").read_bytes() == Path("b.pith").read_bytes()
