/// From a root file system to the files that boot it.
///
/// [BootFiles][io.github.container2boot.boot.BootFiles] finds, in a merged tree, what a firmware
/// needs: the newest [Kernel][io.github.container2boot.boot.Kernel], the
/// [Initrd][io.github.container2boot.boot.Initrd] made for it, the distribution's own signed
/// [BootLoader][io.github.container2boot.boot.BootLoader] and its
/// [OsRelease][io.github.container2boot.boot.OsRelease].
/// [EspTree][io.github.container2boot.boot.EspTree] lays them out as an EFI system partition. All
/// of it is data: nothing from the image is executed, and no boot loader is changed, so what was
/// signed stays signed.
///
/// ## Specifications
///
/// - UEFI 2.11, 3.5.1.1 (removable media boot behaviour: `EFI/BOOT/BOOTX64.EFI`) and 13.3 (the EFI
///   system partition)
/// - Microsoft Portable Executable and Windows Authenticode Portable Executable Signature Format
/// - The Linux/x86 Boot Protocol, the arm64 and RISC-V boot image headers
/// - UAPI.10 Version Format, UAPI.1 Boot Loader Specification (type #1 entries), os-release(5)
/// - dracut.cmdline(7), "Booting live images", and the `dmsquash-live` module of dracut 049 to 111
///
/// ## What boots a live root
///
/// Only dracut's `dmsquash-live` is supported. It mounts the partition that `root=live:` names,
/// looks there in the directory `rd.live.dir` for the file `rd.live.squashimg` (which is
/// `squashfs.img` unless said otherwise), mounts that, and where it finds a root directly inside
/// (`/proc` up to dracut 105, `/usr` since 106) puts an overlay on tmpfs over it; no
/// `rd.live.overlay.overlayfs` is needed. dracut can do so since 049. A root that holds a directory
/// `/LiveOS` is taken for a medium with another image inside and cannot boot. A partition that *is*
/// the SquashFS works since dracut 052. `rd.live.overlay.readonly` is kept from the original
/// program: should a persistent overlay ever be found, it is not written to.
///
/// initramfs-tools (with live-boot or without), mkinitcpio and Alpine's mkinitfs know no
/// `root=live:`. live-boot expects another file name and another command line; we say so and name
/// the packages instead of guessing.
///
/// ## Decisions
///
/// - The medium boots on machines it has never met, so the removable path is what counts: shim is
///   `EFI/BOOT/BOOTX64.EFI` with GRUB and MokManager beside it. shim's fallback loader is left out:
///   it would write boot entries into the NVRAM of every machine.
/// - GRUB finds a configuration wherever it may look: beside the removable path (where Debian 13's
///   looks first), in `EFI/<ID>`, and in the prefix built into that very GRUB binary (read from its
///   module area). Only that in `EFI/<ID>` says what to boot, the others lead to it: people edit
///   one file, and one rename switches from a system to the next.
/// - Without a kernel configuration in the image, SquashFS support is assumed to be what the kernel
///   version had upstream: gzip always, xz since 2.6.38, lz4 since 3.19, zstd since 4.14.
/// - SELinux: nothing is added to the command line. A policy's own configuration decides between
///   enforcing and permissive; who wants otherwise appends it.
package io.github.container2boot.boot;
