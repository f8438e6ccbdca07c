/// Bytes, and nothing that knows what they mean.
///
/// - [Content][io.github.container2boot.bytes.Content] is repeatable bytes of known size with
///   random access. Everything this program makes is a Content in the end: a file on the EFI system
///   partition, the partition, the disk. Composing Contents moves no byte; only writing one does.
/// - [BulkInputStream][io.github.container2boot.bytes.BulkInputStream] is what a stream of ours
///   extends, so that it has to say one thing only: how a piece is read.
/// - [ByteReader][io.github.container2boot.bytes.ByteReader] and
///   [ByteWriter][io.github.container2boot.bytes.ByteWriter] read and write the fields of on-disk
///   structures. Unsigned 32-bit values live in `long`; what does not fit its field is refused,
///   never cut.
/// - [ByteString][io.github.container2boot.bytes.ByteString] is an immutable sequence of bytes:
///   file names, link targets and extended attributes are bytes in every format we touch, not text.
///   [Shown][io.github.container2boot.bytes.Shown] is what messages quote of text from outside.
/// - [FormatException][io.github.container2boot.bytes.FormatException] is the only way any reader
///   complains about its input.
package io.github.container2boot.bytes;
