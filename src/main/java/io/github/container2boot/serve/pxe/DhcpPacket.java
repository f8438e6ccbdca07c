package io.github.container2boot.serve.pxe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A DHCP packet (RFC 2131, section 2). Numbers are big-endian.
///
/// | offset | bytes | what |
/// |---|---|---|
/// | 0 | 1 | op: 1 request, 2 reply |
/// | 1 | 1 | kind of hardware: 1 Ethernet |
/// | 2 | 1 | length of its address |
/// | 3 | 1 | hops |
/// | 4 | 4 | transaction |
/// | 8 | 2 | seconds since the client began |
/// | 10 | 2 | flags: 0x8000 broadcast |
/// | 12 | 4 | ciaddr: the client's address, if it has one |
/// | 16 | 4 | yiaddr: the address it gets |
/// | 20 | 4 | siaddr: where it goes on to boot |
/// | 24 | 4 | giaddr: the relay |
/// | 28 | 16 | chaddr: hardware address |
/// | 44 | 64 | sname: the server's name, or options |
/// | 108 | 128 | file: the boot file's name, or options |
/// | 236 | 4 | 99, 130, 83, 99 |
/// | 240 | | options: code, length, value; 0 is padding and 255 the end |
///
/// @param bootFile up to the first NUL; empty if there are options in its place
/// @param options by code, in their order; the parts of one that comes in several are joined (RFC
///   3396)
record DhcpPacket(
    int operation,
    int hardwareType,
    ByteString hardwareAddress,
    int hops,
    long transaction,
    int seconds,
    int flags,
    Inet4Address clientAddress,
    Inet4Address yourAddress,
    Inet4Address nextServer,
    Inet4Address relay,
    String bootFile,
    Map<Integer, ByteString> options) {
  static final int REQUEST = 1;
  static final int REPLY = 2;

  /// Larger ones are not read: requests have a few hundred bytes.
  static final int MAX_BYTES = 4096;

  /// A boot file's name and its NUL.
  static final int BOOT_FILE_BYTES = 128;

  static final Inet4Address NO_ADDRESS = address(new byte[4]);

  private static final int HARDWARE_ADDRESS_BYTES = 16;
  private static final int SERVER_NAME_BYTES = 64;
  private static final long MAGIC_COOKIE = 0x63825363;

  /// What the oldest clients expect (RFC 1542, section 2.1).
  private static final int MIN_BYTES = 300;

  private static final int MAX_OPTION_BYTES = 255;

  private static final int FILE_HAS_OPTIONS = 1;
  private static final int SERVER_NAME_HAS_OPTIONS = 2;

  DhcpPacket {
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
  }

  /// Reads the remaining bytes of `datagram`.
  static DhcpPacket read(ByteBuffer datagram) throws FormatException {
    if (datagram.remaining() > MAX_BYTES) {
      throw FormatException.unsupported("a DHCP packet of more than " + MAX_BYTES + " bytes");
    }
    ByteReader reader = ByteReader.bigEndian(datagram, 0);
    int operation = reader.u8();
    int hardwareType = reader.u8();
    int hardwareAddressBytes = reader.u8();
    if (hardwareAddressBytes > HARDWARE_ADDRESS_BYTES) {
      throw FormatException.malformed(
          2, "expected a hardware address of 16 bytes at most, found " + hardwareAddressBytes);
    }
    int hops = reader.u8();
    long transaction = reader.u32();
    int seconds = reader.u16();
    int flags = reader.u16();
    Inet4Address clientAddress = address(reader.bytes(4));
    Inet4Address yourAddress = address(reader.bytes(4));
    Inet4Address nextServer = address(reader.bytes(4));
    Inet4Address relay = address(reader.bytes(4));
    ByteString hardwareAddress = reader.byteString(HARDWARE_ADDRESS_BYTES);
    ByteReader serverName =
        ByteReader.bigEndian(reader.slice(SERVER_NAME_BYTES), reader.offsetBytes());
    ByteBuffer file = reader.slice(BOOT_FILE_BYTES);
    long cookie = reader.u32();
    if (cookie != MAGIC_COOKIE) {
      throw FormatException.malformed(
          reader.offsetBytes() - 4, "no DHCP options here, as in a packet of BOOTP");
    }
    Map<Integer, ByteString> options = new LinkedHashMap<>();
    readOptions(reader, options);
    int overload = overload(options);
    if ((overload & FILE_HAS_OPTIONS) != 0) {
      readOptions(ByteReader.bigEndian(file, 108), options);
    }
    if ((overload & SERVER_NAME_HAS_OPTIONS) != 0) {
      readOptions(serverName, options);
    }
    options.remove(DhcpOption.OVERLOAD);
    return new DhcpPacket(
        operation,
        hardwareType,
        hardwareAddress.substring(0, hardwareAddressBytes),
        hops,
        transaction,
        seconds,
        flags,
        clientAddress,
        yourAddress,
        nextServer,
        relay,
        (overload & FILE_HAS_OPTIONS) != 0 ? "" : text(file),
        options);
  }

  /// The end may be missing, but no option may be cut.
  private static void readOptions(ByteReader reader, Map<Integer, ByteString> options)
      throws FormatException {
    while (reader.remaining() > 0) {
      int code = reader.u8();
      if (code == DhcpOption.END) {
        return;
      }
      if (code != DhcpOption.PAD) {
        options.merge(code, reader.byteString(reader.u8()), ByteString::concat);
      }
    }
  }

  private static int overload(Map<Integer, ByteString> options) throws FormatException {
    ByteString value = options.getOrDefault(DhcpOption.OVERLOAD, ByteString.of((byte) 0));
    if (value.size() != 1 || value.at(0) < 0 || value.at(0) > 3) {
      throw FormatException.malformed("option 52 (overload): expected one byte up to 3");
    }
    return value.at(0);
  }

  private static String text(ByteBuffer field) {
    String text = ISO_8859_1.decode(field).toString();
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  Optional<ByteString> option(int code) {
    return Optional.ofNullable(options.get(code));
  }

  /// The kind of message; 0 if it says none.
  int messageType() {
    return option(DhcpOption.MESSAGE_TYPE)
        .filter(value -> value.size() == 1)
        .map(value -> Byte.toUnsignedInt(value.at(0)))
        .orElse(0);
  }

  boolean isRelayed() {
    return !relay.equals(NO_ADDRESS);
  }

  byte[] toByteArray() {
    ByteWriter writer = ByteWriter.bigEndian(MIN_BYTES);
    writer.u8(operation).u8(hardwareType).u8(hardwareAddress.size()).u8(hops);
    writer.u32(transaction).u16(seconds).u16(flags);
    writer.bytes(clientAddress.getAddress()).bytes(yourAddress.getAddress());
    writer.bytes(nextServer.getAddress()).bytes(relay.getAddress());
    writer.bytes(hardwareAddress).zeros(HARDWARE_ADDRESS_BYTES - hardwareAddress.size());
    writer.zeros(SERVER_NAME_BYTES);
    byte[] file = bootFile.getBytes(ISO_8859_1);
    writer.bytes(file).zeros(BOOT_FILE_BYTES - file.length);
    writer.u32(MAGIC_COOKIE);
    options.forEach((code, value) -> write(writer, code, value));
    writer.u8(DhcpOption.END);
    return writer.zeros(Math.max(0, MIN_BYTES - writer.size())).toByteArray();
  }

  private static void write(ByteWriter writer, int code, ByteString value) {
    for (int start = 0; start == 0 || start < value.size(); start += MAX_OPTION_BYTES) {
      int end = Math.min(start + MAX_OPTION_BYTES, value.size());
      writer.u8(code).u8(end - start).bytes(value.substring(start, end));
    }
  }

  private static Inet4Address address(byte[] bytes) {
    try {
      return (Inet4Address) InetAddress.getByAddress(bytes);
    } catch (UnknownHostException impossible) {
      throw new AssertionError("four bytes are an address", impossible);
    }
  }
}
