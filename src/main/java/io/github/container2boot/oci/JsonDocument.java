package io.github.container2boot.oci;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.bytes.Shown;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/// Reads a JSON document (RFC 8259) into maps, lists, strings, numbers and booleans. The only class
/// that knows Jackson.
public final class JsonDocument {
  /// The largest document that is read, as registries have it.
  public static final int MAX_BYTES = 4 << 20;

  /// JSON's `null`.
  public enum Null {
    NULL
  }

  private static final int MAX_DEPTH = 64;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxDocumentLength(MAX_BYTES)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private JsonDocument() {}

  /// The value in `document`: a Map by names, a List, a String, a Long where it fits and another
  /// Number where not, a Boolean or a [Null].
  ///
  /// @param name what messages call the document
  public static Object parse(String name, byte[] document) throws FormatException {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), document)) {
      Object value = value(name, parser, parser.nextToken());
      if (parser.nextToken() != null) {
        throw malformed(name, parser.currentTokenLocation(), "something follows its end");
      }
      return value;
    } catch (JacksonException problem) {
      throw malformed(name, problem.getLocation(), problem.getOriginalMessage());
    }
  }

  private static Object value(String name, JsonParser parser, @Nullable JsonToken token)
      throws FormatException {
    if (token == null) {
      throw malformed(name, parser.currentLocation(), "it is empty");
    }
    return switch (token) {
      case START_OBJECT -> object(name, parser);
      case START_ARRAY -> array(name, parser);
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT -> wholeNumber(parser);
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> Null.NULL;
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw new IllegalStateException("token " + token + " begins no value");
    };
  }

  /// As deep as the parser lets documents be.
  private static Map<String, Object> object(String name, JsonParser parser) throws FormatException {
    Map<String, Object> properties = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      properties.put(key, value(name, parser, parser.nextToken()));
    }
    return properties;
  }

  private static List<Object> array(String name, JsonParser parser) throws FormatException {
    List<Object> elements = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      elements.add(value(name, parser, token));
    }
    return elements;
  }

  private static Number wholeNumber(JsonParser parser) {
    Number number = parser.getNumberValue();
    return number instanceof Integer small ? Long.valueOf(small) : number;
  }

  private static FormatException malformed(
      String name, @Nullable TokenStreamLocation location, String problem) {
    return FormatException.malformed(
        location == null
            ? FormatException.NOWHERE
            : Math.max(FormatException.NOWHERE, location.getByteOffset()),
        "%s is not JSON as expected: %s".formatted(name, Shown.text(problem)));
  }
}
