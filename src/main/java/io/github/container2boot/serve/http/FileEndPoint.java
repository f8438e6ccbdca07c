package io.github.container2boot.serve.http;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/// A connection that can have the kernel send a region of a file (sendfile(2) behind
/// FileChannel.transferTo), which Jetty's own cannot.
///
/// Jetty writes buffers. One that [#standFor] has given out stands for a region: it is of that
/// size, takes part in everything buffers do, and is replaced by the file's bytes where they are
/// written to the socket. Its own bytes are never sent; should Jetty ever copy it, [#wasSent] says
/// so.
final class FileEndPoint extends SocketChannelEndPoint {
  static final int MOST_BYTES = 1 << 20;

  private static final ByteBuffer NOTHING =
      ByteBuffer.allocateDirect(MOST_BYTES).asReadOnlyBuffer();

  private volatile @Nullable Region region;

  FileEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
    super(channel, selector, key, scheduler);
  }

  /// A region that is to be sent.
  ///
  /// @param buffer what stands for it
  private record Region(FileChannel file, long offsetBytes, ByteBuffer buffer) {
    /// Sends what the socket takes now.
    void sendTo(SocketChannel target) throws IOException {
      while (buffer.hasRemaining()) {
        long position = offsetBytes + buffer.position();
        long sent = file.transferTo(position, buffer.remaining(), target);
        if (sent == 0) {
          if (position >= file.size()) {
            throw new EOFException("file ends too soon, at byte " + position);
          }
          return;
        }
        buffer.position(buffer.position() + Math.toIntExact(sent));
      }
    }
  }

  /// What is to be written in place of a region of a file, the next of this connection.
  ByteBuffer standFor(FileChannel file, long offsetBytes, int countBytes) {
    ByteBuffer buffer = NOTHING.slice(0, countBytes);
    region = new Region(file, offsetBytes, buffer);
    return buffer;
  }

  /// Whether the region was sent, all of it and from the file.
  boolean wasSent() {
    return region == null;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // what stands for the region is this very buffer
  public boolean flush(ByteBuffer... buffers) throws IOException {
    Region pending = region;
    int last = buffers.length - 1;
    if (pending == null || last < 0 || buffers[last] != pending.buffer()) {
      return super.flush(buffers);
    }
    if (last > 0 && !super.flush(Arrays.copyOf(buffers, last))) {
      return false;
    }
    pending.sendTo(getChannel());
    notIdle();
    if (pending.buffer().hasRemaining()) {
      return false;
    }
    region = null;
    return true;
  }
}
