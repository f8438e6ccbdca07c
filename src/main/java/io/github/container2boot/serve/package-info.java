/// A boot server for machines without a disk, with no state of its own.
///
/// A [ServedSystem][io.github.container2boot.serve.ServedSystem] is what one image has to offer: a
/// handful of names and their Contents, read where they are.
/// [BootServer][io.github.container2boot.serve.BootServer] puts several under one address, writes
/// the scripts that lead there, and watches who comes how far.
///
/// | path | what |
/// |---|---|
/// | `/` | a page for people |
/// | `/NAME/vmlinuz`, `/NAME/initrd`, `/NAME/squashfs.img` | what boots; livenet of dracut fetches the last |
/// | `/NAME/disk.img` | the whole disk |
/// | `/NAME/esp/EFI/BOOT/…` | the boot loaders, as shim and GRUB want to find each other |
/// | `/NAME/boot.ipxe`, `/NAME/grub.cfg` | scripts that boot this image |
/// | `/boot.ipxe`, `…/grub.cfg` | scripts that boot what is chosen for the machine |
/// | `/_machine/ADDRESS/boot.ipxe`, `/_machine/ADDRESS/grub.cfg` | the same, with the machine's own word for who it is |
/// | `/healthz`, `/metrics` | for programs that watch over programs |
///
/// [NetworkBoot][io.github.container2boot.serve.NetworkBoot] tells firmware by itself where to
/// begin.
///
/// Firmware differs in how it writes paths - `//`, backslashes, upper case - so names are found in
/// a forgiving way; but they are names in a map and never anything else.
package io.github.container2boot.serve;
