package io.github.container2boot.build;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
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
    try {
      BasicFileAttributes archive = Files.readAttributes(archive(), BasicFileAttributes.class);
      return archive.isRegularFile()
          ? "%s %d %s".formatted(CURRENT, archive.size(), archive.lastModifiedTime())
          : CURRENT;
    } catch (IOException | URISyntaxException unknown) {
      return CURRENT;
    }
  }

  /// Java 25 forgets where classes come from if they are in an ahead-of-time cache that was moved
  /// together with the program, as an unpacked one may be; then the class path knows.
  private static Path archive() throws URISyntaxException {
    URL location = ToolVersion.class.getProtectionDomain().getCodeSource().getLocation();
    return location == null
        ? Path.of(System.getProperty("java.class.path", "").split(File.pathSeparator, 2)[0])
        : Path.of(location.toURI());
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
