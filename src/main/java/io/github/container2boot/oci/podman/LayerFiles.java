package io.github.container2boot.oci.podman;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.FormatException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/// The files of one layer, where it was unpacked. One file is read at a time, by one thread.
interface LayerFiles extends Closeable {
  /// The data of a regular file; exactly so many bytes, or an exception. Valid until the next call.
  ///
  /// @throws Denied if this user may not read it
  /// @throws FormatException if there is no such file of that size
  InputStream open(ByteString path, long sizeBytes) throws IOException;

  /// A file that only its owner may read.
  final class Denied extends IOException {
    Denied(ByteString path) {
      super(path + ": no permission");
    }
  }

  /// The names on the way to `path`, none of which leads upwards.
  static List<ByteString> names(ByteString path) throws FormatException {
    List<ByteString> names = new ArrayList<>();
    for (int begin = 0; begin <= path.size(); ) {
      int slash = path.indexOf((byte) '/', begin);
      int end = slash < 0 ? path.size() : slash;
      ByteString name = path.substring(begin, end);
      if (name.equals(ByteString.utf8(".."))) {
        throw FormatException.malformed("tar-split: expected a path inside, found " + path);
      }
      if (!name.isEmpty() && !name.equals(ByteString.utf8("."))) {
        names.add(name);
      }
      begin = end + 1;
    }
    if (names.isEmpty() || path.indexOf((byte) 0, 0) >= 0) {
      throw FormatException.malformed("tar-split: expected the path of a file, found " + path);
    }
    return names;
  }

  static FormatException changed(ByteString path, long sizeBytes, String found) {
    return FormatException.malformed(
        "%s: expected a file of %d bytes in podman's storage, found %s; was the image removed or changed meanwhile?"
            .formatted(path, sizeBytes, found));
  }
}
