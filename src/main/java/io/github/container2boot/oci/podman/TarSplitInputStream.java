package io.github.container2boot.oci.podman;

import io.github.container2boot.bytes.BulkInputStream;
import io.github.container2boot.bytes.ByteString;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// A layer's archive, put together again from what tar-split keeps of it and the unpacked files.
final class TarSplitInputStream extends BulkInputStream {
  private final TarSplitReader entries;
  private final LayerFiles own;
  private final Opener opener;
  private @Nullable LayerFiles denied;
  private InputStream current = InputStream.nullInputStream();

  /// Opens the files of a layer in another way.
  @FunctionalInterface
  interface Opener {
    LayerFiles open() throws IOException;
  }

  /// @param entries closed together with this, as are the files
  /// @param own the files, read with this user's own rights
  /// @param opener of what this user may not read
  TarSplitInputStream(TarSplitReader entries, LayerFiles own, Opener opener) {
    this.entries = entries;
    this.own = own;
    this.opener = opener;
  }

  @Override
  protected int readSome(byte[] target, int offset, int count) throws IOException {
    int read = current.read(target, offset, count);
    while (read < 0) {
      TarSplitEntry entry = entries.next();
      if (entry == null) {
        return -1;
      }
      current = stream(entry);
      read = current.read(target, offset, count);
    }
    return read;
  }

  private InputStream stream(TarSplitEntry entry) throws IOException {
    return switch (entry) {
      case TarSplitEntry.Segment(ByteString bytes) -> new ByteArrayInputStream(bytes.toByteArray());
      case TarSplitEntry.FileData(ByteString _, long sizeBytes) when sizeBytes == 0 ->
          InputStream.nullInputStream();
      case TarSplitEntry.FileData(ByteString name, long sizeBytes) -> file(name, sizeBytes);
    };
  }

  private InputStream file(ByteString name, long sizeBytes) throws IOException {
    try {
      return own.open(name, sizeBytes);
    } catch (LayerFiles.Denied mine) {
      if (denied == null) {
        denied = opener.open();
      }
      return denied.open(name, sizeBytes);
    }
  }

  @Override
  public void close() throws IOException {
    try (entries;
        own) {
      if (denied != null) {
        denied.close();
      }
    }
  }
}
