package io.github.container2boot.oci.podman;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.oci.SourceException;
import io.github.container2boot.oci.engine.EngineProgram;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/// Reads a layer's files in the user namespace of a user's podman, where that user is their owner.
///
/// `podman unshare xargs …` is given the name and the size of a file and prints what is in it; it
/// ends where the file is not there or not of that size. Processes for each file are nothing where
/// few files are so private; most of them their user may read. How much comes is known, so that
/// nothing need mark its end, and the digest of the layer says whether it was the right file.
final class NamespaceFiles implements LayerFiles {
  static final List<String> COMMAND =
      List.of(
          "unshare",
          "xargs",
          "-0",
          "-n",
          "2",
          "sh",
          "-c",
          "[ \"$(wc -c <\"$1\")\" -eq \"$2\" ] && cat \"$1\" || exit 255",
          "sh");

  private final EngineProgram process;

  /// @param process begun in the layer's directory
  NamespaceFiles(EngineProgram process) {
    this.process = process;
  }

  @Override
  public InputStream open(ByteString path, long sizeBytes) throws IOException {
    ByteString name = ByteString.utf8(".");
    for (ByteString component : LayerFiles.names(path)) {
      name = name.concat(ByteString.utf8("/")).concat(component);
    }
    try {
      OutputStream names = process.input();
      ByteString end = ByteString.of((byte) 0);
      ByteString size = ByteString.utf8(Long.toString(sizeBytes));
      names.write(name.concat(end).concat(size).concat(end).toByteArray());
      names.flush();
    } catch (IOException problem) {
      Optional<SourceException> failure = process.failure();
      throw failure.isPresent() ? failure.get() : problem;
    }
    return new FileData(
        path,
        sizeBytes,
        (_, target, offset, count) -> process.output().read(target, offset, count));
  }

  @Override
  public void close() throws IOException {
    process.close();
  }
}
