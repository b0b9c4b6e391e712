package dev.ironic.rpc;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.core.conductor.ConductorService;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/**
 * Reaches conductors at their addresses. One thread owns all sockets; callers, usually virtual
 * threads, wait for their own answer only. Thread-safe.
 */
public final class RpcClient implements AutoCloseable {

  /** A peer that cannot be connected to for so long is given up. */
  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(5);

  private final RpcCodec codec = new RpcCodec();
  private final Duration callTimeout;
  private final Clock clock;
  private final AtomicLong ids = new AtomicLong();
  private final Map<Long, CompletableFuture<RpcMessage.Reply>> waiting = new ConcurrentHashMap<>();
  private final Map<String, ConductorService> services = new ConcurrentHashMap<>();

  // Touched by the socket thread only.
  private final Map<String, Peer> peers = new HashMap<>();

  private final SocketThread thread = new SocketThread("rpc-client", this::retry);

  /**
   * Creates a client.
   *
   * @param callTimeout how long a call without a deadline of its own waits
   * @param clock tells what is left until a deadline
   */
  public RpcClient(Duration callTimeout, Clock clock) {
    this.callTimeout = callTimeout;
    this.clock = clock;
  }

  /**
   * A peer, and messages that could not be sent yet. What is sent while a connection is being made
   * is lost when it fails, so calls wait until the peer has answered a greeting.
   */
  private static final class Peer {
    private final ZMQ.Socket socket;
    private final Deque<Outgoing> unsent = new ArrayDeque<>();
    private boolean ready;

    Peer(ZMQ.Socket socket) {
      this.socket = socket;
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared; the socket takes arrays
  private record Outgoing(long id, byte[] body, Instant patience) {}

  /**
   * The conductor at an address; its methods throw TEMPORARY_FAILURE when there is no answer.
   *
   * @param address as its server told it, for example {@code tcp://192.0.2.7:8089}
   */
  public ConductorService conductor(String address) {
    return services.computeIfAbsent(address, this::proxy);
  }

  @Override
  public void close() {
    thread.close();
    waiting.values().forEach(future -> future.cancel(true));
  }

  private ConductorService proxy(String address) {
    InvocationHandler handler =
        (proxy, method, arguments) ->
            method.getDeclaringClass() == Object.class
                ? objectMethod(address, proxy, method, arguments)
                : call(address, method, arguments);
    return (ConductorService)
        Proxy.newProxyInstance(
            ConductorService.class.getClassLoader(),
            new Class<?>[] {ConductorService.class},
            handler);
  }

  @SuppressWarnings("ReferenceEquality") // a proxy is only equal to itself
  private static Object objectMethod(
      String address, Object proxy, Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "equals" -> proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> "conductor at " + address;
    };
  }

  private @Nullable Object call(String address, Method method, Object[] arguments) {
    long id = ids.incrementAndGet();
    Instant deadline = deadline((RequestContext) arguments[0]);
    byte[] body =
        codec.encode(
            new RpcMessage.Request(
                RpcMessage.PROTOCOL,
                id,
                method.getName(),
                deadline.toEpochMilli(),
                codec.encodeArguments(arguments)));
    var answer = new CompletableFuture<RpcMessage.Reply>();
    waiting.put(id, answer);
    try {
      Instant patience = clock.instant().plus(CONNECT_PATIENCE);
      thread.execute(() -> send(address, new Outgoing(id, body, patience)));
      long left = Math.max(1, Duration.between(clock.instant(), deadline).toMillis());
      return result(method, answer.get(left, TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      throw noAnswer(address, method, "did not answer in time", e);
    } catch (ExecutionException e) {
      throw noAnswer(address, method, "cannot be reached", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw noAnswer(address, method, "was not waited for", e);
    } finally {
      waiting.remove(id);
    }
  }

  private Instant deadline(RequestContext context) {
    Instant own = clock.instant().plus(callTimeout);
    Instant callers = context.deadline();
    return callers == null || callers.isAfter(own) ? own : callers;
  }

  private @Nullable Object result(Method method, RpcMessage.Reply reply) {
    RpcMessage.Failure failure = reply.failure();
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
      String address, Method method, String what, Throwable cause) {
    return new IronicException(
        Fault.TEMPORARY_FAILURE,
        "The conductor at %s %s (%s); the request may be repeated"
            .formatted(address, what, method.getName()),
        cause);
  }

  private void send(String address, Outgoing message) {
    Peer peer = peers.computeIfAbsent(address, this::connect);
    peer.unsent.add(message);
    flush(peer);
  }

  private Peer connect(String address) {
    ZMQ.Socket socket = thread.open(SocketType.DEALER, this::receive);
    // Only to a peer that is there, so that nothing waits in a queue for one that comes back later.
    socket.setImmediate(false);
    socket.setReconnectIVL(100);
    socket.setReconnectIVLMax(2_000);
    socket.connect(address);
    return new Peer(socket);
  }

  private void flush(Peer peer) {
    if (peer.unsent.isEmpty()) {
      return;
    }
    if (!peer.ready) {
      peer.socket.send(RpcMessage.GREETING, ZMQ.DONTWAIT);
      return;
    }
    while (!peer.unsent.isEmpty()) {
      if (!peer.socket.send(peer.unsent.peek().body, ZMQ.DONTWAIT)) {
        peer.ready = false;
        return;
      }
      peer.unsent.poll();
    }
  }

  private void greeted(ZMQ.Socket socket) {
    for (Peer peer : peers.values()) {
      if (peer.socket.equals(socket)) {
        peer.ready = true;
        flush(peer);
      }
    }
  }

  /** Tries again to send what is left, and gives up on peers that cannot be connected to. */
  private void retry() {
    Instant now = clock.instant();
    peers
        .values()
        .removeIf(
            peer -> {
              flush(peer);
              boolean gone = !peer.unsent.isEmpty() && peer.unsent.peek().patience.isBefore(now);
              if (gone) {
                peer.unsent.forEach(message -> giveUp(message.id));
                thread.close(peer.socket);
              }
              return gone;
            });
  }

  private void giveUp(long id) {
    var answer = waiting.get(id);
    if (answer != null) {
      answer.completeExceptionally(new IllegalStateException("no connection"));
    }
  }

  private void receive(ZMQ.Socket socket) {
    for (byte[] body = socket.recv(ZMQ.DONTWAIT); body != null; body = socket.recv(ZMQ.DONTWAIT)) {
      if (body.length == 0) {
        greeted(socket);
        continue;
      }
      RpcMessage.Reply reply = codec.decodeReply(body);
      var answer = waiting.get(reply.id());
      if (answer != null) {
        answer.complete(reply);
      }
    }
  }
}
