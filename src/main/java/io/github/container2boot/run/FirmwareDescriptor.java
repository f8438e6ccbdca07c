package io.github.container2boot.run;

import io.github.container2boot.boot.Architecture;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.oci.JsonDocument;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a distribution says of a firmware it has, in QEMU's format (docs/interop/firmware.json).
///
/// @param document the whole of it
record FirmwareDescriptor(Map<?, ?> document) {
  private static final int MOST_BYTES = 64 << 10;

  /// Empty if there is none in the file; an empty file hides others of its name.
  static Optional<FirmwareDescriptor> read(Path file) throws IOException {
    byte[] bytes;
    try (InputStream stream = Files.newInputStream(file)) {
      bytes = stream.readNBytes(MOST_BYTES);
    }
    try {
      return JsonDocument.parse(file.toString(), bytes) instanceof Map<?, ?> document
          ? Optional.of(new FirmwareDescriptor(document))
          : Optional.empty();
    } catch (FormatException notADescriptor) {
      return Optional.empty();
    }
  }

  /// The firmware, if it is UEFI in flash memory for this machine.
  Optional<Firmware> firmwareFor(Architecture architecture) {
    if (!strings(document.get("interface-types")).contains("uefi") || !isFor(architecture)) {
      return Optional.empty();
    }
    Map<?, ?> mapping = object(document.get("mapping"));
    String mode = mapping.get("mode") instanceof String said ? said : "split";
    if (!"flash".equals(mapping.get("device")) || !mode.equals("split")) {
      return Optional.empty();
    }
    Optional<Firmware.FlashImage> code = image(mapping.get("executable"));
    Optional<Firmware.FlashImage> variables = image(mapping.get("nvram-template"));
    List<String> features = strings(document.get("features"));
    return code.isPresent() && variables.isPresent()
        ? Optional.of(
            new Firmware(
                code.get(),
                variables.get(),
                features.contains("secure-boot") && features.contains("enrolled-keys"),
                features.contains("requires-smm")))
        : Optional.empty();
  }

  /// Machines are named by patterns: `pc-q35-*`, `virt-*`.
  private boolean isFor(Architecture architecture) {
    String machine = architecture == Architecture.X86_64 ? "pc-q35-" : "virt-";
    return document.get("targets") instanceof List<?> targets
        && targets.stream()
            .map(FirmwareDescriptor::object)
            .anyMatch(target ->
                architecture.toString().equals(target.get("architecture"))
                    && strings(target.get("machines")).stream()
                        .anyMatch(name -> name.startsWith(machine)));
  }

  private static Optional<Firmware.FlashImage> image(@Nullable Object said) {
    Map<?, ?> file = object(said);
    try {
      return file.get("filename") instanceof String name
              && file.get("format") instanceof String format
          ? Optional.of(new Firmware.FlashImage(Path.of(name), format))
          : Optional.empty();
    } catch (InvalidPathException notAPath) {
      return Optional.empty();
    }
  }

  private static Map<?, ?> object(@Nullable Object said) {
    return said instanceof Map<?, ?> members ? members : Map.of();
  }

  private static List<String> strings(@Nullable Object said) {
    return said instanceof List<?> elements
        ? elements.stream().filter(String.class::isInstance).map(String.class::cast).toList()
        : List.of();
  }
}
