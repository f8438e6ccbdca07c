package io.github.container2boot.oci;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.bytes.Shown;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A JSON object and where in its document it is.
///
/// A key that is missing and one that is `null` are the same, as Go writes both.
public final class JsonObject {
  private final String place;
  private final Map<String, Object> properties;

  private JsonObject(String place, Map<String, Object> properties) {
    this.place = place;
    this.properties = properties;
  }

  static JsonObject empty() {
    return new JsonObject("", Map.of());
  }

  /// The object in `document`, which messages call `name`.
  public static JsonObject parse(String name, byte[] document) throws FormatException {
    return object(name, JsonDocument.parse(name, document));
  }

  /// The array of objects in `document`.
  public static List<JsonObject> parseArray(String name, byte[] document) throws FormatException {
    return objects(name, JsonDocument.parse(name, document));
  }

  @SuppressWarnings("unchecked") // A document has no other maps.
  private static JsonObject object(String place, Object value) throws FormatException {
    if (value instanceof Map<?, ?> properties) {
      return new JsonObject(place, (Map<String, Object>) properties);
    }
    throw malformedAt(place, "an object", shown(value));
  }

  private static List<JsonObject> objects(String place, Object array) throws FormatException {
    List<JsonObject> objects = new ArrayList<>();
    for (Object element : elements(place, array)) {
      objects.add(object(place + "[" + objects.size() + "]", element));
    }
    return objects;
  }

  private static List<?> elements(String place, @Nullable Object array) throws FormatException {
    if (array == null) {
      return List.of();
    }
    if (array instanceof List<?> elements) {
      return elements;
    }
    throw malformedAt(place, "an array", shown(array));
  }

  public boolean has(String key) {
    return value(key) != null;
  }

  public Optional<JsonObject> object(String key) throws FormatException {
    Object value = value(key);
    return value == null ? Optional.empty() : Optional.of(object(place(key), value));
  }

  public JsonObject requireObject(String key) throws FormatException {
    return require(key, "an object", object(key));
  }

  /// The objects of an array; none if it is missing.
  public List<JsonObject> objects(String key) throws FormatException {
    Object value = value(key);
    return value == null ? List.of() : objects(place(key), value);
  }

  public Optional<String> text(String key) throws FormatException {
    Object value = value(key);
    return value == null ? Optional.empty() : Optional.of(text(place(key), value));
  }

  public String requireText(String key) throws FormatException {
    return require(key, "a string", text(key));
  }

  /// The strings of an array; none if it is missing.
  public List<String> texts(String key) throws FormatException {
    List<String> texts = new ArrayList<>();
    for (Object element : elements(place(key), value(key))) {
      texts.add(text(place(key), element));
    }
    return Collections.unmodifiableList(texts);
  }

  /// An object whose values are strings; empty if it is missing.
  Map<String, String> textMap(String key) throws FormatException {
    Object value = value(key);
    if (value == null) {
      return Map.of();
    }
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<String, Object> property : object(place(key), value).properties.entrySet()) {
      texts.put(property.getKey(), text(place(key), property.getValue()));
    }
    return Collections.unmodifiableMap(texts);
  }

  /// A size: a whole number that is not negative.
  public long requireSize(String key) throws FormatException {
    Object value = value(key);
    if (!(value instanceof Long number)) {
      throw malformed(key, "a whole number", value == null ? "nothing" : shown(value));
    }
    if (number < 0) {
      throw malformed(key, "a size", shown(value));
    }
    return number;
  }

  public Optional<Long> number(String key) throws FormatException {
    return has(key) ? Optional.of(requireSize(key)) : Optional.empty();
  }

  /// Whether `key` is `true`.
  public boolean flag(String key) {
    return Boolean.TRUE.equals(value(key));
  }

  Digest requireDigest(String key) throws FormatException {
    return digest(place(key), requireText(key));
  }

  /// The digests of an array; none if it is missing.
  List<Digest> digests(String key) throws FormatException {
    List<Digest> digests = new ArrayList<>();
    for (String text : texts(key)) {
      digests.add(digest(place(key), text));
    }
    return List.copyOf(digests);
  }

  private static Digest digest(String place, String text) throws FormatException {
    try {
      return Digest.parse(text);
    } catch (FormatException problem) {
      throw problem.in(place);
    }
  }

  FormatException malformed(String key, String expected, String found) {
    return malformedAt(place(key), expected, Shown.text(found));
  }

  private static FormatException malformedAt(String place, String expected, String found) {
    return FormatException.malformed("%s: expected %s, found %s".formatted(place, expected, found));
  }

  private <T> T require(String key, String expected, Optional<T> value) throws FormatException {
    if (value.isEmpty()) {
      throw malformed(key, expected, "nothing");
    }
    return value.get();
  }

  private static String text(String place, Object value) throws FormatException {
    if (value instanceof String text) {
      return text;
    }
    throw malformedAt(place, "a string", shown(value));
  }

  private @Nullable Object value(String key) {
    Object value = properties.get(key);
    return value instanceof JsonDocument.Null ? null : value;
  }

  private String place(String key) {
    return place.isEmpty() ? key : place + ": " + key;
  }

  private static String shown(Object value) {
    return switch (value) {
      case Map<?, ?> _ -> "an object";
      case List<?> _ -> "an array";
      case String text -> Shown.text('"' + text + '"');
      case JsonDocument.Null _ -> "nothing";
      default -> Shown.text(value.toString());
    };
  }
}
