package io.github.container2boot.build;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.CodeSource;
import java.util.Properties;

/// Which container2boot this is.
public final class ToolVersion {
  private static final String CURRENT = read();

  private ToolVersion() {}

  /// The version, without a leading name: `0.1.0`.
  public static String current() {
    return CURRENT;
  }

  /// What tells this build of the program from others: the version, and the size and time of the
  /// archive its classes come from.
  public static String ofThisBuild() {
    CodeSource source = ToolVersion.class.getProtectionDomain().getCodeSource();
    try {
      BasicFileAttributes archive =
          Files.readAttributes(Path.of(source.getLocation().toURI()), BasicFileAttributes.class);
      return archive.isRegularFile()
          ? "%s %d %s".formatted(CURRENT, archive.size(), archive.lastModifiedTime())
          : CURRENT;
    } catch (IOException | URISyntaxException unknown) {
      return CURRENT;
    }
  }

  private static String read() {
    try (InputStream stream = ToolVersion.class.getResourceAsStream("version.properties")) {
      if (stream == null) {
        throw new IllegalStateException("version.properties is missing beside the classes");
      }
      Properties properties = new Properties();
      properties.load(stream);
      return properties.getProperty("version", "unknown");
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}
