package io.github.container2boot.build;

/// How large the disk image becomes.
public sealed interface DiskSize {
  /// As small as what is in it allows.
  record Automatic() implements DiskSize {}

  /// Exactly this large; too small for the content is an error that says the least that works.
  record Exactly(long sizeBytes) implements DiskSize {
    public Exactly {
      if (sizeBytes <= 0) {
        throw new IllegalArgumentException("disk of " + sizeBytes + " bytes");
      }
    }
  }
}
