# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""Programs that nobody made ready, as people use them on a command line: on files in a volume, with what they start beside themselves.
Status, output and files must be Linux's."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

SHELL = ("-f", "/usr/bin/dash:/bin/sh")
ENV = {"PATH": "/usr/bin:/bin", "HOME": "/root"}
TIMES_AND_KEYS = "names"  # what files hold differs from run to run

AWK = """{ sum += $5; count[$5 % 7]++ }
END { print sum; for (i = 0; i < 7; i++) print i, count[i]; "echo command" | getline x; print x; print "z\\na" | "sort"; close("sort") }
"""
SH = """cd "$1"; n=0
for f in f*; do n=$((n+1)); done; echo $n files
sort -k5n f1 | head -3 | while read a b c; do echo "$b-$c"; done
(echo in a subshell; exit 3); echo status $?
x=$(grep -c 7 f2); echo $x; sort f3 > out; wc -l < out; rm out
"""
BASH = """cd "$1"; declare -A m; m[a]=1; m[b]=2; echo "${!m[@]}" | tr ' ' '\\n' | sort
for i in {1..5}; do ( echo $((i*i)) ); done
diff <(sort f1) <(sort f2) | wc -l
x=$( (for i in 1 2 3; do echo $i; done) | { read a; echo got $a; cat > /dev/null; } ); echo $x
coproc cat; echo hello >&${COPROC[1]}; read l <&${COPROC[0]}; echo coproc $l; kill $COPROC_PID; wait 2> /dev/null
trap 'echo bye' EXIT; sleep 0.05 & wait $!; echo $?; set -o pipefail; false | true; echo $?
"""
PERL = """use File::Find; my $n = 0; find(sub { $n++ }, $ARGV[0]); print "$n\\n", `echo backticks`;
open(my $p, '-|', 'sort', '-r', "$ARGV[0]/f1") or die $!; my @l = <$p>; print scalar(@l), "\\n"; close $p;
my $pid = fork; exit 5 if !$pid; waitpid($pid, 0); print $? >> 8, "\\n"; system("exit 3"); print $? >> 8, "\\n";
open(my $k, '|-') || do { while (<STDIN>) { print "child $_" } exit 0 }; print $k "line\\n"; close $k;
"""
PYTHON = """import multiprocessing, os, sqlite3, subprocess, sys
from pathlib import Path
def square(x): return x * x
if __name__ == '__main__':
    here = Path(sys.argv[1])
    print(subprocess.check_output('ls f* | wc -l', shell=True, cwd=here))
    print(subprocess.run([sys.executable, '-c', 'print(7)'], capture_output=True).stdout)
    for method in 'fork', 'spawn':
        with multiprocessing.get_context(method).Pool(2) as pool: print(pool.map(square, range(5)))
    db = sqlite3.connect(here / 'db')
    db.executescript('create table t(a); insert into t values(1), (41); commit')
    print(db.execute('select sum(a) from t').fetchone())
"""
RUBY = """puts `echo backticks`, Dir.glob(ARGV[0] + '/f*').size; pid = fork { exit 4 }; Process.wait pid; puts $?.exitstatus
puts IO.popen(['sort', '-r'], 'r+') { |p| p.puts 'a', 'b'; p.close_write; p.read }; puts [3, 1].map { |x| Thread.new { x * 2 }.value }.inspect
"""
PHP = """<?php echo shell_exec('echo shell'); $p = popen('sort -r ' . $argv[1] . '/f1', 'r'); echo fgets($p); pclose($p);
$q = proc_open(['cat'], [['pipe', 'r'], ['pipe', 'w']], $pipes); fwrite($pipes[0], "x\\n"); fclose($pipes[0]);
echo stream_get_contents($pipes[1]), proc_close($q), hash('sha256', 'x'), "\\n"; file_put_contents($argv[1] . '/new', 'abc');
"""
LUA = """for l in io.popen('ls ' .. arg[1]):lines() do print(l) end print(os.execute('exit 3')) print(io.open('/none'))
"""
NODE = """const fs = require('fs'), cp = require('child_process'), { Worker } = require('worker_threads'), here = process.argv[2];
console.log(cp.execSync('echo shell').toString(), cp.spawnSync('ls', [here]).stdout.toString());
fs.writeFileSync(here + '/new', 'abc'); console.log(fs.readdirSync(here).length, require('zlib').gunzipSync(require('zlib').gzipSync('z')) + '');
new Worker("require('worker_threads').parentPort.postMessage(6*7)", { eval: true }).on('message', m => { console.log(m);
cp.exec('exit 3', e => { console.log(e.code); require('crypto').pbkdf2('a', 'b', 1000, 16, 'sha1', (e, k) => console.log(k.toString('hex'))); }); });
"""
MAKEFILE = """all: a b
\t@echo all $^ `echo sub`
a:
\t@echo made a | tr a-z A-Z
b: a
\t@head -2 f1
bad:
\t@exit 3
"""
SCRIPTS = {"s.awk": AWK, "s.sh": SH, "s.bash": BASH, "s.pl": PERL, "s.py": PYTHON, "s.rb": RUBY, "s.php": PHP, "s.lua": LUA, "s.js": NODE,
           "Makefile": MAKEFILE, "s.bc": "scale=30\n4*a(1)\ndefine f(n){if(n<2)return 1;return n*f(n-1)}\nf(30)\nquit\n",
           "data.json": '{"a":[1,2,{"b":"c"}],"n":3.5}', "hello.c": '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n'}
GCC = tuple(f"--package={p}" for p in ("gcc-12", "libc6-dev", "linux-libc-dev"))

# Name, program, options of the build, arguments (@ is the folder), and what of the files is compared.
CASES = [
    ("awk", "gawk", (*SHELL, "sort"), "-f @/s.awk @/f1 @/f2"),
    ("sed", "sed", (), "-i.bak -e s/line/LINE/w@/written @/f1"),
    ("sort", "sort", ("gzip",), "-S 10k --compress-program=gzip -k5n -k2r @/f1 @/f2 @/f3"),
    ("grep", "grep", (), "-rnP (?<=of.)1.7 @/d"),
    ("find", "find", ("wc",), "@/d -name *.c -exec wc -c {} ;"),
    ("xargs", "xargs", ("echo",), "-a @/f1 -n 50 echo x"),
    ("tar", "tar", (*SHELL, "xz"), "-C @ --mtime=@0 --sort=name -cJf @/o.txz d"),
    ("gzip", "gzip", (), "-9nr @/d"),
    ("zstd", "zstd", (), "-T2 -q @/f1"),
    ("jq", "jq", (), ".a[2].b,.n @/data.json"),
    ("bc", "bc", (), "-ql @/s.bc"),
    ("sh", "dash", ("sort", "head", "grep", "wc", "rm"), "@/s.sh @"),
    ("bash", "bash", ("tr", "sort", "wc", "cat", "sleep", "diff"), "@/s.bash @"),
    ("perl", "perl", (*SHELL, "sort", "echo"), "@/s.pl @"),
    ("python", "python3", (*SHELL, "ls", "wc"), "@/s.py @"),
    ("ruby", "ruby", (*SHELL, "sort", "echo"), "@/s.rb @"),
    ("php", "php", (*SHELL, "sort", "cat"), "@/s.php @"),
    ("lua", "lua5.4", (*SHELL, "ls"), "@/s.lua @"),
    ("node", "node", (*SHELL, "ls"), "@/s.js @"),
    ("make", "make", (*SHELL, "tr", "head"), "-C @ -j4 --no-print-directory"),
    ("make-fails", "make", SHELL, "-C @ bad"),
    ("gcc", "gcc", (*GCC, "as", "ld"), "-o @/hello @/hello.c"),
    ("git", "git", (), "init -q -b main @/repo", TIMES_AND_KEYS),
    ("openssl", "openssl", (), "enc -aes-256-cbc -K 00 -iv 00 -a -in @/f1"),
    ("ssh-keygen", "ssh-keygen", (), "-q -t ed25519 -N x -f @/key", TIMES_AND_KEYS),
    ("cp", "cp", (), "-av @/d @/e"),
    ("missing", "cat", (), "@/none"),
]


@pytest.fixture
def folder():
    with tempfile.TemporaryDirectory(prefix="pc") as name:
        os.chmod(name, 0o755)
        yield Path(name) / "w"


def fill(folder):
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "d/deep").mkdir(parents=True)
    for i in range(12):
        (folder / f"f{i}").write_text("".join(f"line {j} of {i} {(j * 7919 + i) % 101}\n" for j in range(50)))
    for i in range(3):
        (folder / f"d/g{i}.c").write_text(f"// of 1{i}7\nint f{i}(void) {{ return {i}; }}\n")
    (folder / "d/deep/bin").write_bytes(bytes(range(256)) * 50)
    for name, text in SCRIPTS.items():
        (folder / name).write_text(text)
    for path in folder.rglob("*"):
        os.utime(path, (0, 0))


def files(folder, names_only):
    return {str(p.relative_to(folder)): "" if p.is_dir() or names_only else hashlib.sha256(p.read_bytes()).hexdigest()
            for p in folder.rglob("*")}


@pytest.mark.parametrize("case", CASES, ids=[c[0] for c in CASES])
def test_command(images, pith, on, folder, case):
    name, program, options, words = case[:4]
    path = Path("/usr/bin") / program
    if not path.exists():
        pytest.skip(f"{path} is not installed")
    args = [w.replace("@", str(folder)) if not w.startswith("--mtime") else w for w in words.split()]
    fill(folder)
    linux = subprocess.run([path, *args], capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd="/", env=ENV, timeout=60)
    wanted = files(folder, len(case) > 4)

    # A word alone is a program that is started beside the first.
    given = [w for o in options for w in ((o,) if o[0] in "-/" else ("-f", f"/usr/bin/{o}:/usr/bin/{o}"))]
    image = images.build(f"command-{name}", "-m", "512M", "--net", "none", "-e", "HOME=/root", *given, path)
    fill(folder)
    done = pith.run(on, image, *args, options=("-v", f"{folder}:{folder}"), timeout=60)
    assert (done.returncode, done.stdout) == (linux.returncode, linux.stdout), done.stderr
    assert files(folder, len(case) > 4) == wanted
    assert "pith:" not in done.stderr
