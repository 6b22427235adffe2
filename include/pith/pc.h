// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The pc platform: what the start-up code (platform/pc/start, privileged, runs once) has found and
// made, for the platform's half in the library OS (platform/pc) and its drivers (drivers/). The
// address of a struct pc_info is in boot_block.platform_data[0].
//
// Drivers run at CPL 3, like the library OS. Registers in memory are mapped for them, uncached; the
// I/O ports that are named here are permitted in the TSS, and no others.
#ifndef PITH_PC_H
#define PITH_PC_H

#include <stddef.h>
#include <stdint.h>

#define PC_DEVICES_MAX 24
#define PC_VOLUMES_MAX 16

enum pc_transport {
	PC_VIRTIO_MMIO = 1,   // virtio 1.1, 4.2; both versions
	PC_VIRTIO_PCI,        // virtio 1.1, 4.1: modern
	PC_VIRTIO_PCI_LEGACY, // virtio 1.1, 4.1.4.8: registers in I/O ports only
};

// Virtio device types (virtio 1.1, 5).
#define PC_TYPE_NET 1
#define PC_TYPE_BLOCK 2
#define PC_TYPE_CONSOLE 3
#define PC_TYPE_RNG 4
#define PC_TYPE_9P 9

struct pc_device {
	uint8_t transport; // enum pc_transport
	uint8_t msix;      // its MSI-X entry 0 leads to the device interrupt: use vector 0. 0: no MSI-X
	uint16_t type;     // PC_TYPE_*, or what else the device says that it is
	uint16_t port;     // PC_VIRTIO_PCI_LEGACY: the first of its I/O ports
	uint16_t port_len;
	// Virtual addresses. PC_VIRTIO_MMIO: regs is its 4.2.2 layout, regs_len bytes, configuration
	// from 0x100 on. PC_VIRTIO_PCI: regs is the common configuration (4.1.4.3).
	uint64_t regs, notify, isr, config; // config 0: none
	uint32_t regs_len, notify_len, config_len;
	uint32_t notify_multiplier;
	char where[24];    // for messages: "mmio at 0xfeb00000", "pci 00:02.0"
};

struct pc_volume {
	char name[40]; // mount tag of a 9p device; serial number of a disk, or diskN: the Nth found
};

struct pc_info {
	uint32_t device_count, volume_count;
	struct pc_device device[PC_DEVICES_MAX];
	struct pc_volume volume[PC_VOLUMES_MAX]; // as boot_block.volumes.paths
	// Memory for queues and buffers: zeros, in RAM but not the library OS's to give out.
	uint64_t dma_va, dma_pa, dma_len;
	// I/O ports; 0: not there.
	uint16_t uart;       // a 16550, opened at 115200 baud
	uint16_t debug_exit; // QEMU's isa-debug-exit
	uint16_t pm_control, pm_event; // ACPI PM1a; 32 bits of pm_event: status and enable
	uint16_t pm_sleep;   // what to write to pm_control for S5
	uint16_t sleep_port; // sleep control register: hardware-reduced ACPI
	uint16_t reset;      // ACPI reset register, or the keyboard controller's 0x64
	uint16_t keyboard;   // data port of a PS/2 keyboard's controller
	uint8_t reset_value;
	uint8_t sleep_value; // what to write to the sleep control register
	uint64_t sleep_va;   // of the sleep control register in memory, or 0
	// Event device (generic event device of ACPI), or 0: reading it clears the events, button_bit is the
	// power button's. 32 bits wide, else 8.
	uint64_t button_va;
	uint32_t button_bit, button_wide;
	uint64_t pvclock_va; // of a struct pvclock_vcpu_time_info that the host keeps, or 0
	uint64_t tsc_khz;
	uint64_t apic_khz;   // of the local APIC's timer, as the nucleus has set it up
	uint32_t flags;      // PC_F_*
	uint32_t pad;
	char notes[512];     // lines for the console: what was found odd on the way
};

#define PC_F_UART_CONSOLE 0x1 // console=ttyS0: the UART, even where there is a virtio console
#define PC_F_SHARED_LINES 0x2 // PCI devices without MSI-X: some may have one interrupt line together

#endif
