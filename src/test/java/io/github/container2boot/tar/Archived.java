package io.github.container2boot.tar;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.bytes.Content;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// An entry together with its data, for archives that are small.
///
/// @param data with the holes filled
/// @param holeBytes how much of it came as holes
record Archived(TarEntry entry, byte[] data, long holeBytes) {
  static List<Archived> list(byte[] archive) throws IOException {
    return list(new ByteArrayInputStream(archive));
  }

  static List<Archived> list(InputStream archive) throws IOException {
    List<Archived> entries = new ArrayList<>();
    try (TarReader reader = new TarReader(archive)) {
      for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
        Collector collector = new Collector();
        reader.transferTo(collector);
        entries.add(new Archived(entry, collector.data.toByteArray(), collector.holeBytes));
      }
    }
    return entries;
  }

  String path() {
    return entry.path().toString();
  }

  String text() {
    return new String(data, UTF_8);
  }

  private static final class Collector implements Content.Sink {
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private long holeBytes;

    @Override
    public void data(ByteBuffer bytes) {
      byte[] piece = new byte[bytes.remaining()];
      bytes.get(piece);
      data.writeBytes(piece);
    }

    @Override
    public void hole(long countBytes) {
      data.writeBytes(new byte[(int) countBytes]);
      holeBytes += countBytes;
    }
  }
}
