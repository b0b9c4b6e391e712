package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the server answered. */
record Reply(int status, HttpHeaders headers, byte[] body) {

  private static final JsonMapper JSON = new JsonMapper();

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  JsonNode json() {
    return JSON.readTree(body);
  }

  String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  /** Checks the status, showing the body when it is another one. */
  Reply expect(int wanted) {
    assertThat(status).as("status; the body is %s", text()).isEqualTo(wanted);
    return this;
  }

  /** The words of an error, after checking that the body has one of the forms it may have. */
  String fault() {
    assertThat(status).isGreaterThanOrEqualTo(400);
    assertThat(header("Content-Type")).startsWith("application/json");
    JsonNode outer = json();
    JsonNode inner =
        outer.has("error_message") ? JSON.readTree(outer.path("error_message").asString()) : outer;
    if (inner.has("description")) {
      assertThat(inner.path("code").asInt()).isEqualTo(status);
      assertThat(inner.path("title").asString()).isNotBlank();
      return inner.path("description").asString();
    }
    assertThat(inner.path("faultcode").asString()).isEqualTo(status < 500 ? "Client" : "Server");
    return inner.path("faultstring").asString();
  }
}
