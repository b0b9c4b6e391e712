package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.JsonText;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.driver.PowerState;
import java.io.InputStream;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.databind.json.JsonMapper;

/** JSON as plain maps, lists and scalars; the only place that reads or writes it. */
final class Json {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  /**
   * Reads a document.
   *
   * @throws IronicException 400 when it is no JSON or holds what can't be stored
   */
  static @Nullable Object read(byte[] bytes) {
    try (JsonParser parser = MAPPER.createParser(bytes)) {
      if (parser.nextToken() == null) {
        throw malformed("it is empty");
      }
      Object value = value(parser);
      if (parser.nextToken() != null) {
        throw malformed("there is more than one document");
      }
      return value;
    } catch (JacksonException e) {
      throw malformed(e.getOriginalMessage());
    }
  }

  /** Reads a table of facts from the class path. */
  static @Nullable Object resource(String name) {
    return read(bytes(name));
  }

  /** Reads a file from the class path. */
  static byte[] bytes(String name) {
    try (InputStream in = Json.class.getResourceAsStream(name)) {
      return java.util.Objects.requireNonNull(in, name).readAllBytes();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static IronicException malformed(String why) {
    return new IronicException(Fault.INVALID, "The request body is not usable JSON: " + why);
  }

  private static @Nullable Object value(JsonParser parser) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        var map = new LinkedHashMap<String, @Nullable Object>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = storable(parser.currentName());
          parser.nextToken();
          map.put(name, value(parser));
        }
        yield map;
      }
      case START_ARRAY -> {
        var list = new ArrayList<@Nullable Object>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser));
        }
        yield list;
      }
      case VALUE_STRING -> storable(parser.getString());
      case VALUE_NUMBER_INT -> number(parser);
      case VALUE_NUMBER_FLOAT -> {
        double number = parser.getDoubleValue();
        if (Double.isInfinite(number)) {
          throw malformed("a number is too large");
        }
        yield number;
      }
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw malformed("unexpected " + parser.currentToken());
    };
  }

  private static Object number(JsonParser parser) {
    return switch (parser.getNumberType()) {
      case INT, LONG -> parser.getLongValue();
      default -> parser.getBigIntegerValue();
    };
  }

  /** Texts that a database can hold: no NUL, no half of a surrogate pair. */
  static String storable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        throw malformed("a text holds the character NUL");
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw malformed("a text holds half of a surrogate pair");
      }
    }
    return text;
  }

  static JsonGenerator generator(java.io.OutputStream out) {
    return MAPPER.createGenerator(out);
  }

  /** Writes a value of a record or of a document. */
  static void write(JsonGenerator out, @Nullable Object value) {
    // The two most frequent by far; a switch over types takes longer to find them.
    if (value == null) {
      out.writeNull();
      return;
    }
    if (value instanceof String text) {
      out.writeString(text);
      return;
    }
    switch (value) {
      case Boolean flag -> out.writeBoolean(flag);
      case Integer number -> out.writeNumber(number);
      case Long number -> out.writeNumber(number);
      case Double number -> out.writeNumber(number);
      case java.math.BigInteger number -> out.writeNumber(number);
      case java.math.BigDecimal number -> out.writeNumber(number);
      case Number number -> out.writeNumber(number.doubleValue());
      case Instant time -> out.writeString(time(time));
      case PowerState state -> out.writeString(state.wireName());
      case ProvisionState state -> out.writeString(state.wireName());
      case View.Links links -> links.write(out);
      case JsonText stored -> out.writeRawValue(stored.text());
      case Map<?, ?> map -> {
        out.writeStartObject();
        map.forEach(
            (name, member) -> {
              out.writeName(String.valueOf(name));
              write(out, member);
            });
        out.writeEndObject();
      }
      case Collection<?> list -> {
        out.writeStartArray();
        list.forEach(item -> write(out, item));
        out.writeEndArray();
      }
      default -> out.writeString(value.toString());
    }
  }

  /** A text as it stands between quotation marks; most come back as they are. */
  static String quoted(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '"' || c == '\\') {
        return new String(JsonStringEncoder.getInstance().quoteAsCharArray(text));
      }
    }
    return text;
  }

  /**
   * A time as the wire has it; the fraction is left out where there is none. A page of a thousand
   * nodes has thousands, which a formatter would spend a good part of its time on.
   */
  static String time(Instant time) {
    OffsetDateTime utc = time.atOffset(ZoneOffset.UTC);
    var text = new StringBuilder(32);
    padded(text, utc.getYear(), 4);
    padded(text.append('-'), utc.getMonthValue(), 2);
    padded(text.append('-'), utc.getDayOfMonth(), 2);
    padded(text.append('T'), utc.getHour(), 2);
    padded(text.append(':'), utc.getMinute(), 2);
    padded(text.append(':'), utc.getSecond(), 2);
    if (utc.getNano() != 0) {
      padded(text.append('.'), utc.getNano() / 1000, 6);
    }
    return text.append("+00:00").toString();
  }

  private static void padded(StringBuilder text, int number, int width) {
    String digits = Integer.toString(number);
    text.repeat('0', Math.max(0, width - digits.length())).append(digits);
  }

  /** A map as it came, or an empty one. */
  @SuppressWarnings("unchecked")
  static Map<String, @Nullable Object> object(@Nullable Object value) {
    return value instanceof Map<?, ?> map
        ? (Map<String, @Nullable Object>) map
        : Collections.emptyMap();
  }
}
