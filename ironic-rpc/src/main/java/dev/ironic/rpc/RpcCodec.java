package dev.ironic.rpc;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.conductor.ConductorService;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Turns calls of {@link ConductorService} into bytes and back. Thread-safe. */
final class RpcCodec {

  private final JsonMapper mapper =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final Map<String, Method> methods =
      Arrays.stream(ConductorService.class.getMethods())
          .collect(Collectors.toUnmodifiableMap(Method::getName, Function.identity()));

  /**
   * A call.
   *
   * @param method name of a method of {@code ConductorService}
   * @param arguments in the method's order
   */
  record Request(String method, List<JsonNode> arguments) {}

  /**
   * An answer.
   *
   * @param result what the method returned; null when it failed
   * @param failure why it failed; null when it did not
   */
  record Reply(@Nullable JsonNode result, @Nullable Failure failure) {

    static Reply failed(IronicException e) {
      return new Reply(
          null, new Failure(e.fault().name(), e.status(), String.valueOf(e.getMessage())));
    }
  }

  /**
   * A failure that is told to the user.
   *
   * @param fault name of a {@code Fault}
   * @param status HTTP status
   * @param message words for the user
   */
  record Failure(String fault, int status, String message) {}

  byte[] encode(Request request) {
    return mapper.writeValueAsBytes(request);
  }

  byte[] encode(Reply reply) {
    return mapper.writeValueAsBytes(reply);
  }

  Request decodeRequest(byte[] bytes) {
    return mapper.readValue(bytes, Request.class);
  }

  Reply decodeReply(byte[] bytes) {
    return mapper.readValue(bytes, Reply.class);
  }

  List<JsonNode> encodeArguments(@Nullable Object[] arguments) {
    var nodes = new ArrayList<JsonNode>();
    for (Object argument : arguments) {
      nodes.add(mapper.valueToTree(argument));
    }
    return nodes;
  }

  /** The method that a request asks for. */
  Method method(Request request) {
    Method method = methods.get(request.method());
    if (method == null || method.getParameterCount() != request.arguments().size()) {
      throw new IronicException(
          Fault.INTERNAL,
          "This conductor has no method %s with %d arguments; it may be of another version"
              .formatted(request.method(), request.arguments().size()));
    }
    return method;
  }

  @Nullable Object[] decodeArguments(Method method, List<JsonNode> nodes) {
    Type[] types = method.getGenericParameterTypes();
    var arguments = new @Nullable Object[types.length];
    for (int i = 0; i < types.length; i++) {
      arguments[i] = decode(nodes.get(i), types[i]);
    }
    return arguments;
  }

  JsonNode encodeResult(@Nullable Object result) {
    return mapper.valueToTree(result);
  }

  @Nullable Object decodeResult(Method method, @Nullable JsonNode result) {
    return method.getReturnType() == void.class || result == null
        ? null
        : decode(result, method.getGenericReturnType());
  }

  private @Nullable Object decode(JsonNode node, Type type) {
    try {
      return node.isNull() ? null : mapper.treeToValue(node, mapper.constructType(type));
    } catch (JacksonException e) {
      throw new IronicException(
          Fault.INTERNAL, "A value of type " + type.getTypeName() + " did not arrive whole", e);
    }
  }
}
