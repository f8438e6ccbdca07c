package io.github.container2boot.oci;

import io.github.container2boot.bytes.FormatException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What an image says about itself (image-spec, config.md).
///
/// @param created when it was made; empty if it does not say, as with Go's year 1
/// @param platform what it is made for; empty if it does not say
/// @param user whom its process runs as, `user[:group]`; may be empty
/// @param environment `NAME=value` each
/// @param entrypoint the command and its first arguments
/// @param command more arguments, or the command where there is no entrypoint
/// @param workingDirectory of its process; may be empty
/// @param labels arbitrary metadata, in the order given
/// @param diffIds the digests of its uncompressed layers, the lowest first
public record ImageConfig(
    Optional<Instant> created,
    Optional<Platform> platform,
    String user,
    List<String> environment,
    List<String> entrypoint,
    List<String> command,
    String workingDirectory,
    Map<String, String> labels,
    List<Digest> diffIds) {
  private static final int GO_ZERO_YEAR = 1;

  /// The configuration of an image that has none.
  static ImageConfig unknown() {
    return new ImageConfig(
        Optional.empty(),
        Optional.empty(),
        "",
        List.of(),
        List.of(),
        List.of(),
        "",
        Map.of(),
        List.of());
  }

  /// Reads a configuration of the OCI's or docker's, which have the same keys.
  static ImageConfig read(JsonObject json) throws FormatException {
    return read(json, created(json, "created"), platform(json), Keys.OF_DOCUMENT);
  }

  /// Reads what `podman image inspect` and docker's API say of an image: the same, in other words.
  public static ImageConfig readInspected(JsonObject json) throws FormatException {
    return read(
        json,
        created(json, "Created"),
        platform(json, "Os", "Architecture", "Variant"),
        Keys.OF_ENGINE);
  }

  private record Keys(String process, String rootFilesystem, String diffIds) {
    private static final Keys OF_DOCUMENT = new Keys("config", "rootfs", "diff_ids");
    private static final Keys OF_ENGINE = new Keys("Config", "RootFS", "Layers");
  }

  private static ImageConfig read(
      JsonObject json, Optional<Instant> created, Optional<Platform> platform, Keys keys)
      throws FormatException {
    JsonObject process = json.object(keys.process).orElse(JsonObject.empty());
    JsonObject rootfs = json.requireObject(keys.rootFilesystem);
    return new ImageConfig(
        created,
        platform,
        process.text("User").orElse(""),
        process.texts("Env"),
        process.texts("Entrypoint"),
        process.texts("Cmd"),
        process.text("WorkingDir").orElse(""),
        process.textMap("Labels"),
        rootfs.digests(keys.diffIds));
  }

  private static Optional<Instant> created(JsonObject json, String key) throws FormatException {
    Optional<String> text = json.text(key).filter(value -> !value.isEmpty());
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      OffsetDateTime time = OffsetDateTime.parse(text.get());
      return time.getYear() <= GO_ZERO_YEAR ? Optional.empty() : Optional.of(time.toInstant());
    } catch (DateTimeException _) {
      throw json.malformed(key, "a time as in 2026-01-31T12:00:00Z", text.get());
    }
  }

  static Optional<Platform> platform(JsonObject json) throws FormatException {
    return platform(json, "os", "architecture", "variant");
  }

  private static Optional<Platform> platform(
      JsonObject json, String osKey, String architectureKey, String variantKey)
      throws FormatException {
    String os = json.text(osKey).orElse("");
    String architecture = json.text(architectureKey).orElse("");
    return os.isEmpty() || architecture.isEmpty()
        ? Optional.empty()
        : Optional.of(new Platform(os, architecture, json.text(variantKey).orElse("")));
  }
}
