/// GPT: the partition table of UEFI.
///
/// Specifications: *UEFI Specification* 2.10, section 5; UAPI Group, *Discoverable Partitions
/// Specification*, for what Linux adds.
///
/// [GptDisk][io.github.container2boot.gpt.GptDisk] makes a disk of partitions: tables around their
/// Contents, of which nothing is read. [GptLayout][io.github.container2boot.gpt.GptLayout] says
/// from sizes alone where everything will lie. [GptImage][io.github.container2boot.gpt.GptImage]
/// reads a disk, whoever made it, and takes the second table where the first is damaged. The
/// on-disk structures are [ProtectiveMbr][io.github.container2boot.gpt.ProtectiveMbr],
/// [PartitionTableHeader][io.github.container2boot.gpt.PartitionTableHeader],
/// [PartitionEntry][io.github.container2boot.gpt.PartitionEntry] with a
/// [PartitionName][io.github.container2boot.gpt.PartitionName], and
/// [Guid][io.github.container2boot.gpt.Guid].
///
/// What we decided:
///
/// - Partitions begin at whole MiB and end where their content does; the disk ends 33 sectors of
///   512 bytes (5 of 4096) later, on a page, unless a larger size is asked for.
/// - 128 entries, as everybody has; the reader takes up to 8192.
/// - Identifiers come from the caller, who derives them from content with
///   [Guid#ofDigest][io.github.container2boot.gpt.Guid#ofDigest]: no randomness, no clock.
/// - The reader requires a protective MBR, as Linux and EDK II do, but lets other entries stand
///   beside the protective one.
package io.github.container2boot.gpt;
