package io.github.container2boot.oci.configuration;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.bytes.Shown;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A registry, and a namespace or repository there: `host[:port][/path]`.
///
/// @param path empty for all of the registry
record Location(String host, String path) {
  private static final Pattern LOCATION =
      Pattern.compile(
          "(?<host>(?:[A-Za-z0-9][A-Za-z0-9._-]*+|\\[[0-9a-fA-F:]++\\])(?::[0-9]{1,5}+)?+)"
              + "(?:/(?<path>[a-z0-9._-]++(?:/[a-z0-9._-]++)*+))?+");
  private static final Pattern TAG_OR_DIGEST =
      Pattern.compile("(?<=/.{1,1000}):[A-Za-z0-9_][^/]*$|@[^/]*$");

  static Location parse(String text) throws FormatException {
    Matcher matcher = LOCATION.matcher(text.replaceFirst("/+$", ""));
    if (!matcher.matches()) {
      throw FormatException.malformed(
          "expected HOST[:PORT][/PATH], without https://, found \"%s\""
              .formatted(Shown.text(text)));
    }
    String path = matcher.group("path");
    return new Location(matcher.group("host"), path == null ? "" : path);
  }

  /// The location of what may be the name of an image, with tag or digest.
  static Location named(String text) throws FormatException {
    return parse(TAG_OR_DIGEST.matcher(text).replaceFirst(""));
  }

  boolean isHost() {
    return path.isEmpty();
  }

  @Override
  public String toString() {
    return path.isEmpty() ? host : host + "/" + path;
  }
}
