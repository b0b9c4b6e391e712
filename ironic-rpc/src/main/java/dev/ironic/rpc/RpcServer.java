package dev.ironic.rpc;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.conductor.ConductorService;
import dev.ironic.core.config.ConfigException;
import dev.ironic.core.store.DatabaseException;
import dev.ironic.driver.DriverException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import tools.jackson.core.JacksonException;
import zmq.Msg;
import zmq.io.Metadata;

/**
 * A conductor's own channel. Each call runs on a virtual thread, up to a limit; more wait for their
 * turn, and what goes beyond is refused. A call whose deadline has passed when its turn comes is
 * dropped, since nobody waits for it any more; one that comes again is not performed again.
 * Thread-safe.
 */
public final class RpcServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RpcServer.class);

  /** More answers than that are not kept for a caller that does not read them. */
  private static final int UNREAD_ANSWERS = 10_000;

  /**
   * More connections than that are not told that this server ends: those that were silent longest.
   */
  private static final int CONNECTIONS_TOLD = 10_000;

  /** How long callers may take to tell that the last answers have arrived. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private static final HexFormat HEX = HexFormat.of();

  private final RpcCodec codec = new RpcCodec();
  private final UUID self;
  private final ConductorService service;
  private final RpcOptions.Limits limits;
  private final Clock clock;
  private final @Nullable CurveKeys keys;
  private final @Nullable Gatekeeper gatekeeper;
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
  private final CallDesk desk;
  private final SocketThread thread = new SocketThread("rpc-server", () -> {});
  private final String address;

  // Touched by the socket thread only.
  private ZMQ.@Nullable Socket router;
  private final LinkedHashSet<String> connections = new LinkedHashSet<>();
  private boolean ended;

  private final CompletableFuture<Boolean> allKnow = new CompletableFuture<>();

  private RpcServer(
      RpcOptions options,
      ConductorService service,
      Clock clock,
      UUID self,
      @Nullable CurveKeys keys,
      @Nullable AllowedKeys allowed) {
    this.service = service;
    this.self = self;
    this.limits = options.limits();
    this.keys = keys;
    gatekeeper = keys == null ? null : new Gatekeeper(allowed, clock);
    this.clock = clock;
    desk = new CallDesk(options.limits(), clock, this::start, this::turnAway);
    var bound = new CompletableFuture<Integer>();
    thread.execute(() -> bind(options, bound));
    try {
      int port = bound.join();
      address =
          new RpcAddress(
                  "tcp://" + advertised(options, port), keys == null ? null : keys.publicText())
              .toString();
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

  /** Behind a NAT the port may be another one, too. */
  private static String advertised(RpcOptions options, int port) {
    String host = options.advertiseAddress().orElse(options.bindAddress());
    return host.matches("([^:]+|\\[.+]):\\d+") ? host : host + ":" + port;
  }

  /**
   * Starts to listen.
   *
   * @param service answers the calls
   * @param clock tells whether a call is too late
   * @param self tells this server from those that had its address before; a new one for each
   * @throws ConfigException if the files of keys cannot be used
   */
  public static RpcServer start(
      RpcOptions options, ConductorService service, Clock clock, UUID self) {
    CurveKeys keys = options.keyFile().map(CurveKeys::read).orElse(null);
    AllowedKeys allowed = options.allowedKeysFile().map(AllowedKeys::new).orElse(null);
    if (keys == null && allowed != null) {
      throw new ConfigException(
          "[zeromq] curve_allowed_keys_file needs curve_key_file: only callers that encrypt can be"
              + " told apart");
    }
    if (keys != null && allowed == null) {
      log.warn(
          "Calls are encrypted, but anybody may call: [zeromq] curve_allowed_keys_file is not set");
    }
    return new RpcServer(options, service, clock, self, keys, allowed);
  }

  /**
   * Where callers reach it, for example {@code tcp://192.0.2.7:8089}; with encryption its public
   * key follows behind a {@code #}.
   */
  public String address() {
    return address;
  }

  /** How many calls were dropped since nobody waited for them any more when their turn came. */
  public long droppedCalls() {
    return desk.dropped();
  }

  /** How many connections were refused since they did not encrypt, or for their key. */
  public long refusedCallers() {
    return gatekeeper == null ? 0 : gatekeeper.refused();
  }

  /**
   * Begins no more calls, waits for those that are running, and tells callers that no other was
   * performed.
   */
  @Override
  public void close() {
    calls.close();
    thread.execute(this::sayGoodbye);
    // Some callers may be gone without a word.
    allKnow.completeOnTimeout(false, LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS).join();
    thread.close();
  }

  private void sayGoodbye() {
    ended = true;
    ZMQ.Socket socket = router;
    connections.removeIf(
        connection ->
            socket == null
                || !send(
                    socket, HEX.parseHex(connection), new RpcMessage.Goodbye(self, connection)));
    endIfAllKnow();
  }

  private void endIfAllKnow() {
    if (ended && connections.isEmpty()) {
      allKnow.complete(true);
    }
  }

  private void bind(RpcOptions options, CompletableFuture<Integer> bound) {
    try {
      ZMQ.Socket socket = thread.open(SocketType.ROUTER, this::receive);
      router = socket;
      socket.setRouterMandatory(true);
      socket.setSndHWM(UNREAD_ANSWERS);
      if (keys != null && gatekeeper != null) {
        socket.setCurveServer(true);
        keys.applyTo(socket);
        gatekeeper.guard(thread, socket);
      }
      int port = options.bindPort();
      String host = "tcp://" + options.bindAddress();
      if (port == 0) {
        port = socket.bindToRandomPort(host);
      } else if (!socket.bind(host + ":" + port)) {
        throw new IllegalStateException("the address is in use");
      }
      bound.complete(port);
    } catch (RuntimeException e) {
      bound.completeExceptionally(e);
    }
  }

  private void receive(ZMQ.Socket socket) {
    for (byte[] caller = socket.recv(ZMQ.DONTWAIT);
        caller != null;
        caller = socket.recv(ZMQ.DONTWAIT)) {
      Msg message = socket.base().recv(ZMQ.DONTWAIT);
      if (message != null && stillAllowed(message)) {
        receive(socket, caller, message.data());
      }
    }
  }

  /** A caller may lose its right to call while it is connected. */
  private boolean stillAllowed(Msg message) {
    if (gatekeeper == null) {
      return true;
    }
    Metadata metadata = message.getMetadata();
    if (gatekeeper.stillAllows(metadata == null ? null : metadata.get(Metadata.USER_ID))) {
      return true;
    }
    log.warn(
        "Dropped a message of a caller whose key was taken out of [zeromq]"
            + " curve_allowed_keys_file");
    return false;
  }

  private void receive(ZMQ.Socket socket, byte[] caller, byte[] bytes) {
    RpcMessage message;
    try {
      message = RpcMessage.read(bytes);
    } catch (IllegalArgumentException e) {
      log.warn("Dropped {}, which is none of ours", e.getMessage());
      return;
    }
    String connection = HEX.formatHex(caller);
    if (message instanceof RpcMessage.Goodbye) {
      connections.remove(connection);
      endIfAllKnow();
    } else if (!ended) {
      note(connection);
      receive(socket, caller, connection, message);
    }
  }

  private void note(String connection) {
    connections.addLast(connection);
    if (connections.size() > CONNECTIONS_TOLD) {
      connections.removeFirst();
    }
  }

  private void receive(ZMQ.Socket socket, byte[] caller, String connection, RpcMessage message) {
    switch (message) {
      case RpcMessage.Hello hello -> {
        desk.heard(caller, hello.heard());
        send(
            socket,
            caller,
            new RpcMessage.Welcome(
                RpcMessage.PROTOCOL, hello.number(), self, clock.millis(), connection));
      }
      case RpcMessage.Call call when !call.server().equals(self) ->
          send(socket, caller, new RpcMessage.NotTaken(call.key().id()));
      case RpcMessage.Call call -> take(socket, caller, call);
      default -> log.warn("Dropped a message that only conductors send");
    }
  }

  private void take(ZMQ.Socket socket, byte[] caller, RpcMessage.Call call) {
    byte[] answer =
        switch (desk.take(call, caller)) {
          case TAKEN -> null;
          case ANSWERED -> desk.answerTo(call.key());
          case FULL -> {
            log.warn("Refused a call: {} run and {} wait", limits.running(), limits.queued());
            yield refusal(
                Fault.NO_FREE_CONDUCTOR_WORKER,
                "The conductor is busy: it works on %d calls, and %d more wait for their turn"
                        .formatted(limits.running(), limits.queued())
                    + " ([zeromq] max_running_calls and max_queued_calls); try again later");
          }
        };
    if (answer != null) {
      send(socket, caller, new RpcMessage.Answer(call.key().id(), answer));
    }
  }

  private byte[] refusal(Fault fault, String words) {
    return codec.encode(RpcCodec.Reply.failed(new IronicException(fault, words)));
  }

  private void turnAway(CallDesk.Entry call) {
    if (router != null) {
      send(router, call.caller(), new RpcMessage.NotTaken(call.key().id()));
    }
  }

  private void start(CallDesk.Entry call) {
    try {
      calls.execute(
          () -> {
            byte[] answer = answer(call.body());
            thread.execute(() -> finish(call, answer));
          });
    } catch (RejectedExecutionException e) {
      byte[] answer = refusal(Fault.NOT_TAKEN, "The conductor is stopping; try again");
      thread.execute(() -> finish(call, answer));
    }
  }

  private void finish(CallDesk.Entry call, byte[] answer) {
    if (router != null) {
      send(router, call.caller(), new RpcMessage.Answer(call.key().id(), answer));
    }
    desk.finish(call, answer);
  }

  private byte[] answer(byte[] body) {
    try {
      return codec.encode(perform(codec.decodeRequest(body)));
    } catch (JacksonException e) {
      log.warn("A call is not whole: {}", e.getOriginalMessage());
      return refusal(Fault.INTERNAL, "The call did not arrive whole, or its answer can't be told");
    }
  }

  private RpcCodec.Reply perform(RpcCodec.Request request) {
    try {
      Method method = codec.method(request);
      Object result = invoke(method, codec.decodeArguments(method, request.arguments()));
      return new RpcCodec.Reply(codec.encodeResult(result), null);
    } catch (IronicException e) {
      return RpcCodec.Reply.failed(e);
    } catch (DriverException e) {
      return RpcCodec.Reply.failed(IronicException.of(e));
    } catch (DatabaseException e) {
      if (!e.isUnreachable()) {
        return unexpected(request, e);
      }
      log.warn("{} is put off: {}", request.method(), e.getMessage());
      return RpcCodec.Reply.failed(
          new IronicException(
              Fault.TEMPORARY_FAILURE,
              "The conductor cannot reach its database at the moment; try again later"));
    } catch (RuntimeException e) {
      return unexpected(request, e);
    }
  }

  private static RpcCodec.Reply unexpected(RpcCodec.Request request, RuntimeException e) {
    log.error("{} failed", request.method(), e);
    return RpcCodec.Reply.failed(
        new IronicException(
            Fault.INTERNAL, request.method() + " failed on the conductor; see its log"));
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

  /** Returns whether it is on its way. */
  private static boolean send(ZMQ.Socket socket, byte[] caller, RpcMessage message) {
    try {
      if (socket.send(caller, ZMQ.SNDMORE | ZMQ.DONTWAIT)) {
        return socket.send(message.bytes(), ZMQ.DONTWAIT);
      }
      log.warn("A caller does not read its answers; one was dropped");
    } catch (org.zeromq.ZMQException e) {
      log.debug("The caller is gone", e);
    }
    return false;
  }
}
