package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks what a request brings against the row of its operation. */
final class Bodies {

  private Bodies() {}

  /**
   * Checks the query string.
   *
   * @throws IronicException 400 for an unknown name or a bad value, or the parameter's own status
   *     where it is too new
   */
  static void checkQuery(ApiRequest request) {
    Operation operation = request.operation();
    Operation.Body body = operation.body();
    request
        .query()
        .forEach(
            (name, value) -> {
              Operation.Member member = operation.query().get(name);
              if (member == null && body != null && body.inQuery()) {
                return; // judged with the body
              }
              if (member == null) {
                if (operation.id().contains("vendor_passthru")) {
                  return; // a vendor method's own argument
                }
                throw new IronicException(Fault.INVALID, "Unexpected parameter: " + name);
              }
              require(request.version(), member, "Parameter " + name);
              checkValue(name, member, value);
            });
  }

  /** The members of a body that is an object, checked and in their normal form. */
  static Map<String, @Nullable Object> members(ApiRequest request) {
    Map<String, @Nullable Object> members = ofAnyVersion(request);
    requireKnown(request, members);
    return members;
  }

  /**
   * Checks that the request's version knows all members that are given.
   *
   * @throws IronicException the member's own status where it is too new
   */
  static void requireKnown(ApiRequest request, Map<String, @Nullable Object> given) {
    Operation.Body body = Objects.requireNonNull(request.operation().body());
    given.forEach(
        (name, value) -> {
          Operation.Member member = body.members().get(name);
          if (member != null && value != null) {
            require(request.version(), member, "Argument " + name);
          }
        });
  }

  /** The members as {@link #members} gives them, those too included that are too new. */
  static Map<String, @Nullable Object> ofAnyVersion(ApiRequest request) {
    Operation.Body body = Objects.requireNonNull(request.operation().body());
    var given = new LinkedHashMap<String, @Nullable Object>();
    if (request.body().length > 0) {
      given.putAll(object(Json.read(request.body())));
    }
    if (body.inQuery()) {
      request.query().forEach(given::putIfAbsent);
    }
    var accepted = new LinkedHashMap<String, @Nullable Object>();
    given.forEach(
        (name, value) -> {
          Operation.Member member = body.members().get(name);
          if (member == null) {
            if (!body.open()) {
              throw new IronicException(Fault.INVALID, "Unexpected argument: " + name);
            }
            accepted.put(name, value);
          } else if (value == null && !member.required()) {
            accepted.put(name, null);
          } else {
            accepted.put(name, checkValue(name, member, value));
          }
        });
    body.members()
        .forEach(
            (name, member) -> {
              if (member.required() && accepted.get(name) == null) {
                throw new IronicException(
                    Fault.MISSING_PARAMETER_VALUE, "Missing mandatory parameter: " + name);
              }
            });
    return accepted;
  }

  /** The body as an object. */
  static Map<String, @Nullable Object> object(@Nullable Object body) {
    if (!(body instanceof Map)) {
      throw new IronicException(Fault.INVALID, "The request body must be a JSON object");
    }
    return Json.object(body);
  }

  /** Fails when there is a body where none belongs. */
  static void expectNone(ApiRequest request) {
    if (request.body().length > 0) {
      throw new IronicException(
          Fault.INVALID, "This request takes no body; leave it out: " + request.operation().id());
    }
  }

  private static void require(ApiVersion version, Operation.Member member, String what) {
    if (!version.atLeast(member.since())) {
      Fault fault = member.below() == 406 ? Fault.NOT_ACCEPTABLE : Fault.INVALID;
      throw new IronicException(
          fault,
          member.below(),
          what + " needs API version 1." + member.since() + " or newer, not " + version,
          null);
    }
  }

  private static @Nullable Object checkValue(
      String name, Operation.Member member, @Nullable Object value) {
    FieldType type = FieldType.ofWireName(member.type());
    if (value == null) {
      throw new IronicException(
          Fault.INVALID_PARAMETER_VALUE, "Invalid value for " + name + ": it must not be null");
    }
    if (type == FieldType.INTEGER && value instanceof String && member.minimum() == null) {
      return value; // paging reads it itself
    }
    Object accepted = type.accept(name, value);
    if (!member.oneOf().isEmpty()) {
      Set<String> words =
          type == FieldType.CSV ? Resource.words((String) accepted) : Set.of((String) accepted);
      for (String word : words) {
        if (!member.oneOf().contains(word)) {
          throw new IronicException(
              Fault.INVALID_PARAMETER_VALUE,
              "Invalid value for " + name + ": '" + word + "' is not one of " + member.oneOf());
        }
      }
    }
    Integer minimum = member.minimum();
    if (minimum != null && accepted instanceof Integer number && number < minimum) {
      throw new IronicException(
          Fault.INVALID_PARAMETER_VALUE,
          "Invalid value for " + name + ": " + number + " is less than " + minimum);
    }
    return accepted;
  }
}
