package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.compress.CompressionSettings;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.DeviceNode;
import io.github.container2boot.tree.ExtendedAttributes;
import io.github.container2boot.tree.Fifo;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.FileTreeBuilder;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.Socket;
import io.github.container2boot.tree.SymbolicLink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Trees and images that several tests use.
final class Images {
  static final Instant TIME = Instant.ofEpochSecond(1_700_000_000);
  static final int BLOCK = 16 << 10;

  private Images() {}

  static SquashfsOptions options(String compression) {
    return new SquashfsOptions(CompressionSettings.parse(compression), BLOCK, TIME, 2);
  }

  static Attributes attributes(int permissions) {
    return Attributes.ofRoot(permissions, TIME);
  }

  static RegularFile file(byte[] content) {
    return new RegularFile(attributes(0644), Content.of(content));
  }

  static RegularFile file(String content) {
    return file(ByteString.utf8(content).toByteArray());
  }

  static FileTreeBuilder builder() {
    return new FileTreeBuilder(attributes(0755));
  }

  /// Bytes that compress to about half.
  static byte[] compressible(int size, long seed) {
    byte[] bytes = new byte[size];
    Random random = new Random(seed);
    for (int index = 0; index < size; index++) {
      bytes[index] = (byte) ('a' + random.nextInt(16));
    }
    return bytes;
  }

  static byte[] incompressible(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /// One of everything.
  static FileTree everything() {
    RegularFile linked = file("two names");
    ByteString large = ByteString.of(incompressible(3000, 9));
    ExtendedAttributes many =
        ExtendedAttributes.of(
            Map.of(
                ByteString.utf8("user.small"), ByteString.utf8("x"),
                ByteString.utf8("user.large"), large,
                ByteString.utf8("trusted.overlay.opaque"), ByteString.utf8("y")));
    FileTreeBuilder builder =
        builder()
            .put("empty", file(""))
            .put("small", file("small"))
            .put("same as small", file("small"))
            .put("one block", file(compressible(BLOCK, 1)))
            .put("block and rest", file(compressible(BLOCK + 1, 2)))
            .put("many blocks", file(compressible(20 * BLOCK + 77, 3)))
            .put("many blocks again", file(compressible(20 * BLOCK + 77, 3)))
            .put("incompressible", file(incompressible(5 * BLOCK + 1000, 4)))
            .put("incompressible tail", file(incompressible(1000, 5)))
            .put("zeros", file(new byte[4 * BLOCK]))
            .put("hole", new RegularFile(attributes(0644), Content.hole(10L * BLOCK + 5)))
            .put(
                "sparse",
                new RegularFile(
                    attributes(0600),
                    Content.concatenation(
                        List.of(
                            Content.hole(3L * BLOCK + 100),
                            Content.of(compressible(2 * BLOCK, 6)),
                            Content.hole(2L * BLOCK)))))
            .put("linked", linked)
            .put("below/linked too", linked)
            .put("below/and/deeper", file("deep"))
            .put("below/empty directory/x", file("x"))
            .put(
                "symbolic link",
                new SymbolicLink(attributes(0777), ByteString.utf8("../t\u00e4rget")))
            .put("setuid", new RegularFile(attributes(04755), Content.of(compressible(700, 7))))
            .put("null", new DeviceNode(attributes(0666), DeviceNode.Kind.CHARACTER, 1, 3))
            .put("disk", new DeviceNode(attributes(0660), DeviceNode.Kind.BLOCK, 0xfff, 0xf_ffff))
            .put("whiteout", new DeviceNode(attributes(0), DeviceNode.Kind.CHARACTER, 0, 0))
            .put("fifo", new Fifo(attributes(0600)))
            .put("socket", new Socket(attributes(0700)))
            .put(
                "owned",
                new RegularFile(
                    new Attributes(0640, 100_000, 4_000_000_000L, TIME, ExtendedAttributes.none()),
                    Content.of(compressible(300, 8))))
            .put(
                "capable",
                new RegularFile(
                    attributes(0755)
                        .withXattrs(
                            ExtendedAttributes.of(
                                "security.capability",
                                ByteString.of(
                                    new byte[] {
                                      1,
                                      0,
                                      0,
                                      2,
                                      (byte) 0x80,
                                      4,
                                      0,
                                      0,
                                      0,
                                      0,
                                      0,
                                      0,
                                      0,
                                      0,
                                      0,
                                      0,
                                      0,
                                      0,
                                      0,
                                      0
                                    }))),
                    Content.of(compressible(200, 10))))
            .put("attributed", new RegularFile(attributes(0644).withXattrs(many), Content.empty()))
            .put(
                "attributed too",
                new Fifo(
                    attributes(0644).withXattrs(ExtendedAttributes.of("trusted.other", large))))
            .put(
                "attributed link",
                new SymbolicLink(
                    attributes(0777)
                        .withXattrs(ExtendedAttributes.of("trusted.t", ByteString.utf8("t"))),
                    ByteString.utf8("x")));
    for (int index = 0; index < 60; index++) {
      builder.put(
          "large directory/file with a longer name %05d".formatted(index), file("f" + index));
    }
    return builder.build();
  }

  static FileChannel create(Path path) throws IOException {
    return FileChannel.open(
        path,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }

  static void write(Path path, FileTree tree, SquashfsOptions options) throws IOException {
    try (FileChannel file = create(path);
        BlockWorkers workers = BlockWorkers.start(options);
        SquashfsWriter writer = SquashfsWriter.create(file, workers)) {
      writer.finish(tree);
    }
  }

  /// Writes `content` to a file; holes stay holes.
  static void write(Path path, Content content) throws IOException {
    try (FileChannel file = create(path)) {
      content.transferTo(
          new Content.Sink() {
            @Override
            public void data(ByteBuffer bytes) throws IOException {
              while (bytes.hasRemaining()) {
                file.write(bytes);
              }
            }

            @Override
            public void hole(long countBytes) throws IOException {
              file.position(file.position() + countBytes);
            }
          });
    }
  }
}
