package dev.ironic.rpc;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.conductor.ConductorService;
import dev.ironic.driver.DriverException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import tools.jackson.core.JacksonException;

/**
 * A conductor's own channel. Each call runs on a virtual thread; a call that arrives after its
 * deadline is dropped, since nobody waits for it any more. Thread-safe.
 */
public final class RpcServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RpcServer.class);

  private final RpcCodec codec = new RpcCodec();
  private final ConductorService service;
  private final Clock clock;
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
  private final SocketThread thread = new SocketThread("rpc-server", () -> {});
  private final ZMQ.Socket router;
  private final String address;

  private RpcServer(RpcOptions options, ConductorService service, Clock clock) {
    this.service = service;
    this.clock = clock;
    var bound = new CompletableFuture<Bound>();
    thread.execute(() -> bind(options, bound));
    try {
      Bound result = bound.join();
      router = result.router;
      address =
          "tcp://%s:%d"
              .formatted(options.advertiseAddress().orElse(options.bindAddress()), result.port);
    } catch (CompletionException e) {
      thread.close();
      calls.close();
      throw new IronicException(
          Fault.INTERNAL,
          "Cannot listen on [zeromq] bind_address %s, bind_port %d: %s"
              .formatted(options.bindAddress(), options.bindPort(), e.getCause()),
          e);
    }
  }

  private record Bound(ZMQ.Socket router, int port) {}

  /**
   * Starts to listen.
   *
   * @param service answers the calls
   * @param clock tells whether a call is too late
   */
  public static RpcServer start(RpcOptions options, ConductorService service, Clock clock) {
    return new RpcServer(options, service, clock);
  }

  /** Where callers reach it, for example {@code tcp://192.0.2.7:8089}. */
  public String address() {
    return address;
  }

  /** Stops listening, and waits for the calls that are running. */
  @Override
  public void close() {
    calls.close();
    thread.close();
  }

  private void bind(RpcOptions options, CompletableFuture<Bound> bound) {
    try {
      ZMQ.Socket socket = thread.open(SocketType.ROUTER, this::receive);
      socket.setRouterMandatory(true);
      int port = options.bindPort();
      String host = "tcp://" + options.bindAddress();
      if (port == 0) {
        port = socket.bindToRandomPort(host);
      } else if (!socket.bind(host + ":" + port)) {
        throw new IllegalStateException("the address is in use");
      }
      bound.complete(new Bound(socket, port));
    } catch (RuntimeException e) {
      bound.completeExceptionally(e);
    }
  }

  private void receive(ZMQ.Socket socket) {
    byte[] caller = socket.recv(ZMQ.DONTWAIT);
    while (caller != null) {
      byte[] body = socket.recv(ZMQ.DONTWAIT);
      if (body != null && body.length == 0) {
        answer(socket, caller);
      } else if (body != null) {
        accept(caller, body);
      }
      caller = socket.recv(ZMQ.DONTWAIT);
    }
  }

  /** Answers a greeting: the caller is connected indeed. */
  private static void answer(ZMQ.Socket socket, byte[] caller) {
    try {
      socket.send(caller, ZMQ.SNDMORE | ZMQ.DONTWAIT);
      socket.send(RpcMessage.GREETING, ZMQ.DONTWAIT);
    } catch (org.zeromq.ZMQException e) {
      log.debug("The caller is gone", e);
    }
  }

  private void accept(byte[] caller, byte[] body) {
    try {
      calls.execute(() -> answer(caller, body));
    } catch (RejectedExecutionException e) {
      log.debug("A call came while closing", e);
    }
  }

  private void answer(byte[] caller, byte[] body) {
    RpcMessage.Request request;
    try {
      request = codec.decodeRequest(body);
    } catch (JacksonException e) {
      log.warn("Dropped a message that is no call: {}", e.getOriginalMessage());
      return;
    }
    if (clock.millis() > request.deadline()) {
      log.warn("Dropped {} since its caller no longer waits", request.method());
      return;
    }
    byte[] reply = codec.encode(perform(request));
    thread.execute(() -> send(caller, reply));
  }

  private RpcMessage.Reply perform(RpcMessage.Request request) {
    try {
      if (request.protocol() != RpcMessage.PROTOCOL) {
        throw new IronicException(
            Fault.INTERNAL,
            "The caller speaks RPC protocol %d, this conductor %d"
                .formatted(request.protocol(), RpcMessage.PROTOCOL));
      }
      Method method = codec.method(request);
      Object result = invoke(method, codec.decodeArguments(method, request.arguments()));
      return new RpcMessage.Reply(
          RpcMessage.PROTOCOL, request.id(), codec.encodeResult(result), null);
    } catch (IronicException e) {
      return failure(request, e);
    } catch (DriverException e) {
      return failure(request, IronicException.of(e));
    } catch (RuntimeException e) {
      log.error("{} failed", request.method(), e);
      return failure(
          request,
          new IronicException(
              Fault.INTERNAL, request.method() + " failed on the conductor; see its log"));
    }
  }

  private @Nullable Object invoke(Method method, @Nullable Object[] arguments) {
    try {
      return method.invoke(service, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(method.getName() + " failed", e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static RpcMessage.Reply failure(RpcMessage.Request request, IronicException e) {
    return new RpcMessage.Reply(
        RpcMessage.PROTOCOL,
        request.id(),
        null,
        new RpcMessage.Failure(e.fault().name(), e.status(), String.valueOf(e.getMessage())));
  }

  private void send(byte[] caller, byte[] reply) {
    try {
      router.send(caller, ZMQ.SNDMORE | ZMQ.DONTWAIT);
      router.send(reply, ZMQ.DONTWAIT);
    } catch (org.zeromq.ZMQException e) {
      log.debug("The caller is gone", e);
    }
  }
}
