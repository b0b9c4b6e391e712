package dev.ironic.agent.json;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads and writes JSON as {@code Map}, {@code List}, {@code String}, {@code Number}, {@code
 * Boolean} and null. Thread-safe.
 */
public final class Json {

  private static final JsonFactory FACTORY = new JsonFactory();

  private Json() {}

  /**
   * Parses one document.
   *
   * @throws MalformedJsonException if the bytes are not exactly one JSON document
   */
  public static @Nullable Object read(byte[] document) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), document)) {
      if (parser.nextToken() == null) {
        throw new MalformedJsonException("the document is empty");
      }
      Object value = value(parser);
      if (parser.nextToken() != null) {
        throw new MalformedJsonException("there is text after the document");
      }
      return value;
    } catch (StreamReadException e) {
      throw new MalformedJsonException(e.getOriginalMessage());
    }
  }

  /**
   * Parses one document that must be an object.
   *
   * @throws MalformedJsonException if it is anything else
   */
  public static JsonMap readMap(byte[] document) {
    if (read(document) instanceof Map<?, ?> map) {
      return JsonMap.of(map);
    }
    throw new MalformedJsonException("the document is not an object");
  }

  /** Writes a value as compact UTF-8 text; numbers, text, booleans, null, maps, iterables only. */
  public static byte[] write(@Nullable Object value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      write(generator, value);
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static @Nullable Object value(JsonParser parser) {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          map.put(name, value(parser));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser));
        }
        yield list;
      }
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw new MalformedJsonException("unexpected " + token);
    };
  }

  private static void write(JsonGenerator out, @Nullable Object value) {
    switch (value) {
      case null -> out.writeNull();
      case JsonMap map -> write(out, map.members());
      case Map<?, ?> map -> {
        out.writeStartObject();
        map.forEach(
            (name, member) -> {
              out.writeName(String.valueOf(name));
              write(out, member);
            });
        out.writeEndObject();
      }
      case Iterable<?> items -> {
        out.writeStartArray();
        items.forEach(item -> write(out, item));
        out.writeEndArray();
      }
      case CharSequence text -> out.writeString(text.toString());
      case Boolean flag -> out.writeBoolean(flag);
      case Integer number -> out.writeNumber(number);
      case Long number -> out.writeNumber(number);
      case Double number -> out.writeNumber(number);
      case BigInteger number -> out.writeNumber(number);
      case BigDecimal number -> out.writeNumber(number);
      case Number number -> out.writeNumber(number.doubleValue());
      default ->
          throw new IllegalArgumentException(
              "no JSON form for an object of " + value.getClass().getName());
    }
  }
}
