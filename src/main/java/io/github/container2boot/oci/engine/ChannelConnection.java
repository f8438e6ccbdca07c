package io.github.container2boot.oci.engine;

import io.github.container2boot.bytes.BulkInputStream;
import io.github.container2boot.oci.Closing;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/// A connection over a channel: the only way to a socket in the file system. Channels know no
/// time-outs, selectors do.
final class ChannelConnection implements Connection {
  private final SocketChannel channel;
  private final Selector selector;
  private volatile Duration patience = Endpoint.CONNECT_PATIENCE;

  private ChannelConnection(SocketChannel channel, Selector selector) {
    this.channel = channel;
    this.selector = selector;
  }

  /// @param channel closed together with the connection, or if there is none
  static ChannelConnection connect(SocketChannel channel, SocketAddress address)
      throws IOException {
    return Closing.onFailure(
        channel,
        () -> {
          channel.configureBlocking(false);
          Selector selector = Selector.open();
          ChannelConnection connection = new ChannelConnection(channel, selector);
          Closing.onFailure(selector, () -> connection.connect(address));
          return connection;
        });
  }

  private boolean connect(SocketAddress address) throws IOException {
    boolean connected = channel.connect(address);
    channel.register(selector, SelectionKey.OP_CONNECT);
    while (!connected) {
      await(SelectionKey.OP_CONNECT);
      connected = channel.finishConnect();
    }
    return true;
  }

  private void await(int operation) throws IOException {
    SelectionKey key = channel.keyFor(selector);
    if (key == null) {
      throw new IOException("the connection is closed");
    }
    key.interestOps(operation);
    int ready = selector.select(Math.max(1, patience.toMillis()));
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("stopped");
    }
    if (!selector.isOpen()) {
      throw new IOException("the connection is closed");
    }
    if (ready == 0) {
      throw new SocketTimeoutException(
          "no answer for %d seconds".formatted(Math.max(1, patience.toSeconds())));
    }
    selector.selectedKeys().clear();
  }

  @Override
  public void send(byte[] bytes) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) {
      if (channel.write(rest) == 0) {
        await(SelectionKey.OP_WRITE);
      }
    }
  }

  @Override
  public InputStream input() {
    return new BulkInputStream() {
      @Override
      protected int readSome(byte[] target, int offset, int count) throws IOException {
        ByteBuffer room = ByteBuffer.wrap(target, offset, count);
        int read = channel.read(room);
        while (read == 0) {
          await(SelectionKey.OP_READ);
          read = channel.read(room);
        }
        return read;
      }
    };
  }

  @Override
  public void setPatience(Duration patience) {
    this.patience = patience;
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      selector.close();
    }
  }
}
