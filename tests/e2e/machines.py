# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""Machines that boot a disk or CD by their firmware: QEMU with SeaBIOS and with OVMF, and Bochs. Emulated (TCG): they run everywhere."""

import os
import pty
import select
import shutil
import signal
import subprocess
import time
from pathlib import Path

QEMU = "qemu-system-x86_64"
OVMF = Path("/usr/share/OVMF")
BOCHS_BIOS = Path("/usr/share/bochs/BIOS-bochs-latest")
BOCHS_VGA = Path("/usr/share/bochs/VGABIOS-lgpl-latest")
BOCHS_CPU = "corei7_haswell_4770"  # has XSAVE and FSGSBASE, which images need
PATIENCE = 300  # a bound, for machines that have much else to do


def qemu_missing(firmware):
    """Why there is no such machine here, or None."""
    if not shutil.which(QEMU):
        return f"{QEMU} is not installed"
    if firmware == "uefi" and not (OVMF / "OVMF_CODE_4M.fd").exists():
        return "ovmf is not installed"
    return None


def bochs_missing():
    if not shutil.which("bochs-bin"):
        return "bochs is not installed"
    plugins = list(Path("/usr/lib").glob("*/bochs/plugins/libbx_term_gui.so"))
    if not plugins or not BOCHS_BIOS.exists() or not BOCHS_VGA.exists():
        return "bochs-term or bochsbios is not installed"
    return None


class Qemu:
    """A machine that runs until it switches itself off, or until the end of the `with`."""

    def __init__(self, firmware, disk, *more, machine="q35", interface="ide", memory=256):
        self.words = [QEMU, "-machine", machine, "-accel", "tcg", "-cpu", "max", "-m", str(memory), "-display", "none", "-serial",
                      "stdio", "-monitor", "none", "-no-reboot", *(more or ("-nic", "none"))]
        if firmware == "uefi":
            self.words += ["-drive", f"if=pflash,format=raw,readonly=on,file={OVMF}/OVMF_CODE_4M.fd",
                           "-drive", f"if=pflash,format=raw,snapshot=on,file={OVMF}/OVMF_VARS_4M.fd"]
        kind = disk.suffix[1:]
        self.words += (["-cdrom", str(disk)] if kind == "iso" else
                       ["-drive", f"file={disk},format={kind},if={interface},snapshot=on"])

    def __enter__(self):
        self.process = subprocess.Popen(self.words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def output(self):
        """What came on the serial line by the time that the machine was off."""
        said, _ = self.process.communicate(timeout=PATIENCE)
        return said.decode(errors="replace")


def bochs(disk, folder, text):
    """Boots a raw disk in Bochs until `text` is on the serial line or the machine is off. Gives what was there."""
    serial = folder / "serial"
    (folder / "go").write_text("c\n")  # Debian's Bochs begins in its debugger
    (folder / "bochsrc").write_text("\n".join([
        "megs: 64", f"cpu: model={BOCHS_CPU}, ips=50000000, reset_on_triple_fault=0",
        f"romimage: file={BOCHS_BIOS}", f"vgaromimage: file={BOCHS_VGA}",
        "ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14",
        f"ata0-master: type=disk, path={disk}, mode=volatile", "boot: disk",
        f"com1: enabled=1, mode=file, dev={serial}", "display_library: term",
        "sound: waveoutdrv=dummy, waveindrv=dummy, midioutdrv=dummy", "speaker: enabled=0",
        f"log: {folder}/log", "panic: action=fatal", ""]))
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "vt100"
        os.execvp("bochs-bin", ["bochs-bin", "-q", "-f", str(folder / "bochsrc"), "-rc", str(folder / "go")])
    try:
        return until_said(serial, terminal, text)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)


def until_said(serial, terminal, text):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        said = serial.read_text(errors="replace") if serial.exists() else ""
        if text in said:
            return said
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                os.read(terminal, 65536)
            except OSError:
                break  # it has ended
    return serial.read_text(errors="replace") if serial.exists() else ""
