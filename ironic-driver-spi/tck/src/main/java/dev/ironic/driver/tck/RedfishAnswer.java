package dev.ironic.driver.tck;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An answer of the fake BMC.
 *
 * @param status the HTTP status
 * @param headers extra headers
 * @param body the document; empty for none
 */
record RedfishAnswer(int status, Map<String, String> headers, Map<String, Object> body) {

  static RedfishAnswer ok(Map<String, Object> document) {
    return new RedfishAnswer(200, Map.of(), document);
  }

  static RedfishAnswer noContent() {
    return new RedfishAnswer(204, Map.of(), Map.of());
  }

  /** An error in the form that Redfish prescribes, with one message of the Base registry. */
  static RedfishAnswer error(int status, String messageId, String message, String... args) {
    var info = new LinkedHashMap<String, Object>();
    info.put("@odata.type", "#Message.v1_1_2.Message");
    info.put("MessageId", "Base.1.12." + messageId);
    info.put("Message", message);
    info.put("MessageArgs", List.of(args));
    info.put("MessageSeverity", status >= 500 ? "Critical" : "Warning");
    info.put("Resolution", "Correct the request and submit it again.");
    return new RedfishAnswer(
        status,
        Map.of(),
        Map.of(
            "error",
            Map.of(
                "code",
                "Base.1.12." + messageId,
                "message",
                message,
                "@Message.ExtendedInfo",
                List.of(info))));
  }

  static RedfishAnswer notFound(String path) {
    return error(
        404,
        "ResourceMissingAtURI",
        "The resource at the URI %s was not found.".formatted(path),
        path);
  }
}
