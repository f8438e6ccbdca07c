package io.github.container2boot.fat;

/// Where a file's data lies in the volume, in one piece.
///
/// @param offsetBytes from the beginning of the volume
/// @param sizeBytes the file's size, without what fills its last cluster
public record Extent(long offsetBytes, long sizeBytes) {}
