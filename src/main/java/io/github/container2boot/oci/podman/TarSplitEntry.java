package io.github.container2boot.oci.podman;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.oci.JsonObject;
import java.util.Base64;

/// A line of what tar-split keeps of an archive: a JSON object.
///
/// | key | |
/// |---|---|
/// | `type` | 1: data of a file; 2: bytes of the archive |
/// | `name`, `name_raw` | of the file; `name_raw` in base64 if it is not UTF-8 |
/// | `size` | of the file's data; missing if it has none |
/// | `payload` | the bytes of the archive in base64; of a file, its CRC-64 |
/// | `position` | the number of the line |
///
/// The archive is what all of them stand for, one after the other.
sealed interface TarSplitEntry {
  /// Bytes of the archive itself.
  record Segment(ByteString bytes) implements TarSplitEntry {}

  /// Here the archive has the data of a file.
  record FileData(ByteString name, long sizeBytes) implements TarSplitEntry {}

  static TarSplitEntry read(byte[] line) throws FormatException {
    JsonObject json = JsonObject.parse("tar-split", line);
    long type = json.requireSize("type");
    if (type == 1) {
      return new FileData(name(json), json.number("size").orElse(0L));
    }
    if (type == 2) {
      return new Segment(ByteString.of(bytes(json, "payload")));
    }
    throw FormatException.unsupported("tar-split: expected an entry of type 1 or 2, found " + type);
  }

  private static ByteString name(JsonObject json) throws FormatException {
    return json.has("name_raw")
        ? ByteString.of(bytes(json, "name_raw"))
        : ByteString.utf8(json.text("name").orElse(""));
  }

  private static byte[] bytes(JsonObject json, String key) throws FormatException {
    try {
      return Base64.getDecoder().decode(json.text(key).orElse(""));
    } catch (IllegalArgumentException problem) {
      throw FormatException.malformed("tar-split: expected base64 as " + key);
    }
  }
}
