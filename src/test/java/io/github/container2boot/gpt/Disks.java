package io.github.container2boot.gpt;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import java.util.List;
import java.util.Random;

/// Partitions and options that the tests of this package share.
final class Disks {
  static final Guid DISK_ID = Guid.of("11223344-5566-8788-99AA-BBCCDDEEFF00");

  private Disks() {}

  static Guid id(int seed) {
    byte[] digest = new byte[32];
    new Random(seed).nextBytes(digest);
    return Guid.ofDigest(ByteString.of(digest));
  }

  static Partition partition(PartitionType type, String name, Content content) {
    return Partition.of(type, id(name.hashCode()), new PartitionName(name), content);
  }

  static Content bytes(int sizeBytes) {
    byte[] bytes = new byte[sizeBytes];
    new Random(sizeBytes).nextBytes(bytes);
    return Content.of(bytes);
  }

  /// A system partition of 3 MiB and three sectors, and a root of 100 001 bytes.
  static List<Partition> two() {
    return List.of(
        partition(PartitionType.EFI_SYSTEM, "EFI", bytes((3 << 20) + 3 * 4096)),
        new Partition(
            PartitionType.LINUX_ROOT_X86_64.guid(),
            id(1),
            new PartitionName("C2BOOT"),
            PartitionEntry.READ_ONLY,
            bytes(100_001)));
  }

  static GptDisk disk(int sectorSizeBytes) throws GptException {
    return GptDisk.of(two(), GptOptions.exact(sectorSizeBytes, DISK_ID));
  }
}
