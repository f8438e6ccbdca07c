package io.github.container2boot.build;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// Which container2boot this is.
public final class ToolVersion {
  private static final String CURRENT = read();

  private ToolVersion() {}

  /// The version, without a leading name: `0.1.0`.
  public static String current() {
    return CURRENT;
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
