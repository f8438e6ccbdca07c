package io.github.container2boot.oci;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// Reads JSON documents with all the checks that come before their meaning.
final class Documents {
  private Documents() {}

  /// The bytes of a small document that nothing vouches for.
  static byte[] read(String name, Content content) throws IOException {
    requireSmall(name, content.sizeBytes());
    return content.toByteArray();
  }

  private static byte[] read(String name, Blob blob) throws IOException {
    requireSmall(name, blob.sizeBytes());
    try (InputStream stream = blob.open()) {
      return stream.readNBytes((int) blob.sizeBytes());
    }
  }

  private static void requireSmall(String name, long sizeBytes) throws FormatException {
    if (sizeBytes > JsonDocument.MAX_BYTES) {
      throw FormatException.unsupported(
          "%s: expected at most %d bytes, found %d"
              .formatted(name, JsonDocument.MAX_BYTES, sizeBytes));
    }
  }

  /// The document `descriptor` points at, its size and digest verified.
  static JsonObject read(String name, Descriptor descriptor, Blobs blobs) throws IOException {
    String named = named(name, descriptor);
    return read(named, descriptor, blobs.require(named, descriptor));
  }

  /// The manifest or index `descriptor` points at, its size and digest verified.
  static JsonObject readManifest(String name, Descriptor descriptor, Blobs blobs)
      throws IOException {
    String named = named(name, descriptor);
    return read(named, descriptor, blobs.requireManifest(named, descriptor));
  }

  private static String named(String name, Descriptor descriptor) {
    return name + " " + descriptor.digest().abbreviated();
  }

  private static JsonObject read(String named, Descriptor descriptor, Blob blob)
      throws IOException {
    byte[] document = read(named, blob);
    requireDigest(named, descriptor.digest(), document);
    JsonObject json = JsonObject.parse(named, document);
    requireSameType(json, descriptor);
    return json;
  }

  static void requireDigest(String name, Digest expected, byte[] document) throws FormatException {
    Digest found = Digest.of(expected.algorithm(), document);
    if (!found.equals(expected)) {
      throw FormatException.malformed(
          "%s: expected digest %s, found %s".formatted(name, expected, found));
    }
  }

  /// What the document says of itself must agree with what it was said to be.
  private static void requireSameType(JsonObject json, Descriptor descriptor)
      throws FormatException {
    Optional<String> own = json.text("mediaType").filter(name -> !name.isEmpty());
    if (own.isPresent() && !MediaType.of(own.get()).equals(descriptor.type())) {
      throw json.malformed("mediaType", descriptor.mediaType(), own.get());
    }
  }

  static void requireSchemaVersion2(JsonObject json) throws FormatException {
    long version = json.number("schemaVersion").orElse(2L);
    if (version != 2) {
      throw unsupportedSchema(version);
    }
  }

  static FormatException unsupportedSchema(long version) {
    return FormatException.unsupported(
        "manifest of schema version %d: expected 2; convert it with skopeo copy"
            .formatted(version));
  }

  /// A document that is two things at once would be one image to some tools and another one to
  /// others.
  static void requireNo(JsonObject json, String what, String... keys) throws FormatException {
    for (String key : keys) {
      if (json.has(key)) {
        throw json.malformed(key, "nothing in " + what, "the key");
      }
    }
  }
}
