# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""Machines that QEMU can be, without `pith run`: large and small, with much missing. Whatever is wrong, there is a line on the console
and the machine is off."""

import os
import select
import subprocess
import time
import urllib.request

import pytest

import machines
from pithrun import ROOT, free_port, missing, until

MICROVM = "microvm,acpi=off,rtc=on"
HELLO = "Hello from Pith"
EXIT = ("-device", "isa-debug-exit,iobase=0xf4,iosize=4")
HOST = "host,migratable=off,arch-capabilities=off"
SERIAL = ("-serial", "stdio")
USER = ("-netdev", "user,id=n")
MMIO = "virtio_mmio.device=512@"

pytestmark = pytest.mark.skipif(bool(missing("qemu")), reason=str(missing("qemu")))


on_kvm = pytest.mark.skipif(bool(missing("kvm")), reason=str(missing("kvm")))


def command(image, machine, *more, memory=64, cpu="max", words="", accel="tcg"):
    return [machines.QEMU, "-M", machine, "-accel", accel, "-cpu", cpu, "-m", str(memory), "-nodefaults", "-no-user-config",
            "-display", "none", "-no-reboot", *more, "-kernel", str(image), *(("-append", words) if words else ())]


def boot(*args, **more):
    """(status, what was said). A machine that is not off in the end is a failure."""
    done = subprocess.run(command(*args, **more), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=machines.PATIENCE)
    return done.returncode >> 1, done.stdout.decode(errors="replace")


@pytest.fixture(scope="session")
def web(images):
    return images.app("web", "-p", "80", "-f", f"{ROOT}/apps/web/site:/www", image="web-published")


@pytest.mark.parametrize("machine", [MICROVM, "microvm", "microvm,ioapic2=off", "microvm,acpi=off,rtc=off", "microvm,acpi=off,pic=off",
                                     "q35", "pc", "q35,hpet=off,smm=off,vmport=off"])
def test_every_machine_ends(hello, machine):
    """There is no isa-debug-exit: by ACPI, or, where there is none, by a reset."""
    status, said = boot(hello, machine, *SERIAL)
    assert (status, said.strip()) == (0, HELLO)


@pytest.mark.parametrize("machine", [MICROVM, "q35"])
def test_no_serial_line(hello, machine):
    assert boot(hello, machine) == (0, "")


@pytest.mark.parametrize("machine", [MICROVM, "q35", "pc"])
def test_virtio_console_alone(hello, machine):
    bus = "device" if machine == MICROVM else "pci"
    status, said = boot(hello, machine, *EXIT, "-chardev", "stdio,id=c", "-device", f"virtio-serial-{bus}", "-device",
                        "virtconsole,chardev=c", words=f"{MMIO}0xfeb02e00:12 {MMIO}0xfeb00e00:12" if bus == "device" else "")
    assert status == 0 and said.splitlines()[-1:] == [HELLO]


@pytest.mark.parametrize("machine, memory", [(MICROVM, "8"), ("q35", "8"), (MICROVM, "6G"), ("q35", "3200M"), ("q35", "6G"), ("pc", "9G")])
def test_memory(hello, machine, memory):
    assert boot(hello, machine, *SERIAL, *EXIT, memory=memory) == (0, f"{HELLO}\n")


@pytest.mark.parametrize("more, cpu", [(("-smp", "4"), "max"), ((), "max,-pdpe1gb"), ((), "max,-avx,-avx2"), ((), "max,-smap,-smep"),
                                       (("-icount", "shift=auto"), "max")])
def test_processors(hello, more, cpu):
    status, said = boot(hello, "q35", *SERIAL, *EXIT, *more, memory="5G", cpu=cpu)
    assert status == 0 and HELLO in said


@pytest.mark.parametrize("machine, cpu, says", [
    ("q35", "qemu64", "XSAVE"), (MICROVM, "qemu64", "XSAVE"), ("q35", "Nehalem", "XSAVE"), ("q35", "max,-fsgsbase", "FSGSBASE"),
    ("q35", "max,-apic", "APIC"), ("q35", "qemu32", "64-bit"), (MICROVM, "qemu32", "64-bit")])
@pytest.mark.parametrize("ends", [EXIT, ()], ids=["debug-exit", "no-debug-exit"])
def test_processors_that_lack_something(hello, machine, cpu, says, ends):
    status, said = boot(hello, machine, *SERIAL, *ends, cpu=cpu)
    assert status == (125 if ends else 0)
    assert "pith: " in said and says in said and HELLO not in said


@pytest.mark.parametrize("machine, cpu, memory", [
    (MICROVM, "", 64), (MICROVM, "", "6G"), (MICROVM, ",kvmclock=off", 64), (MICROVM, ",x2apic=off", 64), (MICROVM, ",smap=off,smep=off", 64),
    ("microvm", "", 64), ("q35", "", "5G"), ("pc", "", 64)])
@on_kvm
def test_kvm(hello, machine, cpu, memory):
    """On hardware, or where CPL 0 is emulated: the start-up code finds out."""
    assert boot(hello, machine, *SERIAL, *EXIT, accel="kvm", cpu=HOST + cpu, memory=memory) == (0, f"{HELLO}\n")


@on_kvm
def test_kvm_without_nx(hello):
    status, said = boot(hello, MICROVM, *SERIAL, *EXIT, accel="kvm", cpu=f"{HOST},nx=off")
    assert status == 125 and said.startswith("pith: this processor lacks NX")


@pytest.mark.parametrize("cpu, is_hosts", [("", True), (",kvmclock=off", False)])
@on_kvm
def test_date_is_kvms(images, cpu, is_hosts):
    status, said = boot(images.tool, MICROVM, *SERIAL, *EXIT, "-rtc", "base=2020-01-01", accel="kvm", cpu=HOST + cpu, words="-- date")
    assert status == 0 and abs(int(said) - (time.time() if is_hosts else 1577836800)) < 100


@pytest.mark.parametrize("machine, memory", [(MICROVM, 3), (MICROVM, 4), ("q35", 4)])
def test_too_little_memory(hello, machine, memory):
    assert "pith: too little memory" in boot(hello, machine, *SERIAL, memory=memory)[1]


@pytest.mark.parametrize("machine", ["microvm,acpi=off,pit=off", "microvm,pit=off"])
def test_no_clock(hello, machine):
    assert "pith: no clock to measure time with" in boot(hello, machine, *SERIAL)[1]


@pytest.mark.parametrize("machine", [MICROVM, "q35"])
def test_no_network_device(web, machine):
    status, said = boot(web, machine, *SERIAL, *EXIT)
    assert status == 125 and said.startswith("pith: there is no virtio network device")


def test_network_device_of_another_kind(web):
    status, said = boot(web, "q35", *SERIAL, *EXIT, *USER, "-device", "e1000,netdev=n,addr=3")
    assert (status, said.strip()) == (125, "pith: the network device is not virtio's: pci 00:03.0")


def test_volume_without_a_device(images):
    status, said = boot(images.build("volume", images.program("volume")), "q35", *SERIAL, *EXIT, words="volume=none:/x -- read /x/a")
    assert status == 125 and said.startswith("pith: ") and "none" in said


def test_volume_for_a_program_without(hello):
    status, said = boot(hello, "q35", *SERIAL, *EXIT, words="volume=none:/x")
    assert status == 125 and said.startswith("pith: ") and "none" in said


def test_words_that_mean_nothing(hello):
    words = "foo bar=1 ip=1.2.3 ip=1.2.3.4/33 dns=x tty=9 volume=x quiet root=/dev/vda panic=1"
    status, said = boot(hello, "q35", *SERIAL, *EXIT, words=words)
    assert status == 0 and said.splitlines()[-1] == HELLO
    for word in words.split()[:7]:
        assert f"not understood: {word}\n" in said.replace("\r", "")
    assert "quiet" not in said and "root" not in said


@pytest.mark.parametrize("word, says", [
    (MMIO + "0xfeb00000:5", None), (MMIO + "0xfeb00001:5", "0xfeb00001"), (MMIO + "0xd0000000:999", "0xd0000000"),
    (MMIO + "0xffffffffffff0000:5", "not understood"), (MMIO + "0xfffffff00000000:5", "not understood")])
def test_announced_devices_that_are_not_there(hello, word, says):
    status, said = boot(hello, MICROVM, *SERIAL, *EXIT, words=word)
    assert status == 0 and said.splitlines()[-1] == HELLO
    assert says in said if says else said.strip() == HELLO


@pytest.mark.parametrize("machine, nets", [
    (MICROVM, ["virtio-net-device,netdev=n"]), ("microvm", ["virtio-net-device,netdev=n"]),
    ("q35", ["virtio-net-pci,netdev=n", "virtio-net-pci"]),
    ("q35", ["pcie-root-port,id=r,chassis=1", "virtio-net-pci,netdev=n,bus=r"]),
    ("pc", ["pci-bridge,id=b,chassis_nr=1", "virtio-net-pci,netdev=n,bus=b,addr=3"])],
    ids=["microvm", "microvm-acpi", "two", "root-port", "bridge"])
def test_where_network_devices_are(web, machine, nets):
    port = free_port()
    more = [word for net in nets for word in ("-device", net)]

    def answer():
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1).read()
        except OSError:
            assert qemu.poll() is None, qemu.communicate()[0]
            return None
    with subprocess.Popen(command(web, machine, *SERIAL, "-netdev", f"user,id=n,hostfwd=tcp:127.0.0.1:{port}-:80", *more),
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as qemu:
        try:
            assert until(answer, "an answer", machines.PATIENCE) == (ROOT / "apps/web/site/index.html").read_bytes()
        finally:
            qemu.kill()


@pytest.mark.parametrize("machine, keys", [
    ("q35", ["system_powerdown"]), ("pc", ["system_powerdown"]), ("microvm", ["system_powerdown"]), ("q35", ["sendkey ctrl-alt-delete"]),
    ("pc", ["sendkey a", "sendkey alt-delete", "sendkey ctrl-a", "sendkey ctrl-alt-d", "sendkey alt-ctrl-delete"])])
def test_button_and_keys_that_stop_it(images, tmp_path, machine, keys):
    """The power button and Ctrl-Alt-Del are a SIGTERM."""
    serial = tmp_path / "serial"
    image = images.app("web", "-f", f"{ROOT}/apps/web/site:/www")
    with subprocess.Popen(command(image, machine, *EXIT, "-serial", f"file:{serial}", "-monitor", "stdio"), stdin=subprocess.PIPE,
                          stdout=subprocess.DEVNULL) as qemu:
        try:
            until(lambda: serial.exists() and "serving" in serial.read_text(), "the program", machines.PATIENCE)
            for key in keys:
                qemu.stdin.write(f"{key}\n".encode())
                qemu.stdin.flush()
                time.sleep(1)  # they are held for 0.1 s, and looked at twice a second
                assert key == keys[-1] or qemu.poll() is None, key
            assert qemu.wait(machines.PATIENCE) >> 1 == 0 and qemu.returncode
        finally:
            qemu.kill()


@pytest.mark.parametrize("machine", [MICROVM, "q35"])
def test_much_input_on_a_uart(tool, machine):
    """What is sent before the machine is up is lost; then nothing is."""
    text = b"".join(b"line %06d\n" % n for n in range(2000))
    got = bytearray()

    def knock():
        qemu.stdin.write(b"\n")
        return select.select([qemu.stdout], [], [], 0.2)[0]

    def all_there():
        got.extend(os.read(qemu.stdout.fileno(), 65536))
        return got.endswith(text)
    with subprocess.Popen(command(tool, machine, *SERIAL, words="-- cat"), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, bufsize=0) as qemu:
        try:
            until(knock, "the program", machines.PATIENCE)
            qemu.stdin.write(text)
            until(all_there, "all of it", machines.PATIENCE)
            assert bytes(got).lstrip(b"\n") == text
        finally:
            qemu.kill()
