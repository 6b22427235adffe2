# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""What the tests of real programs share: programs of this machine, running servers, and the clients that drive them."""

import os
import re
import shutil
import subprocess
import threading
import time
from pathlib import Path

import pytest

import pithrun

SOURCES = Path(__file__).parent / "src"
HOST = "10.0.2.2"  # this machine, as an instance with user-mode networking sees it


def program(name, package=None):
    """The path of a program of this machine, links and all; skips where it is not installed."""
    path = shutil.which(name, path="/usr/bin:/usr/sbin:/bin:/sbin:" + os.environ.get("PATH", ""))
    if not path:
        pytest.skip(f"{name} is missing: scripts/setup test installs {package or name}")
    return path


def run(*argv, status=0, **more):
    """A client's output. `status` is what it must end with; None: anything."""
    more.setdefault("timeout", 120)
    if "input" not in more:
        more.setdefault("stdin", subprocess.DEVNULL)
    done = subprocess.run([str(a) for a in argv], capture_output=True, text=True, errors="replace", **more)
    assert status is None or done.returncode == status, f"{argv}: {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout if status == 0 else done


def compiled(folder, name, *argv, env=None):
    """A program that is compiled here, once: `argv` with OUT and SRC in it."""
    out = Path(folder) / Path(name).stem
    if not out.exists():
        source = out.with_suffix(Path(name).suffix)
        shutil.copy(SOURCES / name, source)
        run(*(str(a).replace("OUT", str(out)).replace("SRC", str(source)) for a in argv), cwd=folder, timeout=300, env=env)
    return out


class Server:
    """A detached instance. `ports` are the guest's, "53/udp" for datagrams; port() is where one is published."""

    def __init__(self, pith, on, image, *args, ports=(80,), options=()):
        self.pith, self.on, self.published = pith, on, {}
        for guest in ports:
            number = str(guest).partition("/")[0]
            self.published.setdefault(int(number), pithrun.free_port())
            options = ("-p", f"{self.published[int(number)]}:{guest}", *options)
        self.options, self.image, self.args = options, image, args
        self.start()

    def start(self):
        self.name = self.pith.detach(self.on, self.image, *self.args, options=self.options)["name"]

    def port(self, guest=None):
        return self.published[guest or next(iter(self.published))]

    def url(self, path="/", guest=None, scheme="http"):
        return f"{scheme}://127.0.0.1:{self.port(guest)}{path}"

    def log(self):
        return self.pith.log(self.name)

    def running(self):
        return (self.pith.look(self.name) or {}).get("state") == "running"

    def until(self, attempt, what="an answer", seconds=60):
        """Waits for a true value; an instance that ends meanwhile, or never answers, shows what it said."""
        end = time.monotonic() + seconds
        while True:
            value = attempt()
            if value:
                return value
            assert self.running(), f"ended without {what}:\n{self.log()[-3000:]}"
            assert time.monotonic() < end, f"no {what} within {seconds} s:\n{self.log()[-3000:]}"
            time.sleep(0.02)

    def says(self, text, seconds=60):
        self.until(lambda: text in self.log(), repr(text), seconds)
        return self

    def answers(self, path="/", guest=None, seconds=60):
        """Waits for an answer by HTTP, whatever it is."""
        self.until(lambda: get(self.url(path, guest), status=None)[0], seconds=seconds)
        return self

    def stop(self, seconds=20, signal="TERM"):
        """Asks it to end; gives the exit status, None if it does not."""
        self.pith("kill", "-s", signal, self.name)
        return self.ended(seconds)

    def ended(self, seconds=20):
        """Waits for the end; gives the exit status, None if there was no time for it."""
        end = time.monotonic() + seconds
        while self.running():
            if time.monotonic() > end:
                return None
            time.sleep(0.02)
        return (self.pith.look(self.name) or {}).get("status")

    def kill(self):
        """kill -9 of the whole instance."""
        self.pith("kill", self.name)
        self.ended()


def get(url, *options, status=200):
    """(status, body) by curl; (0, "") where there is no answer."""
    done = subprocess.run(["curl", "-sS", "-m", "60", "-w", "\n%{http_code}", *map(str, options), url], capture_output=True,
                          text=True, errors="replace", timeout=90)
    body, _, code = done.stdout.rpartition("\n")
    code = int(code or 0)
    assert status is None or code == status, f"{url}: {code}: {body[:500]} {done.stderr}"
    return code, body


def together(count, work):
    """Calls work(n) in as many threads, all at once; the first failure is the test's."""
    failures = []

    def one(n):
        try:
            work(n)
        except BaseException as e:  # shown by the test's thread
            failures.append(e)
    threads = [threading.Thread(target=one, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads), "a client waits for ever"
    if failures:
        raise failures[0]


def hammered(url, connections=32, seconds=1):
    """Requests per second under wrk, of which none may fail. Without wrk: None, and clients of our own."""
    if not shutil.which("wrk"):
        together(connections, lambda n: [get(url) for _ in range(3)])
        return None
    text = run("wrk", "-t1", f"-c{connections}", f"-d{seconds}s", url)
    assert "Socket errors" not in text and "Non-2xx" not in text, text
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))
