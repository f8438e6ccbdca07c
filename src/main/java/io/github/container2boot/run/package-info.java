/// A virtual machine that boots what was built: QEMU, the one program that is ever started, because
/// that is what the user asked for.
///
/// A [VirtualMachine][io.github.container2boot.run.VirtualMachine] is a description; its QEMU
/// command line and its libvirt domain are pure functions of it. What it needs to know of this
/// machine is found beforehand:
///
/// - [Firmware][io.github.container2boot.run.Firmware]: by QEMU's firmware descriptors
///   (docs/interop/firmware.json of QEMU), else where distributions are known to put it;
/// - [Accelerator][io.github.container2boot.run.Accelerator]: a hypervisor is believed in only
///   after it has run a guest ([Probe][io.github.container2boot.run.Probe]);
/// - [DiskImage][io.github.container2boot.run.DiskImage]: sector size, architecture and whether its
///   boot loader is signed, told by its content.
///
/// Firmware starts with fresh variables every time, as if it had never seen the medium.
///
/// [Emulator][io.github.container2boot.run.Emulator] is the running process,
/// [ConsoleWatch][io.github.container2boot.run.ConsoleWatch] waits for what its console shows.
package io.github.container2boot.run;
