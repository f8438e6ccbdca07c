package io.github.container2boot.layer;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.compress.CompressionSettings;
import io.github.container2boot.oci.Digest;
import io.github.container2boot.squashfs.SquashfsOptions;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the bytes of a layer image depend on: two images of the same key are the same.
///
/// @param diffId the digest of the uncompressed layer
/// @param blockSizeBytes size of a data block before compression
/// @param formatVersion how this program made it, see [LayerImage#FORMAT_VERSION]
public record LayerKey(
    Digest diffId, CompressionSettings compression, int blockSizeBytes, int formatVersion) {
  static final String SUFFIX = ".squashfs";

  private static final Pattern FILE_NAME =
      Pattern.compile("([a-z0-9]+)-([0-9a-f]+)-([a-z0-9]+)-([0-9]+)-([0-9]+)-([0-9]+)\\.squashfs");

  /// The key of the image that this program makes of a layer with `options`.
  public static LayerKey of(Digest diffId, SquashfsOptions options) {
    return new LayerKey(
        diffId, options.compression(), options.blockSizeBytes(), LayerImage.FORMAT_VERSION);
  }

  /// `sha256-0123…-zstd-6-131072-1.squashfs`
  String fileName() {
    return "%s-%s-%s-%d-%d-%d%s"
        .formatted(
            diffId.algorithm(),
            diffId.hex(),
            compression.compression(),
            compression.level(),
            blockSizeBytes,
            formatVersion,
            SUFFIX);
  }

  /// The key whose file is called `name`, if there is one.
  static Optional<LayerKey> parse(String name) {
    Matcher matcher = FILE_NAME.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      LayerKey key =
          new LayerKey(
              Digest.parse(matcher.group(1) + ":" + matcher.group(2)),
              CompressionSettings.parse(matcher.group(3) + ":" + matcher.group(4)),
              Integer.parseInt(matcher.group(5)),
              Integer.parseInt(matcher.group(6)));
      return key.fileName().equals(name) ? Optional.of(key) : Optional.empty();
    } catch (FormatException | IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }
}
