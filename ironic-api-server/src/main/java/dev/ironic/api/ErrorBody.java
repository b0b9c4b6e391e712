package dev.ironic.api;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The three forms in which errors are told. */
final class ErrorBody {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private ErrorBody() {}

  /** What a use case refused: wrapped, with a fault code. */
  static byte[] fault(int status, String text) {
    var inner = new LinkedHashMap<String, @Nullable Object>();
    inner.put("faultcode", code(status));
    inner.put("faultstring", text);
    inner.put("debuginfo", null);
    return wrapped(inner);
  }

  /** What routing refused: wrapped, with the status. */
  static byte[] routing(int status, String title, String text) {
    var inner = new LinkedHashMap<String, @Nullable Object>();
    inner.put("code", status);
    inner.put("title", title);
    inner.put("description", text);
    return wrapped(inner);
  }

  /** What was refused with a text alone. */
  static byte[] plain(String text) {
    return MAPPER.writeValueAsBytes(Map.of("error_message", text));
  }

  /** What was refused before anything looked at it: not wrapped. */
  static byte[] bare(int status, String text) {
    return MAPPER.writeValueAsBytes(Map.of("faultcode", code(status), "faultstring", text));
  }

  private static byte[] wrapped(Map<String, @Nullable Object> inner) {
    return MAPPER.writeValueAsBytes(Map.of("error_message", MAPPER.writeValueAsString(inner)));
  }

  private static String code(int status) {
    return status < 500 ? "Client" : "Server";
  }
}
