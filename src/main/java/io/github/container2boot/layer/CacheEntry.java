package io.github.container2boot.layer;

import java.nio.file.Path;
import java.time.Instant;

/// A layer image in the cache.
///
/// @param file where it lies
/// @param sizeBytes with its seal
/// @param lastUsed when a build made or used it last
public record CacheEntry(ImageKey key, Path file, long sizeBytes, Instant lastUsed) {}
