package io.github.container2boot.serve;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.serve.http.Resource;
import java.util.concurrent.CompletableFuture;

/// A file that can be fetched.
///
/// @param path below the image's name: `/vmlinuz`
/// @param content the bytes
/// @param keep whether they are worth keeping once they were read, as it takes work to read them
/// @param body the bytes as they are served, and their digest, once [Preparation] has read them
record ServedFile(
    String path, Content content, boolean keep, CompletableFuture<Resource.Body> body) {
  ServedFile(String path, Content content, boolean keep) {
    this(path, content, keep, new CompletableFuture<>());
  }

  long sizeBytes() {
    return content.sizeBytes();
  }
}
