package io.github.container2boot.compress;

import io.github.container2boot.bytes.FormatException;
import java.io.IOException;
import java.util.Arrays;

/// bzip2, of which there is no specification but its source (and Joe Tsai's "BZIP2: Format
/// Specification", which is followed here). Any number of streams, each
///
/// ```text
///  4 bytes  "BZh" and a digit: blocks have up to that times 100 000 bytes before the last step
///           blocks, not aligned to bytes, each:
/// 48 bits   0x314159265359
/// 32 bits   CRC of the content
///  1 bit    randomised, obsolete
/// 24 bits   where the original string is among the rotations
///           which bytes occur: 16 bits, and 16 more for each of them that is set
///           3 bits: number of Huffman codes, 2 to 6; 15 bits: number of selectors
///           selectors, in unary, moved to front: which code each 50 symbols use
///           the codes: length of the first symbol in 5 bits, then steps up or down
///           symbols: runs of zeros, move-to-front indexes, end of block
/// 48 bits   0x177245385090
/// 32 bits   CRC of the block CRCs
/// ```
final class Bzip2Decoder extends BlockwiseDecoder {
  private static final long BLOCK_MAGIC = 0x314159265359L;
  private static final long END_MAGIC = 0x177245385090L;
  private static final int LEVEL_BYTES = 100_000;
  private static final int SYMBOLS_PER_SELECTOR = 50;
  private static final int MOST_CODES = 6;
  private static final int LONGEST_CODE_BITS = 20;
  private static final int RUN_A = 0;
  private static final int RUN_B = 1;

  private final Bits bits;
  private final BlockTransform transform = new BlockTransform();
  private final HuffmanCode[] codes = new HuffmanCode[MOST_CODES];
  private byte[] selectors = new byte[0];
  private int combinedChecksum;
  private boolean inStream;
  private boolean sawStream;

  Bzip2Decoder(CompressedInput input) {
    super(input);
    this.bits = new Bits(input);
    for (int index = 0; index < MOST_CODES; index++) {
      codes[index] = new HuffmanCode();
    }
  }

  @Override
  boolean nextBlock() throws IOException {
    if (!inStream) {
      return beginStream();
    }
    if (transform.hasMore()) {
      handOut();
      return true;
    }
    long magic = bits.read(24) << 24 | bits.read(24);
    if (magic == BLOCK_MAGIC) {
      readBlock();
    } else if (magic == END_MAGIC) {
      endStream();
    } else {
      throw malformed("expected a block, found something else");
    }
    return true;
  }

  private boolean beginStream() throws IOException {
    if (sawStream && input.peek() <= 0) {
      input.requireOnlyPadding();
      return false;
    }
    long offsetBytes = input.offsetBytes();
    boolean magic = input.u8() == 'B' && input.u8() == 'Z' && input.u8() == 'h';
    int level = input.u8() - '0';
    if (!magic || level < 1 || level > 9) {
      throw FormatException.malformed(offsetBytes, "expected a bzip2 stream, found something else");
    }
    transform.reset(level * LEVEL_BYTES);
    combinedChecksum = 0;
    sawStream = true;
    inStream = true;
    return true;
  }

  private void endStream() throws IOException {
    if ((int) bits.read(32) != combinedChecksum) {
      throw malformed("checksum of the stream is wrong");
    }
    bits.dropToByte();
    inStream = false;
  }

  private void readBlock() throws IOException {
    int checksum = (int) bits.read(32);
    if (bits.read(1) != 0) {
      throw FormatException.unsupported(
          input.offsetBytes(), "randomised block, obsolete since 1997");
    }
    int origin = (int) bits.read(24);
    byte[] alphabet = readAlphabet();
    int codeCount = readSelectors();
    int symbolCount = alphabet.length + 2;
    for (int index = 0; index < codeCount; index++) {
      readCode(codes[index], symbolCount);
    }
    readSymbols(alphabet);
    if (origin >= transform.size()) {
      throw malformed("original string is not among the rotations");
    }
    transform.begin(origin, checksum);
    combinedChecksum = Integer.rotateLeft(combinedChecksum, 1) ^ checksum;
  }

  /// The bytes that occur in the block.
  private byte[] readAlphabet() throws IOException {
    byte[] alphabet = new byte[256];
    int count = 0;
    int rows = (int) bits.read(16);
    for (int row = 0; row < 16; row++) {
      int columns = (rows & 0x8000 >> row) == 0 ? 0 : (int) bits.read(16);
      for (int column = 0; column < 16; column++) {
        if ((columns & 0x8000 >> column) != 0) {
          alphabet[count++] = (byte) (row * 16 + column);
        }
      }
    }
    if (count == 0) {
      throw malformed("block without bytes");
    }
    return Arrays.copyOf(alphabet, count);
  }

  /// How many codes there are.
  private int readSelectors() throws IOException {
    int codeCount = (int) bits.read(3);
    int selectorCount = (int) bits.read(15);
    if (codeCount < 2 || codeCount > MOST_CODES || selectorCount == 0) {
      throw malformed("impossible number of codes");
    }
    byte[] order = {0, 1, 2, 3, 4, 5};
    selectors = selectors.length < selectorCount ? new byte[1 << 15] : selectors;
    for (int index = 0; index < selectorCount; index++) {
      selectors[index] = moveToFront(order, readUnary(codeCount));
    }
    Arrays.fill(selectors, selectorCount, selectors.length, (byte) -1);
    return codeCount;
  }

  private int readUnary(int limit) throws IOException {
    int value = 0;
    while (bits.read(1) == 1) {
      value++;
      if (value == limit) {
        throw malformed("selector of a code that is not there");
      }
    }
    return value;
  }

  private static byte moveToFront(byte[] order, int index) {
    byte value = order[index];
    System.arraycopy(order, 0, order, 1, index);
    order[0] = value;
    return value;
  }

  private void readCode(HuffmanCode code, int symbolCount) throws IOException {
    byte[] lengths = new byte[symbolCount];
    int length = (int) bits.read(5);
    for (int symbol = 0; symbol < symbolCount; symbol++) {
      while (bits.read(1) == 1) {
        length += bits.read(1) == 0 ? 1 : -1;
        requireLength(length);
      }
      requireLength(length);
      lengths[symbol] = (byte) length;
    }
    code.set(lengths);
  }

  private void requireLength(int length) throws FormatException {
    if (length < 1 || length > LONGEST_CODE_BITS) {
      throw malformed("impossible length of a code");
    }
  }

  private void readSymbols(byte[] alphabet) throws IOException {
    int endOfBlock = alphabet.length + 1;
    int run = 0;
    int runBit = 1;
    transform.clear();
    for (int count = 0; ; count++) {
      int symbol = nextSymbol(count);
      if (symbol == RUN_A || symbol == RUN_B) {
        run += runBit << symbol;
        runBit <<= 1;
        requireRoom(run);
        continue;
      }
      if (run > 0) {
        transform.append(alphabet[0], run);
        run = 0;
        runBit = 1;
      }
      if (symbol == endOfBlock) {
        return;
      }
      requireRoom(1);
      transform.append(moveToFront(alphabet, symbol - 1), 1);
    }
  }

  private int nextSymbol(int count) throws IOException {
    int group = count / SYMBOLS_PER_SELECTOR;
    if (group >= selectors.length || selectors[group] < 0) {
      throw malformed("more symbols than selectors");
    }
    return codes[selectors[group]].read(bits);
  }

  private void requireRoom(int count) throws FormatException {
    if (count > transform.room()) {
      throw malformed("block is larger than its level allows");
    }
  }

  private void handOut() throws FormatException {
    byte[] room = block.room(0, BlockTransform.PIECE_BYTES);
    block.filled(0, transform.read(room));
    if (!transform.hasMore() && !transform.checksumIsRight()) {
      throw malformed("checksum of a block is wrong");
    }
  }

  private FormatException malformed(String problem) {
    return FormatException.malformed(input.offsetBytes(), problem);
  }

  /// Bits from the most significant one on.
  private static final class Bits {
    private final CompressedInput input;
    private long buffer;
    private int count;

    Bits(CompressedInput input) {
      this.input = input;
    }

    /// Up to 32.
    long read(int wanted) throws IOException {
      while (count < wanted) {
        buffer = buffer << 8 | input.u8();
        count += 8;
      }
      count -= wanted;
      return buffer >>> count & (1L << wanted) - 1;
    }

    void dropToByte() {
      count = 0;
    }
  }

  /// A canonical code: symbols of the same length are consecutive numbers, shorter ones first.
  private static final class HuffmanCode {
    private final int[] symbols = new int[258];
    private final int[] firstOfLength = new int[LONGEST_CODE_BITS + 2];
    private final int[] firstIndexOfLength = new int[LONGEST_CODE_BITS + 2];
    private final int[] countOfLength = new int[LONGEST_CODE_BITS + 2];

    void set(byte[] lengths) {
      Arrays.fill(countOfLength, 0);
      for (byte length : lengths) {
        countOfLength[length]++;
      }
      int code = 0;
      int index = 0;
      for (int length = 1; length <= LONGEST_CODE_BITS; length++) {
        firstOfLength[length] = code;
        firstIndexOfLength[length] = index;
        for (int symbol = 0; symbol < lengths.length; symbol++) {
          if (lengths[symbol] == length) {
            symbols[index++] = symbol;
          }
        }
        code = (code + countOfLength[length]) << 1;
      }
    }

    int read(Bits bits) throws IOException {
      int code = 0;
      for (int length = 1; length <= LONGEST_CODE_BITS; length++) {
        code = code << 1 | (int) bits.read(1);
        int rank = code - firstOfLength[length];
        if (rank >= 0 && rank < countOfLength[length]) {
          return symbols[firstIndexOfLength[length] + rank];
        }
      }
      throw FormatException.malformed("code without a symbol");
    }
  }

  /// Undoes the Burrows-Wheeler transform and the runs: four equal bytes are followed by how many
  /// more there are.
  private static final class BlockTransform {
    static final int PIECE_BYTES = 1 << 16;

    private static final int LONGEST_RUN = 255;

    /// The byte in the low eight bits, where the next one lies above them.
    private int[] links = new int[0];

    private final int[] starts = new int[257];
    private int limit;
    private int size;
    private int left;
    private int position;
    private int expectedChecksum;
    private int checksum;
    private int last;
    private int repeats;

    void reset(int limitBytes) {
      limit = limitBytes;
      links = links.length < limitBytes ? new int[limitBytes] : links;
      clear();
    }

    void clear() {
      size = 0;
      left = 0;
    }

    int size() {
      return size;
    }

    int room() {
      return limit - size;
    }

    void append(byte value, int count) {
      Arrays.fill(links, size, size + count, Byte.toUnsignedInt(value));
      size += count;
    }

    void begin(int origin, int expected) {
      Arrays.fill(starts, 0);
      for (int index = 0; index < size; index++) {
        starts[(links[index] & 0xff) + 1]++;
      }
      for (int value = 0; value < 256; value++) {
        starts[value + 1] += starts[value];
      }
      for (int index = 0; index < size; index++) {
        links[starts[links[index] & 0xff]++] |= index << 8;
      }
      position = links[origin] >>> 8;
      left = size;
      expectedChecksum = expected;
      checksum = -1;
      last = -1;
      repeats = 0;
    }

    boolean hasMore() {
      return left > 0;
    }

    boolean checksumIsRight() {
      return ~checksum == expectedChecksum;
    }

    /// Fills `target` as far as whole runs fit.
    int read(byte[] target) {
      int count = 0;
      while (left > 0 && count < PIECE_BYTES - LONGEST_RUN) {
        int link = links[position];
        int value = link & 0xff;
        position = link >>> 8;
        left--;
        if (repeats == 4) {
          count = put(target, count, last, value);
          repeats = 0;
          last = -1;
        } else {
          count = put(target, count, value, 1);
          repeats = value == last ? repeats + 1 : 1;
          last = value;
        }
      }
      return count;
    }

    private int put(byte[] target, int offset, int value, int count) {
      for (int index = 0; index < count; index++) {
        target[offset + index] = (byte) value;
        checksum = checksum << 8 ^ CHECKSUM_TABLE[checksum >>> 24 ^ value];
      }
      return offset + count;
    }

    /// CRC-32 with the most significant bit first, polynomial 0x04C11DB7.
    private static final int[] CHECKSUM_TABLE = checksumTable();

    private static int[] checksumTable() {
      int[] table = new int[256];
      for (int value = 0; value < 256; value++) {
        int remainder = value << 24;
        for (int bit = 0; bit < 8; bit++) {
          remainder = remainder < 0 ? remainder << 1 ^ 0x04C11DB7 : remainder << 1;
        }
        table[value] = remainder;
      }
      return table;
    }
  }
}
