package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What came back over the wire.
 *
 * @param headers by name in lower case; of several with one name the last
 */
record Reply(int status, Map<String, String> headers, byte[] body) {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  @Nullable String header(String name) {
    return headers.get(name.toLowerCase(java.util.Locale.ROOT));
  }

  JsonNode json() {
    return MAPPER.readTree(body);
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The same reply, checked to have this status. */
  Reply expect(int wanted) {
    assertThat(status).as("%s", text()).isEqualTo(wanted);
    return this;
  }

  /** What the error says; checked to have one of the two forms that are wrapped. */
  String error() {
    JsonNode outer = json();
    assertThat(outer.propertyNames()).containsExactly("error_message");
    assertThat(outer.get("error_message").isString()).isTrue();
    JsonNode inner = MAPPER.readTree(outer.get("error_message").stringValue());
    if (inner.has("faultcode")) {
      assertThat(inner.propertyNames())
          .containsExactlyInAnyOrder("faultcode", "faultstring", "debuginfo");
      assertThat(inner.get("faultcode").stringValue())
          .isEqualTo(status < 500 ? "Client" : "Server");
      assertThat(inner.get("debuginfo").isNull()).isTrue();
      return inner.get("faultstring").stringValue();
    }
    assertThat(inner.propertyNames()).containsExactlyInAnyOrder("code", "title", "description");
    assertThat(inner.get("code").intValue()).isEqualTo(status);
    return inner.get("title").stringValue() + ": " + inner.get("description").stringValue();
  }

  /** What the error says; checked to be of the form that is not wrapped. */
  String bareError() {
    JsonNode error = json();
    assertThat(error.propertyNames()).containsExactlyInAnyOrder("faultcode", "faultstring");
    return error.get("faultstring").stringValue();
  }
}
