package io.github.container2boot.layer;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.compress.CompressionSettings;
import io.github.container2boot.oci.Digest;
import io.github.container2boot.squashfs.SquashfsOptions;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the bytes of something in the cache depend on: two of the same key are the same.
///
/// @param digest of a layer, its diffID; of a root, the digest of all that it is made from
/// @param blockSizeBytes size of a data block before compression
/// @param formatVersion how this program made it
public record ImageKey(
    Kind kind,
    Digest digest,
    CompressionSettings compression,
    int blockSizeBytes,
    int formatVersion) {
  static final String SUFFIX = ".squashfs";

  private static final Pattern FILE_NAME =
      Pattern.compile(
          "(root-)?([a-z0-9]+)-([0-9a-f]+)-([a-z0-9]+)-([0-9]+)-([0-9]+)-([0-9]+)\\.squashfs");

  /// What is kept.
  public enum Kind {
    /// The image of one layer.
    LAYER("", "layer"),

    /// What a root file system has beside its layers' blocks.
    ROOT("root-", "root");

    private final String prefix;
    private final String word;

    Kind(String prefix, String word) {
      this.prefix = prefix;
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  /// The key of the image that this program makes of a layer with `options`.
  public static ImageKey ofLayer(Digest diffId, SquashfsOptions options) {
    return of(Kind.LAYER, diffId, options, LayerImage.FORMAT_VERSION);
  }

  /// The key of a root.
  public static ImageKey ofRoot(Digest facts, SquashfsOptions options, int formatVersion) {
    return of(Kind.ROOT, facts, options, formatVersion);
  }

  private static ImageKey of(Kind kind, Digest digest, SquashfsOptions options, int version) {
    return new ImageKey(kind, digest, options.compression(), options.blockSizeBytes(), version);
  }

  /// What to call it in messages: `layer sha256:0123456789ab`.
  public String name() {
    return kind + " " + digest.abbreviated();
  }

  /// All of it: `sha256-0123…-zstd-6-131072-1.squashfs`
  public String fileName() {
    return "%s%s-%s-%s-%d-%d-%d%s"
        .formatted(
            kind.prefix,
            digest.algorithm(),
            digest.hex(),
            compression.compression(),
            compression.level(),
            blockSizeBytes,
            formatVersion,
            SUFFIX);
  }

  /// The key whose file is called `name`, if there is one.
  static Optional<ImageKey> parse(String name) {
    Matcher matcher = FILE_NAME.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      Digest digest = Digest.parse(matcher.group(2) + ":" + matcher.group(3));
      CompressionSettings compression =
          CompressionSettings.parse(matcher.group(4) + ":" + matcher.group(5));
      int blockSizeBytes = Integer.parseInt(matcher.group(6));
      int formatVersion = Integer.parseInt(matcher.group(7));
      Kind kind = matcher.group(1) == null ? Kind.LAYER : Kind.ROOT;
      return Optional.of(new ImageKey(kind, digest, compression, blockSizeBytes, formatVersion))
          .filter(key -> key.fileName().equals(name));
    } catch (FormatException | IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }
}
