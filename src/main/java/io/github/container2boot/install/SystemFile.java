package io.github.container2boot.install;

import io.github.container2boot.bytes.Content;
import java.time.Instant;

/// A file to install.
///
/// @param path where it goes, relative to the target, with `/` between names
/// @param sha256 of its content, 64 lower-case hexadecimal digits
public record SystemFile(String path, Role role, Content content, Instant modified, String sha256) {
  /// What a file does when a machine boots, in the order in which files can be replaced: all that
  /// is replaced before works together with all that is replaced later, old or new.
  public enum Role {
    /// Kernel, initrd, root: nothing reads them before a configuration names them.
    SYSTEM,
    /// What the firmware's first program loads. A newer one satisfies an older shim, while a newer
    /// shim may have learnt to refuse an older one.
    LOADER,
    /// What the firmware starts.
    FIRST_LOADER,
    CONFIGURATION,
    /// A configuration that leads to another and says nothing else.
    HAND_OVER;

    boolean isConfiguration() {
      return this == CONFIGURATION || this == HAND_OVER;
    }
  }

  public long sizeBytes() {
    return content.sizeBytes();
  }

  SystemFile withSha256(String digest) {
    return new SystemFile(path, role, content, modified, digest);
  }

  SystemFile with(Configuration changed) {
    byte[] bytes = changed.bytes();
    Role now = changed.handsOverTo().isPresent() ? Role.HAND_OVER : Role.CONFIGURATION;
    return new SystemFile(path, now, Content.of(bytes), modified, Sha256.of(bytes));
  }

  SystemFile at(String changed) {
    return new SystemFile(changed, role, content, modified, sha256);
  }
}
