package io.github.container2boot.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads a console to its end, and tells when it shows what is waited for.
///
/// The log gets every byte as it came. What is searched is the text alone, of which the end is
/// kept: what is waited for may be spread over lines, but not over more than [#KEPT_CHARACTERS].
///
/// The kernel writes its messages to the console whenever it has one, in the middle of what others
/// write too; a prompt that is torn by them has been shown all the same.
public final class ConsoleWatch {
  static final int KEPT_CHARACTERS = 16 << 10;
  private static final int LAST_LINES = 20;
  private static final Duration PAUSE = Duration.ofMillis(50);

  /// With its time in seconds, as printk does it (Documentation/admin-guide, printk.time).
  private static final Pattern KERNEL_MESSAGES = Pattern.compile("\\[ *\\d+\\.\\d{6}] [^\n]*\n");

  private final InputStream console;
  private final OutputStream log;
  private final Pattern expected;
  private final Thread reader;
  private final StringBuilder shown = new StringBuilder();
  private boolean changed;
  private boolean seen;
  private boolean ended;
  private @Nullable IOException failure;

  private ConsoleWatch(InputStream console, OutputStream log, Pattern expected) {
    this.console = console;
    this.log = log;
    this.expected = expected;
    this.reader = Thread.ofPlatform().daemon().name("console").unstarted(this::read);
  }

  /// Begins to read.
  ///
  /// @param log gets all of it; its owner closes it after [#finish]
  public static ConsoleWatch start(InputStream console, OutputStream log, Pattern expected) {
    ConsoleWatch watch = new ConsoleWatch(console, log, expected);
    watch.reader.start();
    return watch;
  }

  private void read() {
    try {
      readAll();
    } catch (IOException problem) {
      synchronized (this) {
        failure = problem;
      }
    } finally {
      synchronized (this) {
        ended = true;
      }
    }
  }

  private void readAll() throws IOException {
    Decoding decoding = new Decoding();
    byte[] piece = new byte[8 << 10];
    for (int count = console.read(piece); count >= 0; count = console.read(piece)) {
      log.write(piece, 0, count);
      log.flush();
      show(decoding.decoded(piece, count));
    }
  }

  private synchronized void show(String text) {
    shown.append(text);
    changed = true;
    if (shown.length() > 2 * KEPT_CHARACTERS) {
      search();
      shown.delete(0, shown.length() - KEPT_CHARACTERS);
    }
  }

  private synchronized boolean search() {
    if (changed && !seen) {
      seen =
          expected.matcher(shown).find()
              || expected.matcher(KERNEL_MESSAGES.matcher(shown).replaceAll("")).find();
    }
    changed = false;
    return seen;
  }

  /// Waits until it is seen, the console has ended, or time is up.
  ///
  /// @return whether it was seen
  public boolean await(Duration patience) throws InterruptedException, IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      boolean last = hasEnded() || System.nanoTime() >= deadline;
      boolean found = search();
      if (found || last) {
        throwFailure();
        return found;
      }
      Thread.sleep(PAUSE);
    }
  }

  private synchronized void throwFailure() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  public synchronized boolean hasEnded() {
    return ended;
  }

  /// Waits for the rest of a console that ends now, so that the log is complete.
  public void finish() throws InterruptedException {
    reader.join(Duration.ofSeconds(10));
  }

  /// The last lines that were not empty.
  public synchronized List<String> lastLines() {
    List<String> lines = shown.toString().lines().filter(line -> !line.isBlank()).toList();
    return lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
  }

  /// From bytes to text: UTF-8, where a character may come in two pieces.
  private static final class Decoding {
    private final CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final PlainText plain = new PlainText();
    private ByteBuffer rest = ByteBuffer.allocate(0);

    String decoded(byte[] piece, int count) {
      ByteBuffer bytes = ByteBuffer.allocate(rest.remaining() + count);
      bytes.put(rest).put(piece, 0, count).flip();
      CharBuffer characters = CharBuffer.allocate(bytes.remaining() + 1);
      Objects.requireNonNull(decoder.decode(bytes, characters, false));
      rest = bytes.slice();
      StringBuilder text = new StringBuilder();
      plain.append(characters.flip(), text);
      return text.toString();
    }
  }
}
