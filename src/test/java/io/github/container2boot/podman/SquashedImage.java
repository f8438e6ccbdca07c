package io.github.container2boot.podman;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.compress.CompressionSettings;
import io.github.container2boot.layer.LayerImage;
import io.github.container2boot.layer.LayerStack;
import io.github.container2boot.oci.ArchiveLayer;
import io.github.container2boot.oci.FilesLayer;
import io.github.container2boot.oci.Image;
import io.github.container2boot.oci.Layer;
import io.github.container2boot.source.Opening;
import io.github.container2boot.source.Source;
import io.github.container2boot.squashfs.BlockWorkers;
import io.github.container2boot.squashfs.SquashfsAssembler;
import io.github.container2boot.squashfs.SquashfsOptions;
import io.github.container2boot.testing.Tools;
import io.github.container2boot.tree.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An image as the one SquashFS that our way of stacking makes of it, mounted by the kernel.
final class SquashedImage implements AutoCloseable {
  private final Path mountPoint;

  private SquashedImage(Path mountPoint) {
    this.mountPoint = mountPoint;
  }

  /// @param source as the user would write it
  /// @param directory where everything goes; made here
  static SquashedImage mount(String source, String compression, Path directory) throws IOException {
    Tools.require("mount", "umount");
    Tools.requireRoot();
    Path image = write(source, compression, Files.createDirectories(directory));
    Path mountPoint = Files.createDirectory(directory.resolve("root"));
    Tools.run("mount", "-t", "squashfs", "-o", "loop,ro", image, mountPoint);
    return new SquashedImage(mountPoint);
  }

  private static Path write(String source, String compression, Path directory) throws IOException {
    SquashfsOptions options =
        new SquashfsOptions(
            CompressionSettings.parse(compression),
            SquashfsOptions.DEFAULT_BLOCK_BYTES,
            Instant.EPOCH,
            2);
    Path result = directory.resolve("root.squashfs");
    List<FileChannel> channels = new ArrayList<>();
    try (Image image =
        Source.parse(source, InputStream.nullInputStream())
            .open(Opening.ofFiles(Optional.empty(), directory))) {
      List<FileTree> layers = new ArrayList<>();
      for (Layer layer : image.layers()) {
        FileChannel channel = open(directory.resolve("layer" + channels.size()));
        channels.add(channel);
        write(layer, channel, options);
        layers.add(LayerImage.read(Content.ofFile(channel, 0, channel.size())).tree());
      }
      FileChannel scratch = open(directory.resolve("scratch"));
      channels.add(scratch);
      FileTree merged = LayerStack.merge(layers, Instant.EPOCH);
      write(SquashfsAssembler.assemble(merged, options, scratch).content(), result);
    } finally {
      for (FileChannel channel : channels) {
        channel.close();
      }
    }
    return result;
  }

  private static void write(Layer layer, FileChannel channel, SquashfsOptions options)
      throws IOException {
    try (BlockWorkers workers = BlockWorkers.start(options)) {
      switch (layer) {
        case FilesLayer files -> LayerImage.write(files.files(_ -> {}), channel, workers);
        case ArchiveLayer archive -> {
          try (InputStream uncompressed = archive.open()) {
            LayerImage.write(uncompressed, channel, workers);
          }
        }
      }
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static void write(Content content, Path file) throws IOException {
    try (FileChannel channel = open(file)) {
      content.transferTo(
          new Content.Sink() {
            @Override
            public void data(ByteBuffer bytes) throws IOException {
              while (bytes.hasRemaining()) {
                channel.write(bytes);
              }
            }

            @Override
            public void hole(long countBytes) throws IOException {
              channel.position(channel.position() + countBytes);
            }
          });
    }
  }

  Path root() {
    return mountPoint;
  }

  @Override
  public void close() {
    Tools.run("umount", mountPoint);
  }
}
