package io.github.container2boot.oci;

import io.github.container2boot.bytes.FormatException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/// A JSON object and where in its document it is. The only class that knows Jackson.
///
/// A key that is missing and one that is `null` are the same, as Go writes both.
final class JsonObject {
  /// The largest document that is read, as registries have it.
  static final int MAX_BYTES = 4 << 20;

  private static final int MAX_DEPTH = 64;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxDocumentLength(MAX_BYTES)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String place;
  private final JsonNode node;

  private JsonObject(String place, JsonNode node) {
    this.place = place;
    this.node = node;
  }

  static JsonObject empty() {
    return new JsonObject("", MissingNode.getInstance());
  }

  /// The object in `document`, which messages call `name`.
  static JsonObject parse(String name, byte[] document) throws FormatException {
    return object(name, tree(name, document));
  }

  /// The array of objects in `document`.
  static List<JsonObject> parseArray(String name, byte[] document) throws FormatException {
    return objects(name, tree(name, document));
  }

  private static JsonNode tree(String name, byte[] document) throws FormatException {
    try {
      return MAPPER.readTree(document);
    } catch (JacksonException problem) {
      throw FormatException.malformed(
          offsetBytes(problem.getLocation()),
          "%s is not JSON as expected: %s"
              .formatted(name, Shown.text(problem.getOriginalMessage())));
    }
  }

  private static long offsetBytes(@Nullable TokenStreamLocation location) {
    return location == null
        ? FormatException.NOWHERE
        : Math.max(FormatException.NOWHERE, location.getByteOffset());
  }

  private static JsonObject object(String place, JsonNode node) throws FormatException {
    if (!node.isObject()) {
      throw malformedAt(place, "an object", shown(node));
    }
    return new JsonObject(place, node);
  }

  private static List<JsonObject> objects(String place, JsonNode array) throws FormatException {
    List<JsonObject> objects = new ArrayList<>();
    for (JsonNode element : elements(place, array)) {
      objects.add(object(place + "[" + objects.size() + "]", element));
    }
    return objects;
  }

  private static Iterable<JsonNode> elements(String place, @Nullable JsonNode array)
      throws FormatException {
    if (array == null) {
      return List.of();
    }
    if (!array.isArray()) {
      throw malformedAt(place, "an array", shown(array));
    }
    return array;
  }

  boolean has(String key) {
    return value(key) != null;
  }

  Optional<JsonObject> object(String key) throws FormatException {
    JsonNode value = value(key);
    return value == null ? Optional.empty() : Optional.of(object(place(key), value));
  }

  JsonObject requireObject(String key) throws FormatException {
    return require(key, "an object", object(key));
  }

  /// The objects of an array; none if it is missing.
  List<JsonObject> objects(String key) throws FormatException {
    JsonNode value = value(key);
    return value == null ? List.of() : objects(place(key), value);
  }

  Optional<String> text(String key) throws FormatException {
    JsonNode value = value(key);
    return value == null ? Optional.empty() : Optional.of(text(place(key), value));
  }

  String requireText(String key) throws FormatException {
    return require(key, "a string", text(key));
  }

  /// The strings of an array; none if it is missing.
  List<String> texts(String key) throws FormatException {
    List<String> texts = new ArrayList<>();
    for (JsonNode element : elements(place(key), value(key))) {
      texts.add(text(place(key), element));
    }
    return Collections.unmodifiableList(texts);
  }

  /// An object whose values are strings; empty if it is missing.
  Map<String, String> textMap(String key) throws FormatException {
    JsonNode value = value(key);
    if (value == null) {
      return Map.of();
    }
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> property : object(place(key), value).node.properties()) {
      texts.put(property.getKey(), text(place(key), property.getValue()));
    }
    return Collections.unmodifiableMap(texts);
  }

  /// A size: a whole number that is not negative.
  long requireSize(String key) throws FormatException {
    JsonNode value = value(key);
    if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
      throw malformed(key, "a whole number", value == null ? "nothing" : shown(value));
    }
    if (value.longValue() < 0) {
      throw malformed(key, "a size", shown(value));
    }
    return value.longValue();
  }

  Optional<Long> number(String key) throws FormatException {
    return has(key) ? Optional.of(requireSize(key)) : Optional.empty();
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

  private static String text(String place, JsonNode value) throws FormatException {
    if (!value.isString()) {
      throw malformedAt(place, "a string", shown(value));
    }
    return value.stringValue();
  }

  private @Nullable JsonNode value(String key) {
    JsonNode value = node.get(key);
    return value == null || value.isNull() ? null : value;
  }

  private String place(String key) {
    return place.isEmpty() ? key : place + ": " + key;
  }

  private static String shown(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT, POJO -> "an object";
      case ARRAY -> "an array";
      case NULL, MISSING -> "nothing";
      case STRING, NUMBER, BOOLEAN, BINARY -> Shown.text(node.toString());
    };
  }
}
