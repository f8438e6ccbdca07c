package io.github.container2boot.serve.tftp;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.serve.tftp.TransferObserver.Ending;
import io.github.container2boot.serve.tftp.TransferObserver.Sending;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// One file on its way to one client, in windows of blocks: a window is sent, its acknowledgment
/// waited for, and what of it is not acknowledged sent again (RFC 7440; with windows of one block,
/// RFC 1350).
final class Transfer {
  /// What a client sends during a transfer is small; the rest of anything larger is dropped.
  private static final int RECEIVED_BYTES = 1024;

  private static final int BLOCK_NUMBER_MASK = 0xffff;

  private final DatagramSocket socket;
  private final InetSocketAddress client;
  private final Sending sending;
  private final Content content;
  private final TransferOptions options;
  private final Pace pace;
  private final TransferObserver observer;

  /// The last block is shorter than the others, and empty if the file's size is a multiple of
  /// theirs.
  private final long lastBlock;

  private final byte[] packet;
  private final byte[] received = new byte[RECEIVED_BYTES];

  private long acknowledgedBlock;
  private long sentBlock;

  /// The block after which a window was sent again because the client asked for it.
  private long repeatedAfter = -1;

  /// @param socket only this transfer's; its port is the server's transfer identifier
  Transfer(
      DatagramSocket socket,
      Sending sending,
      Content content,
      TransferOptions options,
      Pace pace,
      TransferObserver observer) {
    this.socket = socket;
    this.client = sending.client();
    this.sending = sending;
    this.content = content;
    this.options = options;
    this.pace = pace.orAsked(options.timeout());
    this.observer = observer;
    this.lastBlock = content.sizeBytes() / options.blockSizeBytes() + 1;
    this.packet = new byte[Packet.DATA_HEADER_BYTES + options.blockSizeBytes()];
  }

  /// Sends the file.
  Ending run() {
    try {
      return send().orElseGet(Ending.Complete::new);
    } catch (IOException problem) {
      return new Ending.Failed(String.valueOf(problem.getMessage()));
    }
  }

  /// Empty when all is acknowledged, else what ended it before.
  private Optional<Ending> send() throws IOException {
    if (!options.acknowledged().isEmpty()) {
      Optional<Ending> ending = exchange(this::sendOptions);
      if (ending.isPresent()) {
        return ending;
      }
    }
    while (acknowledgedBlock < lastBlock) {
      Optional<Ending> ending = exchange(this::sendWindow);
      if (ending.isPresent()) {
        return ending;
      }
      observer.progressed(sending, acknowledgedBytes());
    }
    return Optional.empty();
  }

  private long acknowledgedBytes() {
    return acknowledgedBlock == lastBlock
        ? content.sizeBytes()
        : acknowledgedBlock * options.blockSizeBytes();
  }

  /// Something that wants an acknowledgment, and may be sent more than once.
  private interface Message {
    void send() throws IOException;
  }

  /// Sends `message` until the client has answered, or has failed to for too long.
  private Optional<Ending> exchange(Message message) throws IOException {
    for (int attempt = 0; attempt < pace.attempts(); attempt++) {
      message.send();
      Answer answer = await(pace.wait(attempt));
      switch (answer) {
        case Answer.None _ -> {}
        case Answer.Accepted _ -> {
          return Optional.empty();
        }
        case Answer.Ended(Ending ending) -> {
          return Optional.of(ending);
        }
      }
    }
    return Optional.of(new Ending.Unanswered());
  }

  private sealed interface Answer {
    record None() implements Answer {}

    record Accepted() implements Answer {}

    record Ended(Ending ending) implements Answer {}
  }

  private Answer await(Duration wait) throws IOException {
    long deadline = System.nanoTime() + wait.toNanos();
    for (long left = wait.toNanos(); left > 0; left = deadline - System.nanoTime()) {
      DatagramPacket datagram = new DatagramPacket(received, received.length);
      socket.setSoTimeout((int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
      try {
        socket.receive(datagram);
      } catch (SocketTimeoutException nothing) {
        continue;
      }
      Optional<Answer> answer = answer(datagram);
      if (answer.isPresent()) {
        return answer.get();
      }
    }
    return new Answer.None();
  }

  /// Empty if the datagram changes nothing.
  private Optional<Answer> answer(DatagramPacket datagram) throws IOException {
    Optional<Packet> packet = read(datagram);
    if (packet.isEmpty()) {
      return Optional.empty();
    }
    if (!datagram.getSocketAddress().equals(client)) {
      refuseStranger(packet.get(), datagram);
      return Optional.empty();
    }
    return switch (packet.get()) {
      case Packet.Acknowledgment(int block) ->
          isAnswered(block) ? Optional.of(new Answer.Accepted()) : Optional.empty();
      case Packet.Failure failure ->
          Optional.of(new Answer.Ended(new Ending.Declined(failure.shown())));
      case Packet.ReadRequest _,
          Packet.WriteRequest _,
          Packet.Data _,
          Packet.OptionAcknowledgment _ ->
          Optional.empty();
    };
  }

  private static Optional<Packet> read(DatagramPacket datagram) {
    try {
      return Optional.of(
          Packet.read(
              ByteBuffer.wrap(datagram.getData(), datagram.getOffset(), datagram.getLength())));
    } catch (FormatException noise) {
      return Optional.empty();
    }
  }

  /// "This source TID is not that of the transfer" must not disturb the transfer (RFC 1350, section
  /// 4). Errors are never answered.
  private void refuseStranger(Packet packet, DatagramPacket datagram) throws IOException {
    if (!(packet instanceof Packet.Failure)) {
      byte[] refusal =
          new Packet.Failure(TftpError.UNKNOWN_TRANSFER, "not your transfer").toByteArray();
      socket.send(new DatagramPacket(refusal, refusal.length, datagram.getSocketAddress()));
    }
  }

  /// Whether the acknowledgment of `block` (16 bits) lets the transfer go on. It may be of any
  /// block of the window: the client then has a gap behind it, and gets the rest again.
  private boolean isAnswered(int block) {
    long ahead = (block - acknowledgedBlock) & BLOCK_NUMBER_MASK;
    if (ahead == 0) {
      return sentBlock == acknowledgedBlock || isRepetitionWanted();
    }
    if (ahead > sentBlock - acknowledgedBlock) {
      return false;
    }
    acknowledgedBlock += ahead;
    return true;
  }

  /// Whether an acknowledgment of what was acknowledged before says that the window's first block
  /// was lost. It may be a mere duplicate, so it counts once; without windows it never does.
  private boolean isRepetitionWanted() {
    boolean wanted = options.windowBlocks() > 1 && repeatedAfter != acknowledgedBlock;
    repeatedAfter = acknowledgedBlock;
    return wanted;
  }

  private void sendOptions() throws IOException {
    byte[] acknowledgment = new Packet.OptionAcknowledgment(options.acknowledged()).toByteArray();
    socket.send(new DatagramPacket(acknowledgment, acknowledgment.length, client));
  }

  private void sendWindow() throws IOException {
    long last = Math.min(acknowledgedBlock + options.windowBlocks(), lastBlock);
    for (long block = acknowledgedBlock + 1; block <= last; block++) {
      sendBlock(block);
      sentBlock = Math.max(sentBlock, block);
    }
  }

  private void sendBlock(long block) throws IOException {
    long offsetBytes = (block - 1) * options.blockSizeBytes();
    int count = (int) Math.min(content.sizeBytes() - offsetBytes, options.blockSizeBytes());
    ByteBuffer bytes = ByteBuffer.wrap(packet, 0, Packet.DATA_HEADER_BYTES + count);
    bytes.putShort((short) Packet.DATA).putShort((short) block);
    read(offsetBytes, bytes);
    socket.send(new DatagramPacket(packet, Packet.DATA_HEADER_BYTES + count, client));
  }

  private void read(long offsetBytes, ByteBuffer target) throws IOException {
    try {
      content.read(offsetBytes, target);
    } catch (IOException problem) {
      byte[] failure =
          new Packet.Failure(TftpError.NOT_DEFINED, "the file cannot be read").toByteArray();
      socket.send(new DatagramPacket(failure, failure.length, client));
      throw problem;
    }
  }
}
