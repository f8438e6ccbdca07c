package io.github.container2boot.cli;

import io.github.container2boot.build.OutputDirectory;
import io.github.container2boot.build.Progress;
import io.github.container2boot.bytes.Content;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A program for [InterruptionTest]: the command, with a builder whose output never ends.
final class InterruptedBuild {
  private InterruptedBuild() {}

  public static void main(String[] arguments) {
    System.exit(
        Main.run(
            Console.ofThisProcess(),
            (plan, progress) -> {
              try (OutputDirectory out = OutputDirectory.open(plan.outputDirectory());
                  Progress.Stage stage = progress.begin("Writing for ever", Progress.UNKNOWN)) {
                out.writeFile("disk.img", new Endless(), stage::advance);
                out.commit();
                throw new AssertionError("it ended");
              }
            },
            arguments));
  }

  private record Endless() implements Content {
    @Override
    public long sizeBytes() {
      return Long.MAX_VALUE;
    }

    @Override
    public void read(long offsetBytes, ByteBuffer target) {
      target.position(target.limit());
    }

    /// Slowly, so that no disk fills up meanwhile.
    @Override
    public void transferTo(long offsetBytes, long countBytes, Sink sink) throws IOException {
      while (true) {
        sink.data(ByteBuffer.wrap(new byte[100]));
        Thread.yield();
      }
    }
  }
}
