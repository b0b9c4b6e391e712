package dev.ironic.rpc;

import dev.ironic.core.RequestContext;
import dev.ironic.core.conductor.ConductorService;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Options and conductors for tests. */
final class RpcRig {

  static final RpcOptions.Limits ROOMY = new RpcOptions.Limits(500, 1000, 2000);
  static final RequestContext CONTEXT =
      new RequestContext("req-1", "ann", null, List.of("admin"), null, null);

  private RpcRig() {}

  interface Answer {
    @Nullable Object to(String method, Object[] arguments) throws Exception;
  }

  static ConductorService answering(Answer answer) {
    return (ConductorService)
        Proxy.newProxyInstance(
            RpcRig.class.getClassLoader(),
            new Class<?>[] {ConductorService.class},
            (proxy, method, arguments) -> answer.to(method.getName(), arguments));
  }

  static RpcOptions options(int port, Duration timeout) {
    return options(port, timeout, ROOMY);
  }

  static RpcOptions options(int port, Duration timeout, RpcOptions.Limits limits) {
    return new RpcOptions(
        "127.0.0.1", port, Optional.empty(), timeout, Optional.empty(), Optional.empty(), limits);
  }

  static RpcOptions encrypted(@Nullable Path keys, @Nullable Path allowed) {
    return new RpcOptions(
        "127.0.0.1",
        0,
        Optional.empty(),
        Duration.ofSeconds(20),
        Optional.ofNullable(keys),
        Optional.ofNullable(allowed),
        ROOMY);
  }
}
