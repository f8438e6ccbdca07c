/// FAT: the file system that every firmware reads, and the only one UEFI promises to.
///
/// Specifications: *Microsoft FAT Specification*, 30 August 2005 (sections are cited from it),
/// which is the EFI FAT32 specification of December 2000 revised; *UEFI Specification* 2.10,
/// section 13.3, for what an EFI system partition is.
///
/// [FatFileSystem][io.github.container2boot.fat.FatFileSystem] makes a volume of a tree, without
/// moving a byte of its files: the volume is a concatenation of a few computed sectors, the files'
/// own Contents and holes. [FatImage][io.github.container2boot.fat.FatImage] reads a volume,
/// whoever made it. Every on-disk structure is a record of its own:
/// [BootSector][io.github.container2boot.fat.BootSector] with the
/// [BiosParameterBlock][io.github.container2boot.fat.BiosParameterBlock],
/// [Fat32Parameters][io.github.container2boot.fat.Fat32Parameters] and
/// [ExtendedBootRecord][io.github.container2boot.fat.ExtendedBootRecord] in it,
/// [FileSystemInformation][io.github.container2boot.fat.FileSystemInformation],
/// [DirectoryEntry][io.github.container2boot.fat.DirectoryEntry] and
/// [LongNameEntry][io.github.container2boot.fat.LongNameEntry].
///
/// What we decided:
///
/// - **Type**: FAT32 wherever the content fills its 65 525 clusters (with 512-byte sectors: from 33
///   MiB on), FAT16 below, FAT12 under 2 MiB. UEFI requires FAT32 on fixed disks and the others on
///   removable media only; all firmware known to us reads all three. Nothing is blown up to become
///   FAT32 unless asked for ([FatOptions][io.github.container2boot.fat.FatOptions]).
///   [GeometryChoice][io.github.container2boot.fat.GeometryChoice] says more. Volumes keep 16
///   clusters away from the limits between the types.
/// - **Size**: exactly what the content needs, or what was asked for. Files lie in one piece each,
///   in the order of their paths, after all directories, and begin on pages of 4 KiB wherever
///   clusters have that size.
/// - **Names**: UTF-16, which for characters beyond U+FFFF goes further than the UCS-2 of the
///   specification and is what Windows and Linux do. What FAT cannot hold (nine characters, control
///   characters, a dot or space at the end, bytes that are not UTF-8, names that differ in case
///   only) is refused with a [FatException][io.github.container2boot.fat.FatException]; nothing is
///   renamed. [ShortNames][io.github.container2boot.fat.ShortNames] tells where the short names
///   come from.
/// - **Times**: the modification time, for all three that FAT has, in UTC, from 1980 to 2107; see
///   [DosTimestamp][io.github.container2boot.fat.DosTimestamp].
/// - **Not kept**, because FAT has no place for it: owners, permissions, extended attributes, links
///   (a file with two names lies there twice). Symbolic links, devices, pipes and sockets are
///   refused.
/// - **Reading** is strict where believing would harm (sizes, chains, names) and lenient where
///   other systems are known to be careless (dates, stray parts of long names, the type by cluster
///   count).
package io.github.container2boot.fat;
