# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""Virtio devices of all kinds that QEMU has: transports, interrupts, features. QEMU's command line is that of `pith run`, with other
devices in it."""

import contextlib
import os
import shlex
import shutil
import socket
import subprocess
import threading

import pytest

from pithrun import free_port, missing, until

OURS = "disable-legacy=on"
LEGACY = "disable-modern=on,disable-legacy=off"
DEVICES = {
    "modern": ("q35", {}),
    "no-msix": ("q35", {OURS: f"{OURS},vectors=0"}),
    "legacy": ("q35", {OURS: LEGACY}),
    "legacy-no-msix": ("q35", {OURS: f"{LEGACY},vectors=0"}),
    "transitional": ("pc", {OURS: "disable-legacy=off"}),
    "no-event-index": ("q35", {OURS: f"{OURS},event_idx=off"}),
    "no-merged-buffers": ("pc", {"virtio-net-pci,": "virtio-net-pci,mrg_rxbuf=off,"}),
    "legacy-header": ("q35", {OURS: LEGACY, "virtio-net-pci,": "virtio-net-pci,mrg_rxbuf=off,any_layout=off,"}),
    "iommu-platform": ("q35", {OURS: f"{OURS},iommu_platform=on"}),
    "packed-offered": ("q35", {OURS: f"{OURS},packed=on"}),
    "mmio": ("microvm", {}),
    "mmio-1": ("microvm", {"force-legacy=false": "force-legacy=true"}),
}

pytestmark = pytest.mark.skipif(bool(missing("qemu")), reason=str(missing("qemu")))


@contextlib.contextmanager
def guest(pith, machine, image, *options, swap=(), more=(), words=(), before=()):
    """QEMU with other devices; ends it."""
    done = pith("run", "--on", f"qemu:{machine}", "--dry-run", *options, image)
    assert done.returncode == 0, done.stderr
    command = shlex.split(done.stdout)
    for a, b in dict(swap).items():
        assert any(a in w for w in command), f"QEMU is not told {a}"
        command = [w.replace(a, b) for w in command]
    at = command.index("-append")
    command[at + 1] = " ".join([command[at + 1].split(" --")[0], *words, *command[at + 1].split(" --")[1:]])
    with subprocess.Popen([*before, *command, *more], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as qemu:
        try:
            yield qemu
        finally:
            qemu.kill()


def echoed(port, data):
    """What comes back of data that is sent to the guest."""
    got = b""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as s:
        def send():
            s.sendall(data)
            s.shutdown(socket.SHUT_WR)
        sender = threading.Thread(target=send)
        sender.start()
        while part := s.recv(65536):
            got += part
        sender.join()
    return got


@pytest.mark.parametrize("kind", DEVICES)
def test_network(pith, images, kind):
    machine, swap = DEVICES[kind]
    port = free_port()
    data = os.urandom(400_000)
    image = images.build("peer", "-m", "16M", images.program("peer"), "--", "serve", "7")
    with guest(pith, machine, image, "-p", f"{port}:7", swap=swap):
        def answers():
            with contextlib.suppress(OSError):
                return echoed(port, b"hello") == b"hello"
        until(answers, "an echo")
        assert echoed(port, data) == data


DISKS = {
    "modern": ("q35", f"virtio-blk-pci,drive=d,serial=data,{OURS}"),
    "no-msix": ("q35", f"virtio-blk-pci,drive=d,serial=data,{OURS},vectors=0"),
    "legacy": ("pc", f"virtio-blk-pci,drive=d,serial=data,{LEGACY}"),
    "blocks-of-4096": ("q35", f"virtio-blk-pci,drive=d,serial=data,{OURS},logical_block_size=4096,physical_block_size=4096"),
    "writes-through": ("q35", f"virtio-blk-pci,drive=d,serial=data,{OURS},write-cache=off"),
    "mmio": ("microvm", "virtio-blk-device,drive=d,serial=data,bus=virtio-mmio-bus.7"),
}


@pytest.fixture
def namespace():
    """A network namespace with a tap: the words in front of what runs in it."""
    name = f"pv{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True)
    if made.returncode:
        pytest.skip(f"no network namespace can be made: {made.stderr.strip()}")
    inside = ["ip", "netns", "exec", name]
    try:
        for words in ("ip tuntap add dev t0 mode tap vnet_hdr", "ip addr add 10.77.0.1/24 dev t0", "ip link set t0 up"):
            done = subprocess.run([*inside, *words.split()], capture_output=True, text=True)
            if done.returncode:
                pytest.skip(f"no tap can be made: {done.stderr.strip()}")
        yield inside
    finally:
        subprocess.run(["ip", "netns", "del", name], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
@pytest.mark.parametrize("kind, large", [("modern", True), ("legacy", True), ("mmio-1", True), ("no-merged-buffers", False)])
def test_frames_of_a_tap(pith, images, namespace, kind, large):
    machine, swap = DEVICES[kind]
    peer = images.program("peer")
    image = images.build("peer", peer, "--", "serve", "7")

    def counts():
        names = [f"/sys/class/net/t0/statistics/{way}_{what}" for way in ("tx", "rx") for what in ("bytes", "packets")]
        return [int(n) for n in subprocess.run([*namespace, "cat", *names], capture_output=True, check=True).stdout.split()]

    def echo(count):
        return subprocess.run([*namespace, peer, "tcp", "4", "10.77.0.2", "7", str(count)], capture_output=True).returncode == 0

    with guest(pith, machine, image, "--net", "tap:t0,ip=10.77.0.2/24", swap=swap, before=namespace):
        until(lambda: echo(1), "an echo")
        before = counts()
        assert echo(4 << 20)
        to_bytes, to_packets, from_bytes, from_packets = (b - a for a, b in zip(before, counts()))
    assert to_bytes > 4 << 20 and from_bytes > 4 << 20
    # Acknowledgements are counted, too.
    assert (to_bytes / to_packets > 3000) == large
    assert from_bytes / from_packets > 1514


@pytest.mark.parametrize("kind", DEVICES)
def test_console(pith, hello, kind):
    machine, swap = DEVICES[kind]
    swap = {a: b for a, b in swap.items() if "net" not in a}
    with guest(pith, machine, hello, swap=swap) as qemu:
        assert qemu.communicate(timeout=30)[0] == b"Hello from Pith\n"


@pytest.mark.skipif(not shutil.which("mkfs.ext4"), reason="needs mkfs.ext4")
@pytest.mark.parametrize("kind", DISKS)
def test_disk(pith, images, kind, tmp_path):
    machine, device = DISKS[kind]
    disk = tmp_path / "disk"
    with open(disk, "wb") as f:
        f.truncate(16 << 20)
    subprocess.run(["mkfs.ext4", "-q", disk], check=True)
    image = images.build("volume", images.program("volume"), "--", "write", "/data/a", "some text", "fsync", "/data/a",
                         "read", "/data/a")
    more = ["-drive", f"file={disk},format=raw,if=none,id=d", "-device", device]
    words = ["volume=data:/data", *(["virtio_mmio.device=512@0xfeb00e00:12"] if machine == "microvm" else [])]
    with guest(pith, machine, image, more=more, words=words) as qemu:
        out = qemu.communicate(timeout=30)[0].decode()
    assert "some text" in out, out
    assert subprocess.run(["e2fsck", "-fn", disk], capture_output=True).returncode == 0
    with guest(pith, machine, images.build("volume", images.program("volume"), "--", "read", "/data/a"), more=more, words=words) as qemu:
        assert "some text" in qemu.communicate(timeout=30)[0].decode()


@pytest.mark.parametrize("more, says", [
    (["-device", "virtio-blk-pci,drive=d,serial=other"], "the volume (data) has no device"),
    (["-device", "virtio-blk-pci,drive=d,serial=data,logical_block_size=32768,physical_block_size=32768"],
     "has blocks of other than 512 to 4096 bytes"),
])
def test_disk_that_is_of_no_use_is_named(pith, images, more, says, tmp_path):
    disk = tmp_path / "disk"
    with open(disk, "wb") as f:
        f.truncate(16 << 20)
    image = images.build("volume", images.program("volume"), "--", "read", "/data/a")
    more = ["-drive", f"file={disk},format=raw,if=none,id=d", *more]
    with guest(pith, "q35", image, more=more, words=["volume=data:/data"]) as qemu:
        assert says in qemu.communicate(timeout=30)[0].decode()
