# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""More than one process in an instance, as real programs use them: shells, Python, Perl; daemons; and what cannot be run says why."""

import os
import shutil
import signal
import subprocess
import time

import pytest

import pithrun

DASH = "/bin/dash"
pytestmark = pytest.mark.skipif(not os.path.exists(DASH), reason=f"{DASH} is not installed")

PYTHON = shutil.which("python3", path="/usr/bin")
PERL = shutil.which("perl", path="/usr/bin")


@pytest.fixture(scope="module")
def shell(images):
    return images.build("shell", DASH, "-f", "/bin/cat:/bin/cat", "-f", "/usr/bin/wc:/usr/bin/wc", "-f", "/bin/sleep:/bin/sleep",
                        "-f", f"{images.program('tool')}:/bin/tool")


def sh(pith, on, shell, script, **more):
    return pith.run(on, shell, "-c", script, **more)


@pytest.mark.parametrize("script, out, status", [
    ("echo a; cat /proc/self/comm", "a\ncat\n", 0),
    ("echo one two three | cat | wc -w", "3\n", 0),
    ("x=$(echo inner; (exit 4)); echo $x $?", "inner 4\n", 0),
    ("(exit 7) & wait $!; echo $?", "7\n", 0),
    ("sleep 100 & kill $!; wait $!; echo $?", "143\n", 0),
    ("trap 'echo caught' USR1; kill -USR1 $$; echo after", "caught\nafter\n", 0),
    ("exec cat /proc/self/comm", "cat\n", 0),
    ("i=0; while [ $i -lt 20 ]; do cat /dev/null; i=$((i+1)); done; echo $i", "20\n", 0),
    ("exit 3", "", 3),
])
def test_shell(pith, on, shell, script, out, status):
    done = sh(pith, on, shell, script)
    assert (done.stdout, done.returncode) == (out, status), done.stderr


def test_missing_program(pith, on, shell):
    done = sh(pith, on, shell, "nothere; echo $?; /proc/none; echo $?; /dev; echo $?")
    assert done.stdout == "127\n127\n126\n"


def test_position_dependent_beside_another(pith, on, images):
    """A program at a fixed address runs in place of the first, beside one that leaves it room, and by turns with one that is there."""
    fixed = images.program("daemon", "-no-pie")
    image = images.build("fixed", DASH, "-f", f"{fixed}:/bin/fixed")
    assert sh(pith, on, image, "/bin/fixed 9; echo $?").stdout.startswith("9\n")
    shutil.copy(pithrun.ROOT / "tests/e2e/programs/daemon.c", images.folder / "spawner.c")
    source = images.folder / "spawner.c"
    source.write_text('#include <spawn.h>\n#include <stdio.h>\n#include <string.h>\n#include <sys/wait.h>\nextern char **environ;\n'
                      'int main(int n, char **v) { char *a[] = { v[0], "x", NULL }; int p, s = -1; if (n > 1) return 7;\n'
                      'puts(strerror(posix_spawn(&p, "/proc/self/exe", NULL, NULL, a, environ))); wait(&s);\n'
                      'printf("%d\\n", WEXITSTATUS(s)); return 0; }\n')
    subprocess.run(["gcc", "-no-pie", "-static", "-o", images.folder / "spawner", source], check=True)
    done = pith.run(on, images.build("spawner", images.folder / "spawner"))
    assert done.stdout == "Success\n7\n", done.stderr


def test_crash_of_a_child(pith, on, shell):
    done = sh(pith, on, shell, "/bin/tool fault 8; echo $?; echo on")
    assert done.stdout == "139\non\n"
    assert "ended by SIGSEGV" in done.stderr


def test_first_program_ends_the_instance(pith, on, shell):
    before = time.monotonic()
    done = sh(pith, on, shell, "sleep 100 & exit 5")
    assert done.returncode == 5 and time.monotonic() - before < 15


def test_signal_to_the_terminal_group(pith, on, shell):
    process = pith.start(on, shell, "-c", "trap 'echo end; exit 9' INT; echo begin; sleep 100; echo no")
    pithrun.read_until(process.stdout, b"begin")
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=pithrun.WAIT)
    assert (out.strip(), process.returncode) == (b"end", 9)


def test_daemon(pith, on, images):
    done = pith.run(on, images.build("daemon", images.program("daemon")))
    assert (done.stdout, done.returncode) == ("daemon\n", 6)
    assert "goes on as the program" in done.stderr


def test_no_daemon_of_a_failure(pith, on, images):
    done = pith.run(on, images.build("daemon", images.program("daemon")), "4")
    assert (done.stdout, done.returncode) == ("", 4)


PY = r"""
import os, subprocess, sys
print(subprocess.run(["/bin/cat"], input=b"text", capture_output=True).stdout)
print(subprocess.run("echo $((6*7)); exit 5", shell=True, capture_output=True))
try:
    subprocess.run(["/none"])
except FileNotFoundError as e:
    print(e)
print(os.system("exit 3"), os.popen("echo popen").read())
p = subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
p.stdin.write(b"x\n"); p.stdin.flush(); print(p.stdout.readline()); p.terminate(); print(p.wait())
import multiprocessing as mp
ctx = mp.get_context("fork")
q = ctx.Queue()
c = ctx.Process(target=lambda: q.put(os.getpid()))
c.start(); print(q.get() == c.pid); c.join(); print(c.exitcode)
try:
    subprocess.run(["/bin/sleep", "100"], timeout=0.2)
except subprocess.TimeoutExpired:
    print("timeout")
"""
PY_OUT = """b'text'
CompletedProcess(args='echo $((6*7)); exit 5', returncode=5, stdout=b'42\\n', stderr=b'')
[Errno 2] No such file or directory: '/none'
768 popen

b'x\\n'
-15
True
0
timeout
"""


@pytest.mark.skipif(not PYTHON, reason="python3 of Debian is not installed")
def test_python(pith, on, images, tmp_path):
    script = tmp_path / "test.py"
    script.write_text(PY)
    image = images.build("python-processes", PYTHON, "-f", f"{DASH}:/bin/sh", "-f", "/bin/cat:/bin/cat", "-f",
                         "/bin/sleep:/bin/sleep", "-f", f"{script}:/test.py", "--", "/test.py")
    done = pith("run", "--on", on, image)
    assert (done.stdout, done.returncode) == (PY_OUT, 0), done.stderr


@pytest.mark.skipif(not PERL, reason="perl is not installed")
def test_perl(pith, on, images):
    image = images.build("perl", PERL, "-f", f"{DASH}:/bin/sh", "-f", "/bin/cat:/bin/cat")
    script = ('$| = 1; system("echo", "x") == -1 and print "no echo\\n"; print `echo shell;`; open(P, "|cat"); print P "piped\\n";'
              'close P; if (!($p = fork)) { exit 3 } waitpid($p, 0); print $? >> 8, "\\n";')
    done = pith.run(on, image, "-e", script)
    assert (done.stdout, done.returncode) == ("no echo\nshell\npiped\n3\n", 0), done.stderr
