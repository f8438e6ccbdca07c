package io.github.container2boot.tar;

import io.github.container2boot.bytes.Content;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Reads an archive of files of 0 to 4 KiB, whose data goes nowhere; one operation is one entry.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TarBenchmark {
  private static final int ENTRIES = 10_000;
  private static final int MOST_BYTES = 4096;

  /// `ustar` has a header alone, `pax` an extended one with times in nanoseconds and an attribute.
  @Param({"ustar", "pax"})
  public String format = "";

  private byte[] archive = new byte[0];

  @Setup
  public void writeArchive() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Random random = new Random(1);
    try (TarArchiveOutputStream output = new TarArchiveOutputStream(bytes)) {
      for (int index = 0; index < ENTRIES; index++) {
        byte[] data = new byte[random.nextInt(MOST_BYTES)];
        output.putArchiveEntry(entry(index, data.length));
        output.write(data);
        output.closeArchiveEntry();
      }
    }
    archive = bytes.toByteArray();
  }

  private TarArchiveEntry entry(int index, int sizeBytes) {
    TarArchiveEntry entry =
        new TarArchiveEntry("usr/share/package-%d/file-%d".formatted(index / 100, index));
    entry.setSize(sizeBytes);
    entry.setModTime(1_700_000_000_000L + index);
    if (format.equals("pax")) {
      entry.addPaxHeader("mtime", "1700000000.%09d".formatted(index));
      entry.addPaxHeader("SCHILY.xattr.user.package", "package-" + index / 100);
    }
    return entry;
  }

  @Benchmark
  @OperationsPerInvocation(ENTRIES)
  public long read() throws IOException {
    Counter counter = new Counter();
    try (TarReader reader = new TarReader(new ByteArrayInputStream(archive))) {
      while (reader.next() != null) {
        reader.transferTo(counter);
      }
    }
    return counter.countBytes;
  }

  private static final class Counter implements Content.Sink {
    private long countBytes;

    @Override
    public void data(ByteBuffer bytes) {
      countBytes += bytes.remaining();
      bytes.position(bytes.limit());
    }

    @Override
    public void hole(long count) {
      countBytes += count;
    }
  }
}
