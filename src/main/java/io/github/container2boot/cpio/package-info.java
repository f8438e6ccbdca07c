/// The cpio archives of initial RAM file systems, as the kernel reads them.
///
/// The specification is "initramfs buffer format" in the kernel's documentation
/// (Documentation/driver-api/early-userspace/buffer-format.rst) and, where it is silent,
/// init/initramfs.c: `newc` (magic 070701) and `crc` (070702) entries; several archives one after
/// the other, with zeros between them; each ended by an entry called `TRAILER!!!`. An initrd file
/// is any number of such archives, plain or compressed: often a plain one with microcode, which the
/// kernel looks at before it can decompress anything, and then a compressed one.
///
/// [CpioReader][io.github.container2boot.cpio.CpioReader] streams the plain archives and says where
/// they end, so that the caller can look for a compressed one behind them. Decided here:
///
/// - An archive without its trailer was cut off: malformed, although the kernel takes it.
/// - Names and link targets end at 4096 bytes, the kernel's PATH_MAX.
/// - Data of a hard-linked file may lie with any of its names. What `cpio` writes has it with the
///   last one; entries say which inode they name, and no more is done about it here.
/// - The older formats (070707 and the binary ones) are unsupported, as they are by the kernel.
///
/// Nothing here writes archives.
package io.github.container2boot.cpio;
