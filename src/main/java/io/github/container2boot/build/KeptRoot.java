package io.github.container2boot.build;

import io.github.container2boot.boot.BootException;
import io.github.container2boot.boot.BootFiles;
import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.compress.CompressionSettings;
import io.github.container2boot.squashfs.AssembledImage;
import io.github.container2boot.squashfs.SquashfsImage;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A root file system as the cache keeps it: what its image has beside the blocks of its layers,
/// and how these are put together. With it, nothing need be merged, labelled and written anew for
/// the same layers and choices.
///
/// Little-endian, as SquashFS is:
///
/// | size | field |
/// |-----:|-------|
/// | … | the parts of the image that no layer has, one after the other |
/// | text | the compressor, `zstd:6` |
/// | text | the type of the SELinux policy, or nothing |
/// | text | the path of the initrd |
/// | 4 | the layer the initrd is read from, counted from 0 |
/// | 4 | n, the number of parts of the image |
/// | 20 n | for each: 4 bytes, 0 for this file or the number of a layer from 1; 8, its offset there; 8, its size |
/// | 8 | the offset of the first text |
///
/// A text is its length in 4 bytes, and its bytes. Whoever keeps it vouches for it
/// ([io.github.container2boot.layer.LayerCache]).
record KeptRoot(
    AssembledImage image,
    CompressionSettings compression,
    Optional<String> selinuxPolicy,
    TreePath initrd,
    int initrdLayer) {
  /// Changes whenever the same layers and choices would give another root or another form of it.
  static final int FORMAT_VERSION = 1;

  private static final long HERE = 0;
  private static final int PART_BYTES = 20;

  /// What is to be kept of `system`; empty if it cannot be: then its initrd comes from no layer.
  static Optional<KeptRoot> of(BootableSystem system, LayerImages layers) {
    OptionalInt layer = layerOf(system.files().initrd().path(), system, layers);
    return layer.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new KeptRoot(
                system.image(),
                system.compression(),
                system.selinuxPolicy(),
                system.files().initrd().path(),
                layer.getAsInt()));
  }

  @SuppressWarnings("ReferenceEquality") // an equal file need not be this one
  private static OptionalInt layerOf(TreePath path, BootableSystem system, LayerImages layers) {
    for (int layer = layers.trees().size() - 1; layer >= 0; layer--) {
      Optional<Inode> found = layers.trees().get(layer).find(path);
      if (found.isPresent()
          && found.get() instanceof RegularFile file
          && file.content() == system.files().initrd().content()) {
        return OptionalInt.of(layer);
      }
    }
    return OptionalInt.empty();
  }

  /// Writes it to an empty file.
  ///
  /// @param layers the images that parts were taken from
  void writeTo(FileChannel target, List<Content> layers) throws IOException {
    ByteWriter parts = ByteWriter.littleEndian(PART_BYTES * image.parts().size());
    long position = 0;
    for (AssembledImage.Part part : image.parts()) {
      switch (part) {
        case AssembledImage.Taken(Content taken, long offsetBytes, long countBytes) ->
            parts.u32(numberOf(taken, layers)).u64(offsetBytes).u64(countBytes);
        case AssembledImage.Made(Content content) -> {
          parts.u32(HERE).u64(position).u64(content.sizeBytes());
          content.transferTo(new Appending(target));
          position += content.sizeBytes();
        }
      }
    }
    ByteWriter end = ByteWriter.littleEndian(1 << 10);
    text(end, ByteString.utf8(compression.toString()));
    text(end, ByteString.utf8(selinuxPolicy.orElse("")));
    text(end, initrd.toByteString());
    end.u32(initrdLayer).u32(image.parts().size()).bytes(parts.asByteBuffer()).u64(position);
    new Appending(target).data(end.asByteBuffer());
  }

  private static void text(ByteWriter writer, ByteString text) {
    writer.u32(text.size()).bytes(text);
  }

  @SuppressWarnings("ReferenceEquality") // images have no other identity
  private static long numberOf(Content image, List<Content> layers) {
    for (int layer = 0; layer < layers.size(); layer++) {
      if (layers.get(layer) == image) {
        return layer + 1L;
      }
    }
    throw new IllegalArgumentException("part of no layer");
  }

  /// Reads what [#writeTo] wrote.
  static KeptRoot readFrom(Content kept, List<Content> layers) throws IOException {
    ByteReader last = ByteReader.littleEndian(bytes(kept, kept.sizeBytes() - Long.BYTES));
    ByteReader reader = ByteReader.littleEndian(bytes(kept, last.u64()));
    CompressionSettings compression = CompressionSettings.parse(text(reader).toString());
    ByteString policy = text(reader);
    TreePath initrd = TreePath.parse(text(reader));
    int initrdLayer = (int) reader.u32();
    int count = (int) reader.u32();
    List<AssembledImage.Part> parts = new ArrayList<>();
    for (int part = 0; part < count; part++) {
      parts.add(part(reader, kept, layers));
    }
    return new KeptRoot(
        new AssembledImage(parts),
        compression,
        Optional.of(policy.toString()).filter(type -> !type.isEmpty()),
        initrd,
        initrdLayer);
  }

  private static AssembledImage.Part part(ByteReader reader, Content kept, List<Content> layers)
      throws FormatException {
    long number = reader.u32();
    long offsetBytes = reader.u64();
    long countBytes = reader.u64();
    return number == HERE
        ? new AssembledImage.Made(kept.slice(offsetBytes, countBytes))
        : new AssembledImage.Taken(layers.get((int) number - 1), offsetBytes, countBytes);
  }

  private static ByteString text(ByteReader reader) throws FormatException {
    return reader.byteString((int) reader.u32());
  }

  private static byte[] bytes(Content kept, long offsetBytes) throws IOException {
    return kept.slice(offsetBytes, kept.sizeBytes() - offsetBytes).toByteArray();
  }

  /// The system it was kept of.
  BootableSystem toSystem(LayerImages layers, BuildPlan plan, Instant created)
      throws IOException, BootException {
    FileTree root = SquashfsImage.readTrusted(image.content()).tree();
    Optional<Inode> file = layers.trees().get(initrdLayer).find(initrd);
    FileTree whole = file.isPresent() ? root.with(initrd, file.get()) : root;
    BootFiles files = BootFiles.find(whole, BootableSystem.bootOptions(plan.boot()));
    return new BootableSystem(files, image, compression, selinuxPolicy, created);
  }

  /// Writes behind what is there.
  private record Appending(FileChannel target) implements Content.Sink {
    @Override
    public void data(ByteBuffer bytes) throws IOException {
      ByteBuffer rest = bytes.duplicate();
      while (rest.hasRemaining()) {
        target.write(rest, target.size());
      }
    }

    @Override
    public void hole(long countBytes) {
      throw new IllegalArgumentException("an image has no holes");
    }
  }
}
