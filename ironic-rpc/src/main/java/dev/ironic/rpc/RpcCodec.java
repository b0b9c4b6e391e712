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

  byte[] encode(RpcMessage message) {
    return mapper.writeValueAsBytes(message);
  }

  RpcMessage.Request decodeRequest(byte[] bytes) {
    return mapper.readValue(bytes, RpcMessage.Request.class);
  }

  RpcMessage.Reply decodeReply(byte[] bytes) {
    return mapper.readValue(bytes, RpcMessage.Reply.class);
  }

  List<JsonNode> encodeArguments(@Nullable Object[] arguments) {
    var nodes = new ArrayList<JsonNode>();
    for (Object argument : arguments) {
      nodes.add(mapper.valueToTree(argument));
    }
    return nodes;
  }

  /** The method that a request asks for. */
  Method method(RpcMessage.Request request) {
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
