package io.github.container2boot.oci;

import io.github.container2boot.bytes.Shown;
import java.util.Locale;

/// What a machine must be to run an image: `linux/amd64`, `linux/arm/v7` (image-spec,
/// image-index.md, "platform"), in the words of Go.
///
/// @param os the operating system, GOOS
/// @param architecture the processor, GOARCH
/// @param variant the processor's version, empty if there is none
public record Platform(String os, String architecture, String variant) {
  public Platform {
    os = os.toLowerCase(Locale.ROOT);
    architecture = normalizedArchitecture(architecture.toLowerCase(Locale.ROOT));
    variant = normalizedVariant(architecture, variant.toLowerCase(Locale.ROOT));
  }

  /// Reads `OS/ARCH` or `OS/ARCH/VARIANT`; `x86_64` and `aarch64` are understood too.
  ///
  /// @throws IllegalArgumentException if `text` is neither
  public static Platform parse(String text) {
    String[] parts = text.split("/", -1);
    boolean complete = parts.length == 2 || parts.length == 3;
    for (String part : parts) {
      complete &= !part.isBlank();
    }
    if (!complete) {
      throw new IllegalArgumentException(
          "platform \"%s\": expected OS/ARCH or OS/ARCH/VARIANT, as in linux/arm64"
              .formatted(Shown.text(text)));
    }
    return new Platform(parts[0], parts[1], parts.length == 3 ? parts[2] : "");
  }

  /// Linux on this machine's processor, as nothing but Linux is booted.
  public static Platform ofThisMachine() {
    return new Platform("linux", System.getProperty("os.arch", "amd64"), "");
  }

  /// Whether an image for `offered` is what who asks for this platform wants: without a variant
  /// asked for, any will do.
  public boolean accepts(Platform offered) {
    return os.equals(offered.os)
        && architecture.equals(offered.architecture)
        && (variant.isEmpty() || variant.equals(offered.variant));
  }

  /// What Java, uname(2) and Debian call it, in Go's words.
  private static String normalizedArchitecture(String name) {
    return switch (name) {
      case "x86_64", "x86-64" -> "amd64";
      case "aarch64" -> "arm64";
      case "armhf", "armel" -> "arm";
      case "i386", "i686", "x86" -> "386";
      case "ppc64el" -> "ppc64le";
      case "loongarch64" -> "loong64";
      default -> name;
    };
  }

  /// There is only one arm64, and v1 of amd64 is amd64.
  private static String normalizedVariant(String architecture, String variant) {
    return switch (architecture + "/" + variant) {
      case "arm64/8", "arm64/v8", "amd64/v1" -> "";
      default -> variant;
    };
  }

  @Override
  public String toString() {
    return variant.isEmpty() ? os + "/" + architecture : os + "/" + architecture + "/" + variant;
  }
}
