package io.github.container2boot.compress;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Inflates a gzip stream, as a layer is one, with and without its digest taken; one operation is
/// 128 KiB of what comes out.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class InflateBenchmark {
  private static final int PIECE_BYTES = 128 << 10;
  private static final int PIECES = 64;
  private static final int BUFFER_BYTES = 1 << 16;

  private byte[] compressed = new byte[0];

  @Setup
  public void compress() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(bytes)) {
      for (byte[] piece : SystemBytes.pieces(PIECES, PIECE_BYTES)) {
        gzip.write(piece);
      }
    }
    compressed = bytes.toByteArray();
  }

  @Benchmark
  @OperationsPerInvocation(PIECES)
  public long inflate() throws IOException {
    return drained(StreamFormat.GZIP.open(new ByteArrayInputStream(compressed)));
  }

  @Benchmark
  @OperationsPerInvocation(PIECES)
  public long inflateAndHash() throws IOException, NoSuchAlgorithmException {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    InputStream stream = StreamFormat.GZIP.open(new ByteArrayInputStream(compressed));
    return drained(new DigestInputStream(stream, sha256)) + sha256.digest()[0];
  }

  private static long drained(InputStream stream) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long total = 0;
    try (stream) {
      for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
        total += count;
      }
    }
    return total;
  }
}
