package io.github.container2boot.serve.tftp;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What client and server agree on for a transfer.
///
/// A value that is malformed or out of its range is ignored, as if the option were not known: the
/// client then takes the default, or gives up by itself (RFC 2347, "Negotiation Protocol").
///
/// @param blockSizeBytes of every block but the last, which is shorter
/// @param windowBlocks how many blocks are sent before an acknowledgment is waited for
/// @param timeout what the client wants between repetitions; empty if it does not mind
/// @param acknowledged what is said to have been accepted; nothing is said if it is empty
record TransferOptions(
    int blockSizeBytes,
    int windowBlocks,
    Optional<Duration> timeout,
    Map<String, String> acknowledged) {
  /// RFC 1350, section 2.
  static final int DEFAULT_BLOCK_BYTES = 512;

  /// More would only overrun the small buffers of firmware.
  static final int MAX_WINDOW_BLOCKS = 64;

  private static final int MIN_BLOCK_BYTES = 8;
  private static final int MAX_BLOCK_BYTES = 65464;
  private static final int MAX_TIMEOUT_SECONDS = 255;
  private static final int MAX_ASKED_WINDOW = 65535;

  /// IPv4 or IPv6, UDP, and TFTP's own header.
  private static final int HEADERS_BYTES = 8 + Packet.DATA_HEADER_BYTES;

  TransferOptions {
    acknowledged = Map.copyOf(acknowledged);
  }

  /// @param requested names in lower case to values
  /// @param sizeBytes the file's
  /// @param packetBytes the most that an IP packet to the client can have, less its IP header
  static TransferOptions negotiate(Map<String, String> requested, long sizeBytes, int packetBytes) {
    Map<String, String> accepted = new LinkedHashMap<>();
    int blockSizeBytes = DEFAULT_BLOCK_BYTES;
    Optional<Integer> blockSize = number(requested, "blksize", MIN_BLOCK_BYTES, MAX_BLOCK_BYTES);
    if (blockSize.isPresent()) {
      int carried = Math.max(packetBytes - HEADERS_BYTES, DEFAULT_BLOCK_BYTES);
      blockSizeBytes = Math.min(blockSize.get(), carried);
      accepted.put("blksize", Integer.toString(blockSizeBytes));
    }
    Optional<Integer> timeout = number(requested, "timeout", 1, MAX_TIMEOUT_SECONDS);
    timeout.ifPresent(seconds -> accepted.put("timeout", seconds.toString()));
    // a client asks with 0, but not all do
    if (requested.containsKey("tsize")) {
      accepted.put("tsize", Long.toString(sizeBytes));
    }
    int windowBlocks = 1;
    Optional<Integer> window = number(requested, "windowsize", 1, MAX_ASKED_WINDOW);
    if (window.isPresent()) {
      windowBlocks = Math.min(window.get(), MAX_WINDOW_BLOCKS);
      accepted.put("windowsize", Integer.toString(windowBlocks));
    }
    return new TransferOptions(
        blockSizeBytes, windowBlocks, timeout.map(Duration::ofSeconds), accepted);
  }

  private static Optional<Integer> number(
      Map<String, String> requested, String option, int least, int most) {
    String value = requested.getOrDefault(option, "");
    if (!value.matches("[0-9]{1,9}")) {
      return Optional.empty();
    }
    int number = Integer.parseInt(value);
    return number < least || number > most ? Optional.empty() : Optional.of(number);
  }
}
