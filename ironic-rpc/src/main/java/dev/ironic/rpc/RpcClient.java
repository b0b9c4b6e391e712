package dev.ironic.rpc;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.core.conductor.ConductorService;
import dev.ironic.core.config.ConfigException;
import dev.ironic.rpc.Peer.Pending;
import dev.ironic.rpc.RpcMessage.CallKey;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/**
 * Reaches conductors at their addresses. One thread owns all sockets; callers, usually virtual
 * threads, wait for their own answer only. Thread-safe.
 */
public final class RpcClient implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RpcClient.class);

  private final RpcCodec codec = new RpcCodec();
  private final RpcOptions options;
  private final Clock clock;
  private final UUID self;
  private final AtomicLong ids = new AtomicLong();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Map<String, ConductorService> services = new ConcurrentHashMap<>();

  // Touched by the socket thread only.
  private final Map<String, Peer> peers = new HashMap<>();

  private final SocketThread thread = new SocketThread("rpc-client", this::tick);

  /**
   * Creates a client.
   *
   * @param options how long a call without a deadline of its own waits, how many may be open, and
   *     whether to encrypt
   * @param clock tells what is left until a deadline
   * @param self tells the calls of this client from those of others; a new one for each
   * @throws ConfigException if the file of keys cannot be used
   */
  public RpcClient(RpcOptions options, Clock clock, UUID self) {
    options.keyFile().ifPresent(CurveKeys::read);
    this.options = options;
    this.clock = clock;
    this.self = self;
  }

  /**
   * The conductor at an address. Its methods throw NOT_TAKEN when it has surely not performed the
   * call, TEMPORARY_FAILURE when it may have and does not answer, and NO_FREE_CONDUCTOR_WORKER when
   * too many calls are open already.
   *
   * @param address as its server told it, for example {@code tcp://192.0.2.7:8089}
   */
  public ConductorService conductor(String address) {
    return services.computeIfAbsent(address, this::proxy);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      thread.execute(
          () -> peers.values().forEach(peer -> peer.fail("is no longer called from here")));
      thread.close();
    }
  }

  private ConductorService proxy(String address) {
    RpcAddress parsed = RpcAddress.parse(address);
    var open = new AtomicInteger();
    InvocationHandler handler =
        (proxy, method, arguments) ->
            method.getDeclaringClass() == Object.class
                ? objectMethod(parsed, proxy, method, arguments)
                : limitedCall(parsed, open, method, arguments);
    return (ConductorService)
        Proxy.newProxyInstance(
            ConductorService.class.getClassLoader(),
            new Class<?>[] {ConductorService.class},
            handler);
  }

  @SuppressWarnings("ReferenceEquality") // a proxy is only equal to itself
  private static Object objectMethod(
      RpcAddress address, Object proxy, Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "equals" -> proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> "conductor at " + address.endpoint();
    };
  }

  private @Nullable Object limitedCall(
      RpcAddress address, AtomicInteger open, Method method, Object[] arguments) {
    int most = options.limits().pending();
    try {
      if (open.incrementAndGet() > most) {
        throw new IronicException(
            Fault.NO_FREE_CONDUCTOR_WORKER,
            "The conductor at %s is busy: %d calls to it wait for an answer ([zeromq] max_pending_calls); try again later"
                .formatted(address.endpoint(), most));
      }
      return call(address, method, arguments);
    } finally {
      open.decrementAndGet();
    }
  }

  private @Nullable Object call(RpcAddress address, Method method, Object[] arguments) {
    Instant deadline = deadline((RequestContext) arguments[0]);
    var request = new RpcCodec.Request(method.getName(), codec.encodeArguments(arguments));
    var key = new CallKey(self, ids.incrementAndGet());
    var pending = new Pending(key, codec.encode(request), deadline);
    thread.execute(() -> send(address, pending));
    try {
      long left = Math.max(1, Duration.between(clock.instant(), deadline).toMillis());
      return result(method, codec.decodeReply(pending.answer().get(left, TimeUnit.MILLISECONDS)));
    } catch (TimeoutException e) {
      thread.execute(() -> forget(address, pending));
      throw noAnswer(address, method, "did not answer in time", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IronicException cause
          ? cause
          : noAnswer(address, method, "cannot be called", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      thread.execute(() -> forget(address, pending));
      throw noAnswer(address, method, "was not waited for", e);
    }
  }

  private Instant deadline(RequestContext context) {
    Instant own = clock.instant().plus(options.callTimeout());
    Instant callers = context.deadline();
    return callers == null || callers.isAfter(own) ? own : callers;
  }

  private @Nullable Object result(Method method, RpcCodec.Reply reply) {
    RpcCodec.Failure failure = reply.failure();
    if (failure != null) {
      throw new IronicException(fault(failure.fault()), failure.status(), failure.message(), null);
    }
    return codec.decodeResult(method, reply.result());
  }

  /** A newer conductor may know faults that we do not; the status still tells the user. */
  private static Fault fault(String name) {
    for (Fault fault : Fault.values()) {
      if (fault.name().equals(name)) {
        return fault;
      }
    }
    return Fault.INTERNAL;
  }

  private static IronicException noAnswer(
      RpcAddress address, Method method, String what, Throwable cause) {
    return new IronicException(
        Fault.TEMPORARY_FAILURE,
        "The conductor at %s %s (%s), and may have done what was asked; look before you repeat it"
            .formatted(address.endpoint(), what, method.getName()),
        cause);
  }

  private void send(RpcAddress address, Pending call) {
    try {
      peers.computeIfAbsent(address.toString(), name -> peer(address)).send(call);
    } catch (RuntimeException e) {
      call.answer().completeExceptionally(e);
    }
  }

  private void forget(RpcAddress address, Pending call) {
    Peer peer = peers.get(address.toString());
    if (peer != null) {
      peer.forget(call);
    }
  }

  private Peer peer(RpcAddress address) {
    return new Peer(address.endpoint(), address.publicKey() != null, clock, () -> connect(address));
  }

  private ZMQ.Socket connect(RpcAddress address) {
    String publicKey = address.publicKey();
    if (publicKey == null && options.keyFile().isPresent()) {
      throw new IronicException(
          Fault.TEMPORARY_FAILURE,
          "The conductor at %s does not encrypt, but this service does ([zeromq] curve_key_file); give the conductor a key file too"
              .formatted(address.endpoint()));
    }
    // Read each time: the file may hold new keys. Without a file, any keys encrypt.
    CurveKeys keys =
        publicKey == null
            ? null
            : options.keyFile().map(CurveKeys::read).orElseGet(CurveKeys::generate);
    ZMQ.Socket socket =
        thread.open(SocketType.DEALER, readable -> receive(address.toString(), readable));
    // Only to a peer that is there, so that nothing waits in a queue for one that comes back later.
    socket.setImmediate(false);
    socket.setReconnectIVL(100);
    socket.setReconnectIVLMax(2_000);
    if (keys != null && publicKey != null) {
      keys.applyTo(socket);
      socket.setCurveServerKey(CurveKeys.parse(publicKey));
    }
    socket.connect(address.endpoint());
    return socket;
  }

  private void tick() {
    peers
        .values()
        .removeIf(
            peer -> {
              boolean goesOn = tick(peer);
              if (!goesOn) {
                thread.close(peer.socket());
              }
              return !goesOn;
            });
  }

  private boolean tick(Peer peer) {
    try {
      return peer.tick(thread::close);
    } catch (RuntimeException e) {
      log.error("A connection cannot be made anew", e);
      peer.fail("cannot be connected to: " + e.getMessage());
      return false;
    }
  }

  private void receive(String name, ZMQ.Socket socket) {
    for (byte[] bytes = socket.recv(ZMQ.DONTWAIT);
        bytes != null;
        bytes = socket.recv(ZMQ.DONTWAIT)) {
      Peer peer = peers.get(name);
      if (peer == null) {
        return;
      }
      try {
        peer.receive(RpcMessage.read(bytes));
      } catch (IllegalArgumentException e) {
        log.warn("Dropped {}, which is none of ours", e.getMessage());
      }
    }
  }
}
