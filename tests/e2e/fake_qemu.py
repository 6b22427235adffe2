#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""Stands for QEMU and its guest at once: takes the sockets that `pith run --on qemu` gives to QEMU and does what the first argument
of the guest's program says. For what a real guest never does, and for what must not depend on one."""

import json
import os
import random
import re
import select
import shlex
import signal
import socket
import struct
import sys
import time

SIGNAL, WINDOW, ASK, INPUT_END, STREAM = range(1, 6)
EXIT, AREA, STARTED = range(16, 19)


def option_values(name):
    return [value for option, value in zip(sys.argv, sys.argv[1:]) if option == name]


def guest_words():
    return shlex.split(option_values("-append")[0])


def ports():
    """By the chardev's name: console, stderr, control, uart."""
    found = {}
    for text in option_values("-chardev"):
        values = dict(part.partition("=")[::2] for part in text.split(","))
        found[values["id"]] = socket.socket(fileno=int(values["fd"]))
        found[values["id"]].setblocking(True)
    return found


class Guest:
    def __init__(self):
        words = guest_words()
        at = words.index("--") if "--" in words else len(words)
        self.words, self.args = words[:at], words[at + 1:]
        self.port = ports()

    def say(self, kind, value=0, more=b""):
        self.port["control"].sendall(struct.pack("<II", kind, value) + more)

    def hear(self):
        """The next message from the host: (kind, value)."""
        data = b""
        while len(data) < 8:
            part = self.port["control"].recv(8 - len(data))
            if not part:
                time.sleep(60)  # a guest does not end for that
                sys.exit(0)
            data += part
        return struct.unpack("<II", data)

    def out(self, text):
        self.port["console"].sendall(text.encode())

    def frames(self):
        (text,) = [t for t in option_values("-netdev") if t.startswith("socket,")]
        frames = socket.socket(fileno=int(re.search(r"fd=(\d+)", text)[1]))
        frames.setblocking(True)
        return frames


def words(g):
    """What the guest was told, and how QEMU was started."""
    with open(option_values("-kernel")[0], "rb") as image:
        magic = image.read(4).hex()
    status = open("/proc/self/status", encoding="ascii").read()
    g.out(json.dumps({"words": g.words, "args": g.args, "argv": sys.argv[1:], "image": magic, "uid": os.geteuid(),
                      "kvm": os.access("/dev/kvm", os.R_OK | os.W_OK),
                      "caps": re.search(r"CapEff:\s*(\w+)", status)[1], "fds": sorted(map(int, os.listdir("/proc/self/fd")))}))
    g.say(EXIT, 0)


def streams(g):
    g.out("to stdout\n")
    g.port["stderr"].sendall(b"to stderr\n")
    g.port["uart"].sendall(b"from the UART\r\n")
    g.say(EXIT, int(g.args[1]))


def much(g):
    """More than any buffer holds, and the end at once."""
    for i in range(4000):
        g.out(f"{i:0999}\n")
    g.say(EXIT, 0)


def cat(g):
    ended = False
    while not ended:
        for port in select.select([g.port["console"], g.port["control"]], [], [])[0]:
            if port is g.port["console"]:
                port.sendall(port.recv(4096))
            else:
                ended = g.hear()[0] == INPUT_END
    assert not select.select([g.port["console"]], [], [], 0)[0], "input came behind its end"
    g.say(EXIT, 0)


def never_reads(g):
    time.sleep(0.3)
    g.say(EXIT, 5)


def messages(g):
    """Prints what comes until SIGTERM."""
    g.out("ready\n")
    while (m := g.hear()) != (SIGNAL, signal.SIGTERM):
        if m[0] != INPUT_END:
            g.out(f"{m[0]} {m[1]:#x}\n")
    g.say(EXIT, 7)


def deaf(g):
    """Hears nothing, like a guest that hangs."""
    g.out("ready\n")
    time.sleep(60)


def area(g):
    """Answers questions. Tests say another length than that of struct vcpu_area to lie."""
    length = int(g.args[1])
    g.out("ready\n")
    while True:
        kind, value = g.hear()
        if kind == ASK:
            body = bytearray(length)
            struct.pack_into("<QQQ", body, 144, 111 << 10, 222 << 10, 333)
            g.say(AREA, length, bytes(body))
        if (kind, value) == (SIGNAL, signal.SIGTERM):
            break
    g.say(EXIT, 0)


def raw(g):
    """Sends these bytes on the control port, then ends by isa-debug-exit with a status."""
    g.port["control"].sendall(bytes.fromhex(g.args[1]))
    g.out("still here\n")
    time.sleep(0.1)
    os._exit(int(g.args[2]) << 1 | 1)


def pieces(g):
    """A message byte by byte."""
    for byte in struct.pack("<II", EXIT, 9):
        g.port["control"].sendall(bytes([byte]))
        time.sleep(0.01)
    time.sleep(60)


def stubborn(g):
    """Says that it ends, and does not."""
    g.say(EXIT, 3)
    time.sleep(60)


def pipe(g):
    """Writes until it is told that nobody reads."""
    g.port["control"].setblocking(False)
    while True:
        g.out("line\n" * 100)
        try:
            data = g.port["control"].recv(8)
        except BlockingIOError:
            continue
        if data[:4] == struct.pack("<I", STREAM):
            g.say(EXIT, 100 + struct.unpack("<I", data[4:])[0] - (1 << 16))
            return


def arp(g):
    """Asks the gateway for its address."""
    s = g.frames()
    mac, me, gateway = b"\x02\0\0\0\0\x01", bytes([10, 0, 2, 15]), bytes([10, 0, 2, 2])
    s.send(b"\x01")  # no frame at all
    s.send(b"\xff" * 6 + mac + bytes.fromhex("0806 0001 0800 06 04 0001") + mac + me + bytes(6) + gateway + bytes(18))
    while True:
        frame = s.recv(4096)
        if frame[12:14] == b"\x08\x06" and frame[28:32] == gateway:
            break
    g.out("the gateway answers\n")
    g.say(EXIT, 0)


def garbage(g):
    """Anything on every socket, frames that are almost right among it; then an end by isa-debug-exit with 44."""
    dice = random.Random(int(g.args[1]))
    frames = g.frames()
    for port in (*g.port.values(), frames):
        port.setblocking(False)
    for _ in range(3000):
        port = dice.choice((g.port["stderr"], g.port["control"], g.port["uart"], frames, frames))
        data = bytearray(dice.randbytes(dice.choice((0, 1, 8, 13, 60, 600, 1514, 4000))))
        if port is frames and len(data) > 60:
            data[:12] = b"\xff" * 6 + b"\x02\0\0\0\0\x01"
            data[12:24] = bytes.fromhex(dice.choice(("080600010800060400010200", "080045000028000040004006", "86dd60000000001406400000")))
        try:
            port.send(data)
            port.recv(4096)
        except OSError:
            pass
    os._exit(44 << 1 | 1)


def volumes(g):
    for text in option_values("-fsdev") + option_values("-blockdev"):
        g.out(text + "\n")
        where = re.search(r"(?:path|filename)=([^,]*)", text)
        if where and os.path.isdir(where[1]):
            g.out("".join(f"has {name}\n" for name in sorted(os.listdir(where[1]))))
    for text in option_values("-device"):
        if "9p" in text or "blk" in text:
            g.out(text + "\n")
    g.say(EXIT, 0)


def main():
    mode = guest_words()[guest_words().index("--") + 1]
    if mode == "die":
        sys.exit("qemu-system-x86_64: -device foo: 'foo' is not a valid device model name")
    if mode == "silent-death":
        os._exit(1)
    if mode == "old" and "-sandbox" in sys.argv:
        sys.exit("qemu-system-x86_64: -sandbox on: -sandbox support is not enabled in this QEMU binary")
    if mode == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if mode == "mute":
        time.sleep(60)
    g = Guest()
    if mode not in ("never-started", "die-later"):
        g.say(STARTED)
    if mode == "never-started":
        time.sleep(4)
        g.say(EXIT, 4)
    elif mode == "die-later":
        g.out("booting\n")
        sys.exit("qemu-system-x86_64: terminating on a host error")
    elif mode == "reset":
        g.out("before\n")
    elif mode == "old":
        g.say(EXIT, 0)
    elif mode == "killed":
        g.out("before\n")
        os.kill(os.getpid(), signal.SIGSEGV)
    else:
        globals()[mode.replace("-", "_")](g)


main()
