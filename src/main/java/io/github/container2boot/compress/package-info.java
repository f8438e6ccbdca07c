/// Compression: one way in, whatever library is behind it.
///
/// Two shapes, because two things are compressed:
///
/// - **Blocks.** A file system compresses small blocks, each on its own and many at once.
///   [Compression][io.github.container2boot.compress.Compression] names the compressors of SquashFS
///   and makes a [BlockCompressor][io.github.container2boot.compress.BlockCompressor] or
///   [BlockDecompressor][io.github.container2boot.compress.BlockDecompressor], one per thread,
///   reused for every block.
/// - **Streams.** Container layers and initrds are compressed as a whole, in a file format that is
///   told by its first bytes. [StreamFormat][io.github.container2boot.compress.StreamFormat] knows
///   them. They are only read here, never written.
///
/// Only this package knows compression libraries. Whatever they throw at bad input, what leaves is
/// a [FormatException][io.github.container2boot.bytes.FormatException]; and whatever an input
/// claims, the memory stays bounded: a stream that wants a window or dictionary above
/// [StreamFormat#LARGEST_WINDOW_BYTES][io.github.container2boot.compress.StreamFormat#LARGEST_WINDOW_BYTES]
/// is refused before anything is allocated. How much comes *out* of a stream is not bounded: that
/// is for the caller, who knows what to expect.
package io.github.container2boot.compress;
