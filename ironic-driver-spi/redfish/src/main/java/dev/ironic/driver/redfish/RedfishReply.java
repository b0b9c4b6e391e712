package dev.ironic.driver.redfish;

import dev.ironic.driver.DriverException;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a BMC answered.
 *
 * @param address of the BMC
 * @param status the HTTP status
 * @param headers its headers
 * @param body the document; empty where there was none
 */
record RedfishReply(String address, int status, HttpHeaders headers, Map<String, Object> body) {

  boolean ok() {
    return status < 400;
  }

  /** Whether the BMC refused because of the machine's state or the values given. */
  boolean refused() {
    return status == 400 || status == 409;
  }

  /** The same reply, unless it is a failure. */
  RedfishReply orFail(String action) {
    if (ok()) {
      return this;
    }
    throw failure(action);
  }

  /** What to tell the operator of this failure. */
  DriverException failure(String action) {
    return DriverException.failed(
        "The BMC at %s answered HTTP %d to %s%s"
            .formatted(
                address, status, action, explanation().isEmpty() ? "" : ": " + explanation()),
        null);
  }

  /** The BMC's own words. */
  String explanation() {
    var words = new ArrayList<String>();
    for (Map<?, ?> info : messages()) {
      if (info.get("Message") instanceof String text && !text.isBlank()) {
        words.add(text);
      }
    }
    if (words.isEmpty()
        && body.get("error") instanceof Map<?, ?> error
        && error.get("message") instanceof String text) {
      words.add(text);
    }
    return String.join(" ", words);
  }

  /** Whether a message id or a text of the error contains a word, in any case. */
  boolean mentions(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    return explanation().toLowerCase(Locale.ROOT).contains(lower)
        || messages().stream()
            .map(info -> String.valueOf(info.get("MessageId")).toLowerCase(Locale.ROOT))
            .anyMatch(id -> id.contains(lower));
  }

  private List<Map<?, ?>> messages() {
    var found = new ArrayList<Map<?, ?>>();
    if (body.get("error") instanceof Map<?, ?> error
        && error.get("@Message.ExtendedInfo") instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof Map<?, ?> map) {
          found.add(map);
        }
      }
    }
    return found;
  }
}
