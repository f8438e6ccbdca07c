package io.github.container2boot.serve.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.bytes.Content;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// What stands under a path.
///
/// @param sizeBytes how many bytes there will be
/// @param body the bytes; whoever asks before they are ready waits
/// @param modified when it was made, for clients that know nothing better
/// @param headers beside those that every resource has
public record Resource(
    long sizeBytes,
    String mediaType,
    CompletableFuture<Body> body,
    Optional<Instant> modified,
    Map<String, String> headers) {
  public static final String BINARY = "application/octet-stream";
  public static final String TEXT = "text/plain; charset=utf-8";

  public Resource {
    headers = Map.copyOf(headers);
  }

  /// Bytes that do not change any more.
  public record Body(Content content, EntityTag tag) {}

  /// A file, which always stays the same.
  public static Resource of(long sizeBytes, CompletableFuture<Body> body, Instant modified) {
    return new Resource(sizeBytes, BINARY, body, Optional.of(modified), Map.of());
  }

  /// A text made for one request.
  public static Resource text(String text, String mediaType) {
    byte[] bytes = text.getBytes(UTF_8);
    Body body = new Body(Content.of(bytes), EntityTag.of(bytes));
    return new Resource(
        bytes.length,
        mediaType,
        CompletableFuture.completedFuture(body),
        Optional.empty(),
        Map.of());
  }

  /// This, with one more header.
  public Resource with(String header, String value) {
    Map<String, String> more = new java.util.HashMap<>(headers);
    more.put(header, value);
    return new Resource(sizeBytes, mediaType, body, modified, more);
  }
}
