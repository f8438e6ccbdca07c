/// Onto a stick: the files of an EFI system partition into one that is mounted, or a whole disk
/// onto a device.
///
/// **A pulled stick boots the old system or the new.** Kernel, initrd and root have fixed names in
/// what a build makes, so a plain copy has a long time in which some are old and some new. Here
/// they go into a directory of their own, named by what is in it (`container2boot/0123456789ab/`),
/// the configuration that names them is changed to say so
/// ([Configuration][io.github.container2boot.install.Configuration]), and it is put in place last,
/// by rename. Only then does the old system go.
/// [InstallPlan][io.github.container2boot.install.InstallPlan] decides all of this before anything
/// is written; it is a list of [Operation][io.github.container2boot.install.Operation]s, which
/// [DirectoryInstaller][io.github.container2boot.install.DirectoryInstaller] carries out.
///
/// **Files of others stay.** What was installed is listed in `container2boot/SHA256SUMS`
/// ([InstalledFiles][io.github.container2boot.install.InstalledFiles]), which `sha256sum --check`
/// understands. A boot loader or configuration that is neither listed there nor stands beside a
/// configuration of ours belongs to somebody else, and is not replaced unless that is asked for.
///
/// **What is written is read back.** The kernel is asked to forget what it holds of a file first
/// (posix_fadvise(2)), so that the bytes come from the medium as far as that can be had; a cache
/// inside the medium cannot be looked behind.
///
/// Decision 18 tells of the alternatives.
package io.github.container2boot.install;
