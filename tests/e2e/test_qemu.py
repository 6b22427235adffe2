# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""`pith run --on qemu` without a guest: what QEMU is told, and what happens when it or the guest behaves badly. fake_qemu.py stands
for both. That real guests run is test_pc.py's."""

import json
import os
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from pithrun import CRASHED, FAILED, ROOT, alive, children, missing, read_until, until

AREA_LEN = 512  # sizeof(struct vcpu_area), include/pith/boot.h
EXIT, AREA, STARTED = 16, 17, 18
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


@pytest.fixture
def image(images, pith):
    path = images.app("web", "--call", "fsync")
    if "pc" not in json.loads(pith("inspect", "--json", path).stdout)["platforms"]:
        pytest.skip("images are not built for pc")
    return path


@pytest.fixture
def fake(pith, image):
    """Puts the fake where $PATH finds it first; gives a function that runs it to its end."""
    folder = Path(tempfile.mkdtemp(prefix="pq"))
    folder.chmod(0o755)  # QEMU is not root
    shutil.copy(ROOT / "tests/e2e/fake_qemu.py", folder / "qemu-system-x86_64")
    (folder / "qemu-system-x86_64").chmod(0o755)
    pith.env["PATH"] = f"{folder}:{pith.env['PATH']}"

    def run(*program, options=(), on="qemu", **more):
        return pith.run(on, image, *program, options=options, **more)
    yield run
    shutil.rmtree(folder)


def words_of(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def dry(pith, image, *options, program=(), on="qemu"):
    behind = ("--", *program) if program else ()
    done = pith("run", "--on", on, "--dry-run", *options, image, *behind)
    assert done.returncode == 0 and done.stderr == "", done.stderr
    assert pith.names() == []
    return shlex.split(done.stdout)


def after(words, option):
    return [b for a, b in zip(words, words[1:]) if a == option]


# What is told to whom.

def test_guest_is_told_what_was_asked_for(fake):
    told = words_of(fake("words", "a b", 'q"uo\\te', "", "-x", options=("-e", "A=b c", "--name", "me", "--trace")))
    assert told["args"] == ["words", "a b", 'q"uo\\te', "", "-x"]
    assert {"hostname=me", "env=A=b c", "ip=10.0.2.15/24,10.0.2.2", "dns=10.0.2.3", "trace"} <= set(told["words"])
    assert not [w for w in told["words"] if w.startswith("tty=")]
    assert told["image"] == b"\x7fELF".hex()


def test_qemu_gets_only_what_it_needs(fake):
    told = words_of(fake("words"))
    assert told["caps"] == "0" * 16 and told["uid"] == (65534 if os.geteuid() == 0 else os.geteuid())
    # Streams, the image, four ports, frames; one is of the fake's own look.
    assert len(told["fds"]) == 3 + 1 + 4 + 1 + 1


@pytest.mark.parametrize("machine", ["microvm", "q35", "pc"])
def test_machines(fake, machine):
    argv = words_of(fake("words", on=f"qemu:{machine}"))["argv"]
    assert after(argv, "-machine")[0].split(",")[0] == machine
    bus = "bus=virtio-mmio-bus.0" if machine == "microvm" else "virtio-serial-pci"
    assert any(bus in d for d in after(argv, "-device"))
    assert "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny" in argv


def test_accel(fake):
    assert after(words_of(fake("words", on="qemu:q35,accel=tcg"))["argv"], "-accel") == ["tcg"]
    done = fake("words", on="qemu,accel=kvm")
    if missing("kvm"):
        assert done.returncode == FAILED and "/dev/kvm cannot be read and written here" in done.stderr
        return
    told = words_of(done)
    assert after(told["argv"], "-accel") == ["kvm"] and after(told["argv"], "-cpu")[0].startswith("host,")
    assert told["kvm"] and told["uid"] and int(told["caps"], 16) == 0  # QEMU has it, and is nobody


def test_default_machine_is_microvm_and_its_devices_are_announced(fake):
    told = words_of(fake("words", options=("--net", "none")))
    assert after(told["argv"], "-machine")[0].startswith("microvm,")
    assert [w for w in told["words"] if "mmio" in w] == ["virtio_mmio.device=512@0xfeb00000:5",
                                                        "virtio_mmio.device=512@0xfeb00200:6"]
    assert not [w for w in told["words"] if w.startswith(("ip=", "dns="))]


def test_memory_has_the_image_beside_it(fake, image):
    (small,) = after(words_of(fake("words", options=("-m", "32M")))["argv"], "-m")
    (large,) = after(words_of(fake("words", options=("-m", "64M")))["argv"], "-m")
    assert int(large[:-1]) - int(small[:-1]) == 32
    assert 36 <= int(small[:-1]) <= 40


@as_root
def test_image_that_only_root_can_read(fake, image, pith, tmp_path):
    secret = shutil.copy(image, tmp_path / "secret.pith")
    os.chmod(secret, 0o600)
    done = pith.run("qemu", secret, "words")
    assert words_of(done)["image"] == b"\x7fELF".hex()


def test_dry_run_is_a_command_for_a_shell(pith, image):
    words = dry(pith, image, "-p", "8080:80", "-p", "127.0.0.1:5353:53/udp", "--name", "n", program=("it's", "a b"))
    assert words[0] == "qemu-system-x86_64" and not [w for w in words if "fd=" in w]
    assert after(words, "-kernel") == [str(image)]
    assert after(words, "-netdev") == ["user,id=net,hostfwd=tcp::8080-:80,hostfwd=udp:127.0.0.1:5353-:53"]
    (append,) = after(words, "-append")
    assert append.endswith('-- it\'s "a b"') and "hostname=n" in append
    assert any("stdio" in c for c in after(words, "-chardev")) and "virtconsole,chardev=console,nr=0" in words


def test_dry_run_doubles_commas(pith, image, tmp_path):
    folder = tmp_path / "a,b"
    folder.mkdir()
    words = dry(pith, image, "-v", f"{folder}:/x:ro", on="qemu:q35")
    (text,) = after(words, "-fsdev")
    assert text.endswith(f"path={tmp_path}/a,,b") and "readonly=on" in text and "security_model=none" in text


def test_dry_run_starts_nothing(pith, image):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        dry(pith, image, "-p", f"127.0.0.1:{taken.getsockname()[1]}:80")


# Streams and ends.

def test_streams_are_separate(fake):
    done = fake("streams", "3")
    assert (done.returncode, done.stdout) == (3, "to stdout\n")
    assert sorted(done.stderr.splitlines()) == ["from the UART", "to stderr"]


def test_nothing_of_much_output_is_lost(fake):
    done = fake("much")
    assert done.returncode == 0 and done.stdout == "".join(f"{i:0999}\n" for i in range(4000))


@pytest.mark.parametrize("text", ["", "one\n", "x" * 300000], ids=["nothing", "a line", "much"])
def test_input_ends_behind_its_last_byte(fake, text):
    assert fake("cat", input=text).stdout == text


def test_input_that_nobody_reads(fake):
    assert fake("never-reads", input="x" * 1000000).returncode == 5


def test_reader_goes_away(fake, pith, image):
    """The guest hears of it: 100 + EPIPE."""
    process = pith.start("qemu", image, "pipe")
    read_until(process.stdout, b"line\n")
    process.stdout.close()
    assert process.wait(20) == 132


@pytest.mark.parametrize("mode,status", [("stubborn", 3), ("pieces", 9), ("never-started", 4)])
def test_status(fake, mode, status):
    assert fake(mode).returncode == status


def test_debug_exit_is_the_fall_back(fake):
    assert fake("raw", "", "42").returncode == 42


@pytest.mark.parametrize("mode,says", [
    ("reset", "reset or switched off without a status"), ("killed", "signal 11"), ("die-later", "terminating on a host error")])
def test_ends_without_a_word(fake, mode, says):
    done = fake(mode)
    assert done.returncode == CRASHED and says in done.stderr


def bad(*words, more=b""):
    return (struct.pack(f"<{len(words)}I", *words) + more).hex()


@pytest.mark.parametrize("message", [
    bad(0, 0), bad(1, 15), bad(5, 0), bad(19, 0), bad(0xffffffff, 0), bad(STARTED, 0),
    bad(EXIT, 256), bad(EXIT, 0xffffffff), bad(AREA, AREA_LEN), bad(AREA, 0xffffffff, more=b"x" * 1000)])
def test_liar_loses_its_control_port_and_nothing_else(fake, message):
    """STARTED came before; AREA was not asked for."""
    done = fake("raw", message, "6")
    assert (done.returncode, done.stdout) == (6, "still here\n")
    assert "broke the rules of its control port" in done.stderr


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("net", ["user", "n"])
def test_garbage_on_every_socket(fake, seed, net):
    done = fake("garbage", str(seed), options=("--net", net), text=False)
    assert done.returncode == 44 and b"broke the rules of its control port" in done.stderr


# Starts that fail.

def test_no_qemu(pith, image):
    pith.refused("run", "--on", "qemu", image, says=("no qemu-system-x86_64", "qemu-system-x86"),
                 env=dict(pith.env, PATH="/nonexistent"))


def test_qemu_that_refuses_its_options(pith, fake, image):
    pith.refused("run", "--on", "qemu", image, "--", "die", says="not a valid device model name")
    pith.refused("run", "-d", "--on", "qemu", image, "--", "die", says="not a valid device model name")


def test_qemu_that_says_nothing(pith, fake, image):
    pith.refused("run", "--on", "qemu", image, "--", "silent-death", says="it did not say why")
    pith.refused("run", "--on", "qemu", image, "--", "crash", says="QEMU ended when it was to start")


def test_qemu_without_seccomp(fake):
    done = fake("old")
    assert done.returncode == 0 and "no sandbox of its own" in done.stderr


@pytest.mark.parametrize("on,says", [("qemu:", "microvm, q35 or pc"), ("qemu:virt", '"virt"'), ("qemux", "no platform"),
                                     ("qemu,q35", '"q35"'), ("qemu:q35,accel=hvf", '"accel=hvf"'), ("qemu,accel=kvm,", '"accel=kvm,"'),
                                     ("kvm,accel=tcg", "no platform"), ("qemu:q35,", '""')])
def test_machines_that_are_not_there(pith, image, on, says):
    pith.refused("run", "--on", on, image, says=says)


@pytest.mark.parametrize("on", ["kvm", "process"])
def test_dry_run_is_for_qemu(pith, image, on):
    assert "--dry-run is for --on qemu" in pith("run", "--on", on, "--dry-run", image).stderr


def test_image_without_pc(pith, images):
    other = images.app("hello", "--for", "process", image="other")
    pith.refused("run", "--on", "qemu", other, says=("not built for the platform pc", "--for pc"))


def test_dry_run_on_a_named_network(pith, image):
    assert "served by pith itself" in pith.refused("run", "--on", "qemu", "--dry-run", "--net", "friends", image)


def test_port_in_use(pith, fake, image):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        pith.refused("run", "--on", "qemu", "-p", f"127.0.0.1:{port}:80", image, says=str(port))


def test_too_much_to_tell(pith, fake, image):
    pith.refused("run", "--on", "qemu", "-e", f"A={'x' * 4096}", image, says="4095 bytes")


def test_broken_image(pith, fake, image, tmp_path):
    (tmp_path / "x.pith").write_bytes(image.read_bytes()[:-1])
    assert pith("run", "--on", "qemu", tmp_path / "x.pith").returncode == FAILED


# Life.

def test_signals_become_messages(pith, fake, image):
    process = pith.start("qemu", image, "messages", stdin=subprocess.DEVNULL)
    read_until(process.stdout, b"ready\n")
    process.send_signal(signal.SIGHUP)
    read_until(process.stdout, b"1 0x1\n")
    process.send_signal(signal.SIGINT)
    read_until(process.stdout, b"1 0x2\n")
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 7


def test_two_interrupts_end_a_deaf_guest(pith, fake, image):
    process = pith.start("qemu", image, "deaf")
    read_until(process.stdout, b"ready\n")
    (qemu,) = children(process.pid)
    process.send_signal(signal.SIGINT)
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 130 and not alive(qemu)


def test_mute_guest_can_be_stopped(pith, fake, image):
    shown = pith.detach("qemu", image, "mute", options=("--name", "mute"))
    (qemu,) = children(shown["pid"])
    assert pith("stop", "-t", "0.2", "mute").returncode == 0
    until(lambda: not alive(qemu), "the end of QEMU")


def test_qemu_dies_with_its_monitor(pith, fake, image):
    shown = pith.detach("qemu", image, "deaf", options=("--name", "one"))
    (qemu,) = children(shown["pid"])
    os.kill(shown["pid"], signal.SIGKILL)
    until(lambda: not alive(qemu), "the end of QEMU")
    assert pith.look("one")["state"] == "dead"


def test_a_whole_life(pith, fake, image):
    shown = pith.detach("qemu:q35", image, "area", AREA_LEN, options=("--name", "one"))
    assert shown["platform"] == "qemu"
    until(lambda: pith.log("one") == "ready\n", "its log")
    told = pith.inspect("one")["statistics"]
    assert (told["memory_used"], told["memory_peak"], told["syscalls"]) == (111 << 10, 222 << 10, 333)
    assert "crossings" not in told and "not known: QEMU" in pith("inspect", "one").stdout
    assert pith("stop", "one").returncode == 0
    assert (pith.look("one")["state"], pith.look("one")["status"]) == ("exited", 0)


def test_answer_of_another_length(pith, fake, image):
    pith.detach("qemu", image, "area", AREA_LEN - 8, options=("--name", "one"))
    assert pith.inspect("one")["statistics"]["syscalls"] == 0
    assert pith.inspect("one")["state"] == "running"  # and again, with the port closed


def test_guest_that_does_not_answer(pith, fake, image):
    pith.detach("qemu", image, "deaf", options=("--name", "one"))
    assert pith.inspect("one")["statistics"]["syscalls"] == 0


def test_frames_reach_the_gateway(fake):
    assert fake("arp").stdout == "the gateway answers\n"


# Volumes.

@pytest.fixture
def folder():
    with tempfile.TemporaryDirectory(prefix="pv") as name:
        os.chmod(name, 0o755)
        yield Path(name)


def disk(path, size=1 << 20):
    with open(path, "wb") as file:
        file.truncate(size)
        file.seek(1024 + 56)
        file.write(b"\x53\xef")
    return path


def qcow2(path, version=3, backing=0, features=0):
    path.write_bytes((b"QFI\xfb" + struct.pack(">IQ", version, backing)).ljust(72, b"\0") + struct.pack(">Q", features) + bytes(4096))
    return path


def test_folders_and_disks(fake, folder):
    (folder / "here").mkdir()
    (folder / "here/a").touch()
    done = fake("volumes", options=("-v", f"{folder}/here:/a", "-v", f"{disk(folder / 'd.raw')}:/b:ro",
                                    "-v", f"{qcow2(folder / 'd.qcow2')}:/c"))
    lines = done.stdout.splitlines()
    assert done.returncode == 0 and "has a" in lines, done.stderr
    assert any(line.startswith("driver=raw") and "read-only=on" in line for line in lines)
    assert any(line.startswith("driver=qcow2") and "read-only=off" in line for line in lines)
    assert any("no-flush=off" in line for line in lines)
    assert any("mount_tag=vol0" in line for line in lines) and any("serial=vol1" in line for line in lines)


@as_root
def test_qemu_is_the_owner_of_its_volumes(fake, folder):
    os.chown(folder, 12345, 12345)
    assert words_of(fake("words", options=("-v", f"{folder}:/a")))["uid"] == 12345
    os.chown(folder, 0, 0)
    told = words_of(fake("words", options=("-v", f"{folder}:/a")))
    assert (told["uid"], told["caps"]) == (0, "0" * 16)


def test_guest_cannot_make_its_disk_a_qcow2_file(pith, fake, image, folder):
    path = qcow2(folder / "d.raw", backing=100)
    pith.refused("run", "--on", "qemu", "-v", f"{path}:/x", image, says="must end in .qcow2")


@pytest.mark.parametrize("more", [{"backing": 104}, {"features": 4}])
def test_qcow2_with_another_file(pith, fake, image, folder, more):
    path = qcow2(folder / "d.qcow2", **more)
    pith.refused("run", "--on", "qemu", "-v", f"{path}:/x", image, says="names another file")


def test_qcow2_by_name_only(pith, fake, image, folder):
    path = disk(folder / "d.qcow2")
    pith.refused("run", "--on", "qemu", "-v", f"{path}:/x", image, says="it is none")


@pytest.mark.parametrize("content", [b"", b"text\n", bytes(5000)])
def test_single_files(pith, fake, image, folder, content):
    (folder / "f").write_bytes(content)
    pith.refused("run", "--on", "qemu", "-v", f"{folder}/f:/x", image, says=("single file", "give its folder"))


def test_volume_that_is_not_there(pith, fake, image, folder):
    pith.refused("run", "--on", "qemu", "-v", f"{folder}/none:/x", image, says="there is no")


def test_more_volumes_than_microvm_has_places(pith, fake, image, folder):
    options = [o for i in range(6) for o in ("-v", f"{folder}:/v{i}")]
    pith.refused("run", "--on", "qemu", *options, image, says=("5 volumes", "qemu:q35"))
    assert pith.run("qemu:q35", image, "words", options=options).returncode == 0
