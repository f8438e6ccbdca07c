package io.github.container2boot.compress;

import java.io.IOException;

/// The inside of a [DecodedInputStream]: decodes one format from its [CompressedInput].
///
/// What goes wrong may leave in any form, as libraries have it; [DecodedInputStream] makes a
/// [io.github.container2boot.bytes.FormatException] of it.
interface Decoder {
  /// Decodes at least one and at most `count` bytes, which is not 0, into `target`.
  ///
  /// @return how many, or -1 at the end of the input
  int read(byte[] target, int offset, int count) throws IOException;

  /// Gives back memory; the input is not this one's to close.
  default void close() {}
}
