# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""Running the real command from tests. PITH is the command (build/pith); appliances are beside it in apps/."""

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PITH = os.path.abspath(os.environ.get("PITH", str(ROOT / "build/pith")))
APPS = Path(PITH).parent / "apps"
FAILED, CRASHED = 125, 126
WAIT = 20  # a bound for what never takes so long: reaching it is a failure


def kvm_missing():
    """Why kvm cannot be used here, or None."""
    try:
        os.close(os.open("/dev/kvm", os.O_RDWR))
    except OSError as e:
        return f"/dev/kvm: {e.strerror}"
    return None


def missing(platform):
    """Why a platform cannot be used here, or None."""
    if platform.startswith("qemu"):
        if not shutil.which("qemu-system-x86_64"):
            return "there is no qemu-system-x86_64"
    return kvm_missing() if platform.endswith("kvm") else None


def until(condition, what, seconds=WAIT):
    """The first true value that condition() gives."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.01)


def free_port():
    """A port that is free for TCP and UDP."""
    while True:
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", 0))
            try:
                udp.bind(tcp.getsockname())
            except OSError:
                continue
            return tcp.getsockname()[1]


def opened(port, host="127.0.0.1", seconds=WAIT):
    """Waits for a web server in an instance. That a connection is made says nothing: libslirp takes it before the guest does."""
    def attempt():
        with socket.socket() as s:
            s.settimeout(5)
            if s.connect_ex((host, port)):
                return False
            s.sendall(b"GET / HTTP/1.0\r\n\r\n")
            try:
                return bool(s.recv(1))
            except OSError:
                return False
    until(attempt, f"an answer on port {port}", seconds)


def alive(pid):
    """Runs, or would if it were not stopped; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def children(pid):
    """Processes that a process has made."""
    return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


class Images:
    """Images of small programs, each made once."""

    def __init__(self, folder):
        self.folder = folder
        self.made = {}
        self.env = dict(os.environ, TMPDIR="/tmp")

    def program(self, source, *flags):
        """A program of tests/e2e/programs: static, with its names, so that a backtrace can show them."""
        path = self.folder / source
        if not path.exists():
            subprocess.run(["musl-gcc", "-g", "-O0", "-fno-omit-frame-pointer", "-static", *flags, "-o", path,
                            ROOT / "tests/e2e/programs" / f"{source}.c"], check=True)
        return path

    def build(self, name, *args):
        """Tests may use one name for different images: each has a folder of its own."""
        key = (name, *map(str, args))
        if key not in self.made:
            folder = self.folder / str(len(self.made))
            folder.mkdir()
            subprocess.run([PITH, "build", "-q", "-o", folder / f"{name}.pith", *key[1:]], check=True, env=self.env)
            self.made[key] = folder / f"{name}.pith"
        return self.made[key]

    @property
    def tool(self):
        return self.build("tool", self.program("tool"))

    def app(self, name, *args, image=None):
        options = args if "--" in args else (*args, APPS / name)
        if "--" in args:
            at = args.index("--")
            options = (*args[:at], APPS / name, *args[at:])
        return self.build(image or name, *options)


def mounts_of_its_own():
    """Can a test have a mount namespace? Not without root, and not in a chroot whose root is no mount."""
    return not os.geteuid() and subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode == 0


class Pith:
    """The command with a state directory of its own."""

    binary = PITH

    def __init__(self, home):
        self.home = Path(home)
        self.state = self.home / "pith/instances"
        self.env = dict(os.environ, XDG_RUNTIME_DIR=str(home))
        self.started = []

    def __call__(self, *args, **more):
        """Runs a command to its end."""
        more.setdefault("stdin", subprocess.DEVNULL)
        if "input" in more:
            del more["stdin"]
        more.setdefault("env", self.env)
        return subprocess.run([self.binary, *map(str, args)], capture_output=True,
                              **{"text": True, "timeout": WAIT, **more})

    def run(self, on, image, *program, options=(), **more):
        """pith run IMAGE -- PROGRAM'S ARGUMENTS."""
        behind = ("--", *program) if program else ()
        return self("run", "--on", on, *options, image, *behind, **more)

    def start(self, on, image, *program, options=(), **more):
        """The same in the background of the test: a Popen with pipes."""
        behind = ["--", *map(str, program)] if program else []
        for name in ("stdin", "stdout", "stderr"):
            more.setdefault(name, subprocess.PIPE)
        more.setdefault("env", self.env)
        more.setdefault("bufsize", 0)
        process = subprocess.Popen([PITH, "run", "--on", on, *map(str, options), str(image), *behind], **more)
        self.started.append(process)
        return process

    def detach(self, on, image, *program, options=()):
        """pith run -d; gives what --json prints of it."""
        done = self.run(on, image, *program, options=("-d", "--json", *options))
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def refused(self, *args, says=(), status=FAILED, **more):
        """A refusal: the status, one message that says what is wrong, nothing on standard output, and nothing new left."""
        before = self.names()
        done = self(*args, **more)
        assert done.returncode == status, done.stdout + done.stderr
        assert done.stdout == ""
        assert "pith" in done.stderr.split("\n")[-2 if done.stderr.count("\n") == 1 else -3], done.stderr
        for text in [says] if isinstance(says, str) else says:
            assert text in done.stderr
        assert self.names() == before
        return done.stderr

    def list(self):
        done = self("ps", "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def look(self, name):
        """What ps says of an instance, or None."""
        return next((i for i in self.list() if i["name"] == name), None)

    def inspect(self, name):
        done = self("inspect", "--json", name)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def log(self, name):
        done = self("logs", name)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def names(self):
        return sorted(os.listdir(self.state)) if self.state.exists() else []

    def end(self):
        """Ends what still runs; tells of what nothing should have left."""
        left = []
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait(WAIT)
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream and not stream.closed:
                    try:
                        stream.close()
                    except BrokenPipeError:
                        pass
        for name in self.names():
            pid = self.pid(name)
            done = self("rm", "-f", name)
            if done.returncode:
                left.append(done.stderr)
                self.kill(pid)
        left += self.names()
        assert not left

    def pid(self, name):
        try:
            return json.loads((self.state / name / "state.json").read_text())["pid"]
        except (OSError, ValueError, KeyError):
            return None

    def kill(self, pid):
        """Ends a monitor, if this number is still one of ours."""
        try:
            if pid and str(self.home).encode() in Path(f"/proc/{pid}/environ").read_bytes():
                os.kill(pid, signal.SIGKILL)
        except OSError:
            pass


class User(Pith):
    """The command as a user without any rights: a copy, because the checkout may be where only root can look. Takes root."""

    number = 65533

    def __init__(self, home):
        super().__init__(home)
        self.binary = shutil.copy(PITH, self.home / "pith-command")

    def __call__(self, *args, **more):
        return super().__call__(*args, **more, user=self.number, group=self.number, extra_groups=[])


def read_until(stream, text, seconds=WAIT):
    """Reads a pipe of start() until a text has come. Bytes."""
    got = b""
    end = time.monotonic() + seconds
    while text not in got:
        left = end - time.monotonic()
        assert left > 0 and select.select([stream], [], [], left)[0], f"{got[-500:]!r} came, without {text!r}"
        part = os.read(stream.fileno(), 65536)
        assert part, f"ended after {got[-500:]!r}, without {text!r}"
        got += part
    return got
