package io.github.container2boot.serve.tftp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.bytes.Shown;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// A TFTP packet (RFC 1350, section 5; RFC 2347). Numbers are big-endian, texts end with a NUL.
///
/// | opcode (2 bytes) | what | then |
/// |---|---|---|
/// | 1 | read request | name, mode, option and value for each option |
/// | 2 | write request | the same |
/// | 3 | data | block number (2 bytes), up to a block of bytes |
/// | 4 | acknowledgment | block number (2 bytes) |
/// | 5 | error | code (2 bytes), message |
/// | 6 | acknowledgment of options | option and value for each |
sealed interface Packet {
  /// The most a request may have (RFC 2347, "Packet Formats").
  int MAX_REQUEST_BYTES = 512;

  /// Opcode and block number, before a block's bytes.
  int DATA_HEADER_BYTES = 4;

  int READ_REQUEST = 1;
  int WRITE_REQUEST = 2;
  int DATA = 3;
  int ACKNOWLEDGMENT = 4;
  int ERROR = 5;
  int OPTION_ACKNOWLEDGMENT = 6;

  /// The packet's bytes.
  byte[] toByteArray();

  /// Somebody wants a file.
  ///
  /// @param name of the file, as it was sent
  /// @param mode `octet`, `netascii` or `mail`, in lower case
  /// @param options names in lower case to values
  record ReadRequest(String name, String mode, Map<String, String> options) implements Packet {
    public ReadRequest {
      options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    @Override
    public byte[] toByteArray() {
      ByteWriter writer = writer(READ_REQUEST);
      putText(writer, name);
      putText(writer, mode);
      putOptions(writer, options);
      return writer.toByteArray();
    }
  }

  /// Somebody wants to write a file.
  record WriteRequest(String name) implements Packet {
    @Override
    public byte[] toByteArray() {
      ByteWriter writer = writer(WRITE_REQUEST);
      putText(writer, name);
      putText(writer, "octet");
      return writer.toByteArray();
    }
  }

  /// A block of a file.
  ///
  /// @param block its number's lower 16 bits
  /// @param bytes the rest of the packet
  record Data(int block, ByteBuffer bytes) implements Packet {
    @Override
    public byte[] toByteArray() {
      return writer(DATA).u16(block).bytes(bytes).toByteArray();
    }
  }

  /// A block has arrived, or, with 0, the options have.
  ///
  /// @param block its number's lower 16 bits
  record Acknowledgment(int block) implements Packet {
    @Override
    public byte[] toByteArray() {
      return writer(ACKNOWLEDGMENT).u16(block).toByteArray();
    }
  }

  /// The end of a transfer, and why.
  ///
  /// @param code one of [TftpError], or any other
  record Failure(int code, String message) implements Packet {
    Failure(TftpError error, String message) {
      this(error.code(), message);
    }

    @Override
    public byte[] toByteArray() {
      ByteWriter writer = writer(ERROR).u16(code);
      putText(writer, message);
      return writer.toByteArray();
    }

    /// `not found (error 1)`.
    String shown() {
      String words = message.isBlank() ? nameOf(code) : Shown.text(message);
      return "%s (error %d)".formatted(words, code);
    }

    private static String nameOf(int code) {
      return TftpError.ofCode(code)
          .map(error -> error.name().toLowerCase(Locale.ROOT).replace('_', ' '))
          .orElse("no message");
    }
  }

  /// The options a server accepts of those that were asked for.
  record OptionAcknowledgment(Map<String, String> options) implements Packet {
    public OptionAcknowledgment {
      options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    @Override
    public byte[] toByteArray() {
      ByteWriter writer = writer(OPTION_ACKNOWLEDGMENT);
      putOptions(writer, options);
      return writer.toByteArray();
    }
  }

  /// Reads the remaining bytes of `datagram`.
  static Packet read(ByteBuffer datagram) throws FormatException {
    ByteReader reader = ByteReader.bigEndian(datagram, 0);
    int opcode = reader.u16();
    return switch (opcode) {
      case READ_REQUEST -> readRequest(reader);
      case WRITE_REQUEST -> new WriteRequest(text(reader, "the file's name"));
      case DATA -> new Data(reader.u16(), reader.slice(reader.remaining()));
      case ACKNOWLEDGMENT -> new Acknowledgment(reader.u16());
      case ERROR -> new Failure(reader.u16(), lastText(reader));
      case OPTION_ACKNOWLEDGMENT -> new OptionAcknowledgment(options(reader));
      default ->
          throw FormatException.malformed(0, "expected an opcode from 1 to 6, found " + opcode);
    };
  }

  private static ReadRequest readRequest(ByteReader reader) throws FormatException {
    if (reader.remaining() > MAX_REQUEST_BYTES - 2) {
      throw FormatException.malformed(
          0,
          "expected a request of %d bytes at most, found %d"
              .formatted(MAX_REQUEST_BYTES, reader.remaining() + 2));
    }
    String name = text(reader, "the file's name");
    String mode = text(reader, "the mode").toLowerCase(Locale.ROOT);
    return new ReadRequest(name, mode, options(reader));
  }

  /// What comes twice counts once, the first time. Zeros after the last option are padding that
  /// some boot ROMs send.
  private static Map<String, String> options(ByteReader reader) throws FormatException {
    Map<String, String> options = new LinkedHashMap<>();
    while (reader.remaining() > 0) {
      String name = text(reader, "an option").toLowerCase(Locale.ROOT);
      if (name.isEmpty()) {
        break;
      }
      options.putIfAbsent(name, text(reader, "the value of an option"));
    }
    return options;
  }

  private static String text(ByteReader reader, String what) throws FormatException {
    long start = reader.offsetBytes();
    byte[] bytes = new byte[reader.remaining()];
    for (int length = 0; reader.remaining() > 0; length++) {
      bytes[length] = (byte) reader.u8();
      if (bytes[length] == 0) {
        return new String(bytes, 0, length, UTF_8);
      }
    }
    throw FormatException.malformed(start, "expected a NUL at the end of " + what);
  }

  /// An error's message, which some end with the packet only.
  private static String lastText(ByteReader reader) throws FormatException {
    String text = new String(reader.bytes(reader.remaining()), UTF_8);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  private static ByteWriter writer(int opcode) {
    return ByteWriter.bigEndian(MAX_REQUEST_BYTES).u16(opcode);
  }

  private static void putText(ByteWriter writer, String text) {
    writer.bytes(text.replace("\0", "").getBytes(UTF_8)).u8(0);
  }

  private static void putOptions(ByteWriter writer, Map<String, String> options) {
    options.forEach((name, value) -> {
      putText(writer, name);
      putText(writer, value);
    });
  }
}
