package io.github.container2boot.layer;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.tree.FileTree;
import java.util.Optional;

/// Extended attributes of a layer that its image has no place for: POSIX ACLs, and what Linux
/// itself would not take.
///
/// @param count how many
/// @param first the path of the first file that lost one
public record DroppedAttributes(long count, ByteString first) {

  /// What was left out of the layer image with this tree.
  public static Optional<DroppedAttributes> of(FileTree layer) throws FormatException {
    ByteString mark = layer.root().attributes().xattrs().get(LayerMarks.DROPPED);
    return mark == null ? Optional.empty() : Optional.of(parse(mark));
  }

  /// The value as [LayerMarks#DROPPED] has it.
  ByteString mark() {
    return ByteString.utf8(count + " ").concat(first);
  }

  private static DroppedAttributes parse(ByteString mark) throws FormatException {
    int space = Math.max(mark.indexOf((byte) ' ', 0), 0);
    try {
      long count = Long.parseLong(mark.substring(0, space).toString());
      return new DroppedAttributes(count, mark.substring(space + 1));
    } catch (NumberFormatException notOurs) {
      throw FormatException.malformed("mark of dropped attributes: found \"" + mark + "\"");
    }
  }
}
