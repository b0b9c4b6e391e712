package dev.ironic.driver.tck;

import com.sun.net.httpserver.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The fake BMC's session service and its check of credentials. Thread-safe. */
final class BmcSessions {

  static final String PATH = "/redfish/v1/SessionService/Sessions";

  private final String user;
  private volatile String password;
  private final BmcFaults faults;
  private final Map<String, String> tokenById = new ConcurrentHashMap<>();
  private final AtomicInteger opened = new AtomicInteger();

  BmcSessions(String user, String password, BmcFaults faults) {
    this.user = user;
    this.password = password;
    this.faults = faults;
  }

  void changePassword(String newPassword) {
    password = newPassword;
  }

  void expireAll() {
    tokenById.clear();
  }

  int open() {
    return tokenById.size();
  }

  int openedEver() {
    return opened.get();
  }

  /** Whether the headers carry a valid token or valid basic credentials. */
  boolean allows(Headers headers) {
    String token = headers.getFirst("X-Auth-Token");
    if (token != null) {
      return tokenById.containsValue(token);
    }
    String basic = headers.getFirst("Authorization");
    String wanted =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    return wanted.equals(basic);
  }

  RedfishAnswer create(Map<?, ?> body) {
    Optional<RedfishAnswer> refusal =
        BmcSchema.refuseAction(BmcSchema.SESSION, body, List.of("UserName", "Password"));
    if (refusal.isPresent()) {
      return refusal.get();
    }
    if (!user.equals(body.get("UserName")) || !password.equals(body.get("Password"))) {
      return unauthorized();
    }
    if (tokenById.size() >= faults.maxSessions()) {
      return RedfishAnswer.error(
          503,
          "SessionLimitExceeded",
          "The session establishment failed because the number of simultaneous sessions exceeds"
              + " the limit.");
    }
    String id = Integer.toString(opened.incrementAndGet());
    String token = UUID.randomUUID().toString();
    tokenById.put(id, token);
    return new RedfishAnswer(
        201, Map.of("X-Auth-Token", token, "Location", PATH + "/" + id), session(id));
  }

  @Nullable RedfishAnswer get(String id) {
    return tokenById.containsKey(id) ? RedfishAnswer.ok(session(id)) : null;
  }

  @Nullable RedfishAnswer delete(String id) {
    return tokenById.remove(id) == null ? null : RedfishAnswer.noContent();
  }

  List<String> ids() {
    return tokenById.keySet().stream().sorted().toList();
  }

  static RedfishAnswer unauthorized() {
    return RedfishAnswer.error(
        401, "NoValidSession", "There is no valid session established with the implementation.");
  }

  private Map<String, Object> session(String id) {
    var document = new LinkedHashMap<String, Object>();
    document.put("@odata.id", PATH + "/" + id);
    document.put("@odata.type", "#Session.v1_3_0.Session");
    document.put("Id", id);
    document.put("Name", "User Session");
    document.put("UserName", user);
    return document;
  }
}
