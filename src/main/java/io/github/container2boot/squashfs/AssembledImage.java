package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.Content;
import java.util.List;

/// An image made of others.
///
/// @param parts its bytes, in order
public record AssembledImage(List<Part> parts) {
  public AssembledImage {
    parts = List.copyOf(parts);
  }

  /// Some of its bytes.
  public sealed interface Part {
    Content content();
  }

  /// A range of another image, as it is.
  public record Taken(Content image, long offsetBytes, long countBytes) implements Part {
    @Override
    public Content content() {
      return image.slice(offsetBytes, countBytes);
    }
  }

  /// What no other image has.
  public record Made(Content content) implements Part {}

  /// All of it.
  public Content content() {
    return Content.concatenation(parts.stream().map(Part::content).toList());
  }
}
