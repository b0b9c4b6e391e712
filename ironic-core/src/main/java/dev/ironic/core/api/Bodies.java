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
   * Checks the query string, parameter by parameter in the order of the table.
   *
   * @throws IronicException 400 for an unknown name or a bad value, or the parameter's own status
   *     where it is too new
   */
  static void checkQuery(ApiRequest request) {
    Operation operation = request.operation();
    Operation.Body body = operation.body();
    // What a body may bring is judged with the body; a vendor's method has arguments of its own.
    boolean open = (body != null && body.inQuery()) || operation.id().contains("vendor_passthru");
    for (String name : request.query().keySet()) {
      if (!open && !operation.query().containsKey(name)) {
        throw new IronicException(Fault.INVALID, "Unexpected parameter: " + name);
      }
    }
    operation
        .query()
        .forEach(
            (name, member) -> {
              String value = request.query(name);
              if (value != null) {
                if (!operation.formFirst()) {
                  require(request.version(), member, "Parameter " + name);
                }
                checkRange(name, member, Objects.requireNonNull(ofType(name, member, value)));
              }
            });
  }

  /**
   * Checks that the request's version knows all its parameters, which some operations ask after
   * they have judged the request's form.
   */
  static void requireKnownParameters(ApiRequest request) {
    request
        .operation()
        .query()
        .forEach(
            (name, member) -> {
              if (request.query(name) != null) {
                require(request.version(), member, "Parameter " + name);
              }
            });
  }

  /** The members of a body that is an object, checked and in their normal form. */
  static Map<String, @Nullable Object> members(ApiRequest request) {
    Map<String, @Nullable Object> typed = typed(request);
    requireKnown(request, typed);
    return checked(request, typed);
  }

  /**
   * Checks that the request's version knows all members that are given; a zero counts as nothing
   * given.
   *
   * @throws IronicException the member's own status where it is too new
   */
  static void requireKnown(ApiRequest request, Map<String, @Nullable Object> given) {
    Operation.Body body = Objects.requireNonNull(request.operation().body());
    given.forEach(
        (name, value) -> {
          Operation.Member member = body.members().get(name);
          if (member != null && value != null && !value.equals(0)) {
            require(request.version(), member, "Argument " + name);
          }
        });
  }

  /** The members as {@link #members} gives them, those too included that are too new. */
  static Map<String, @Nullable Object> ofAnyVersion(ApiRequest request) {
    return checked(request, typed(request));
  }

  /** The members, each with the type that it should have, not judged beyond that. */
  static Map<String, @Nullable Object> typed(ApiRequest request) {
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
            accepted.put(name, ofType(name, member, value));
          }
        });
    return accepted;
  }

  private static Map<String, @Nullable Object> checked(
      ApiRequest request, Map<String, @Nullable Object> typed) {
    Operation.Body body = Objects.requireNonNull(request.operation().body());
    body.members()
        .forEach(
            (name, member) -> {
              Object value = typed.get(name);
              if (value != null) {
                checkRange(name, member, value);
              } else if (member.required()) {
                throw new IronicException(
                    Fault.MISSING_PARAMETER_VALUE, "Missing mandatory parameter: " + name);
              }
            });
    return typed;
  }

  /** The body as an object. */
  static Map<String, @Nullable Object> object(@Nullable Object body) {
    if (!(body instanceof Map)) {
      throw new IronicException(Fault.INVALID, "The request body must be a JSON object");
    }
    return Json.object(body);
  }

  /**
   * Fails when a body brings arguments where there are none to bring; a body that says nothing is
   * let pass.
   */
  static void expectNone(ApiRequest request) {
    if (request.body().length > 0
        && Json.read(request.body()) instanceof Map<?, ?> arguments
        && !arguments.isEmpty()) {
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

  private static @Nullable Object ofType(
      String name, Operation.Member member, @Nullable Object value) {
    FieldType type = FieldType.ofWireName(member.type());
    if (value == null) {
      throw new IronicException(
          Fault.INVALID_PARAMETER_VALUE, "Invalid value for " + name + ": it must not be null");
    }
    if (type == FieldType.INTEGER && value instanceof String && member.minimum() == null) {
      return value; // paging reads it itself
    }
    return type.accept(name, value);
  }

  private static void checkRange(String name, Operation.Member member, Object accepted) {
    if (!member.oneOf().isEmpty()) {
      Set<String> words =
          FieldType.ofWireName(member.type()) == FieldType.CSV
              ? Resource.words((String) accepted)
              : Set.of((String) accepted);
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
  }
}
