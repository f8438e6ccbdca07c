package io.github.container2boot.build;

/// A file that a build made.
///
/// @param path relative to the output directory, with `/` between names
/// @param sizeBytes its size, holes included
/// @param sha256 the SHA-256 of all its bytes, 64 lower-case hexadecimal digits
public record Output(String path, long sizeBytes, String sha256) {}
