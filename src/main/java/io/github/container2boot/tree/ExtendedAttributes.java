package io.github.container2boot.tree;

import io.github.container2boot.bytes.ByteString;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Extended attributes, xattr(7): full names (`security.capability`) to values, in the order of
/// names.
public record ExtendedAttributes(NavigableMap<ByteString, ByteString> values) {
  private static final ExtendedAttributes NONE =
      new ExtendedAttributes(Collections.emptyNavigableMap());

  public ExtendedAttributes {
    values =
        values.isEmpty()
            ? Collections.emptyNavigableMap()
            : Collections.unmodifiableNavigableMap(new TreeMap<>(values));
  }

  public static ExtendedAttributes none() {
    return NONE;
  }

  public static ExtendedAttributes of(Map<ByteString, ByteString> values) {
    return values.isEmpty() ? NONE : new ExtendedAttributes(new TreeMap<>(values));
  }

  public static ExtendedAttributes of(String name, ByteString value) {
    return of(Map.of(ByteString.utf8(name), value));
  }

  public boolean isEmpty() {
    return values.isEmpty();
  }

  public @Nullable ByteString get(ByteString name) {
    return values.get(name);
  }

  public boolean has(ByteString name) {
    return values.containsKey(name);
  }

  public ExtendedAttributes with(ByteString name, ByteString value) {
    NavigableMap<ByteString, ByteString> changed = new TreeMap<>(values);
    changed.put(name, value);
    return new ExtendedAttributes(changed);
  }

  public ExtendedAttributes without(ByteString name) {
    if (!has(name)) {
      return this;
    }
    NavigableMap<ByteString, ByteString> changed = new TreeMap<>(values);
    changed.remove(name);
    return of(changed);
  }
}
