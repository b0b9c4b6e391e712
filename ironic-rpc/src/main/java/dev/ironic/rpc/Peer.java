package dev.ironic.rpc;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.rpc.RpcMessage.CallKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.ZMQ;

/**
 * A conductor as a caller sees it, with the calls that it has not answered yet. Used by the
 * socket's thread only.
 *
 * <p>A message that is sent into a broken connection is lost without a word. So a conductor is
 * greeted before the first call, and again while calls are open. It answers who it is and on which
 * connection it heard. From that it is known whether calls must be sent again (another connection:
 * the conductor knows them by their keys) or are lost (the conductor was started anew).
 */
final class Peer {

  private static final Logger log = LoggerFactory.getLogger(Peer.class);

  /** How often a conductor with open calls is greeted. */
  private static final Duration GREETING_SPACING = Duration.ofSeconds(1);

  /** A connection on which nothing is heard for so long, in spite of greetings, is made anew. */
  private static final Duration SILENCE = Duration.ofSeconds(4);

  /** A conductor that cannot be connected to for so long is given up. */
  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(5);

  /**
   * For how long after it was last heard a conductor may begin with a call: it is not given up
   * before, and so no call is performed of which the caller was told that it failed.
   */
  static final Duration BEGIN_WITHIN = SILENCE.plus(CONNECT_PATIENCE).minusSeconds(1);

  private final String name;
  private final boolean encrypted;
  private final Clock clock;
  private final Supplier<ZMQ.Socket> opening;
  private final Deque<Pending> unsent = new ArrayDeque<>();
  private final Map<Long, Pending> sent = new LinkedHashMap<>();

  private ZMQ.Socket socket;
  private boolean ready;
  private @Nullable UUID server;
  private @Nullable String connection;
  private long greetings;

  /** The conductor's clock when it was heard last, so that it knows what its caller knows. */
  private long heard;

  private Instant greetedAt = Instant.MIN;

  /** When it was last heard, or when one began to listen. */
  private Instant since;

  /**
   * Begins to connect.
   *
   * @param name for messages
   * @param opening opens and connects a socket
   */
  Peer(String name, boolean encrypted, Clock clock, Supplier<ZMQ.Socket> opening) {
    this.name = name;
    this.encrypted = encrypted;
    this.clock = clock;
    this.opening = opening;
    this.since = clock.instant();
    this.socket = opening.get();
  }

  /** A call that has no answer yet. */
  static final class Pending {
    private final CallKey key;
    private final byte[] body;
    private final Instant deadline;
    private final CompletableFuture<byte[]> answer = new CompletableFuture<>();
    private int sendings;
    private long greetingsBefore;

    /**
     * A call that was not sent yet.
     *
     * @param body JSON of the request
     */
    Pending(CallKey key, byte[] body, Instant deadline) {
      this.key = key;
      this.body = body;
      this.deadline = deadline;
    }

    /** JSON of the reply, once it has come. */
    CompletableFuture<byte[]> answer() {
      return answer;
    }
  }

  ZMQ.Socket socket() {
    return socket;
  }

  /** Sends a call as soon as the conductor is heard. */
  void send(Pending call) {
    if (idle()) {
      since = clock.instant();
    }
    unsent.add(call);
    flush();
  }

  /** Forgets a call whose caller does not wait any more. */
  void forget(Pending call) {
    sent.remove(call.key.id());
    unsent.remove(call);
  }

  /** Handles what the conductor sent. */
  void receive(RpcMessage message) {
    since = clock.instant();
    switch (message) {
      case RpcMessage.Welcome welcome -> welcomed(welcome);
      case RpcMessage.NotTaken refused -> notTaken(refused.id());
      case RpcMessage.Answer answer -> answered(answer);
      case RpcMessage.Goodbye goodbye -> left(goodbye);
      default -> log.warn("Dropped a message that only callers send");
    }
  }

  /**
   * Greets where that is due, and begins anew on a connection that has gone silent.
   *
   * @param closing closes a socket that is no longer used
   * @return false if the conductor was given up, with all its calls; the socket is to be closed
   */
  boolean tick(Consumer<ZMQ.Socket> closing) {
    if (idle()) {
      return true;
    }
    Duration silent = Duration.between(since, clock.instant());
    if (ready && silent.compareTo(SILENCE) > 0) {
      log.warn("The conductor at {} has gone silent; connecting to it anew", name);
      closing.accept(socket);
      since = clock.instant();
      ready = false;
      greetedAt = Instant.MIN;
      socket = opening.get();
    } else if (!ready && silent.compareTo(CONNECT_PATIENCE) > 0) {
      fail(
          encrypted
              ? "cannot be reached, or its keys and ours do not fit (see the conductor's log and"
                  + " [zeromq] curve_key_file)"
              : "cannot be reached");
      return false;
    }
    if (!ready || !clock.instant().isBefore(greetedAt.plus(GREETING_SPACING))) {
      greet();
    }
    flush();
    return true;
  }

  /** Fails all calls. */
  void fail(String what) {
    List<Pending> never = unsent.stream().filter(call -> call.sendings == 0).toList();
    unsent.removeAll(never);
    never.forEach(call -> call.answer.completeExceptionally(notTaken(what)));
    fail(unsent, what);
    fail(sent.values(), what);
  }

  private boolean idle() {
    return unsent.isEmpty() && sent.isEmpty();
  }

  private void greet() {
    long number = greetings + 1;
    if (socket.send(
        new RpcMessage.Hello(RpcMessage.PROTOCOL, number, heard).bytes(), ZMQ.DONTWAIT)) {
      greetings = number;
      greetedAt = clock.instant();
    }
  }

  private void flush() {
    UUID to = server;
    if (!ready || to == null) {
      if (greetedAt.equals(Instant.MIN)) {
        greet();
      }
      return;
    }
    for (Pending call = unsent.peek(); call != null; call = unsent.peek()) {
      long left = Duration.between(clock.instant(), call.deadline).toMillis();
      if (left > 0 && !call.answer.isDone()) {
        byte[] bytes = new RpcMessage.Call(call.key, to, left, heard, call.body).bytes();
        if (!socket.send(bytes, ZMQ.DONTWAIT)) {
          unready();
          return;
        }
        call.sendings++;
        call.greetingsBefore = greetings;
        sent.put(call.key.id(), call);
      }
      unsent.poll();
    }
  }

  private void unready() {
    if (ready) {
      ready = false;
      since = clock.instant();
      greetedAt = Instant.MIN;
    }
  }

  private void welcomed(RpcMessage.Welcome welcome) {
    if (welcome.protocol() != RpcMessage.PROTOCOL) {
      fail(
          "speaks RPC protocol %d and this service %d: bring both to the same release"
              .formatted(welcome.protocol(), RpcMessage.PROTOCOL));
      return;
    }
    if (server != null && !welcome.server().equals(server)) {
      // What was sent to it before is not known any more; what came too late for that, the new one
      // has sent back already.
      fail(sentBefore(welcome.number()), "was started anew and has lost the call");
    } else if (connection != null && !welcome.connection().equals(connection)) {
      sentBefore(welcome.number()).reversed().forEach(unsent::addFirst);
    }
    server = welcome.server();
    heard = welcome.clock();
    connection = welcome.connection();
    ready = true;
    flush();
  }

  /** Takes out the calls that were sent before a greeting, in the order of their sending. */
  private List<Pending> sentBefore(long greeting) {
    var taken = new ArrayList<Pending>();
    sent.values().removeIf(call -> call.greetingsBefore < greeting && taken.add(call));
    return taken;
  }

  private void notTaken(long id) {
    Pending call = sent.remove(id);
    if (call == null) {
      return;
    }
    if (call.sendings == 1) {
      unsent.addFirst(call);
    } else {
      // An earlier sending may have been taken by the conductor as it was before.
      call.answer.completeExceptionally(unavailable("does not know the call any more"));
    }
    unready();
    flush();
  }

  /**
   * What was sent on the connection on which the conductor takes its leave was answered before, or
   * was not performed. What was also sent on another one may have been answered there.
   */
  private void left(RpcMessage.Goodbye goodbye) {
    if (!goodbye.server().equals(server)) {
      return;
    }
    if (goodbye.connection().equals(connection)) {
      sent.values()
          .removeIf(
              call ->
                  call.sendings == 1 && call.answer.completeExceptionally(notTaken("has ended")));
    }
    fail("has ended");
    unready();
    socket.send(goodbye.bytes(), ZMQ.DONTWAIT);
  }

  private void answered(RpcMessage.Answer answer) {
    Pending call = sent.remove(answer.id());
    if (call == null) {
      // An answer to the first sending of what is about to be sent again.
      call = unsent.stream().filter(c -> c.key.id() == answer.id()).findFirst().orElse(null);
      unsent.remove(call);
    }
    if (call != null) {
      call.answer.complete(answer.body());
    }
  }

  private void fail(Collection<Pending> calls, String what) {
    calls.forEach(call -> call.answer.completeExceptionally(unavailable(what)));
    calls.clear();
  }

  /** For a call that was sent: it may have been carried out. */
  private IronicException unavailable(String what) {
    return new IronicException(
        Fault.TEMPORARY_FAILURE,
        "The conductor at %s %s, and may have done what was asked; look before you repeat it"
            .formatted(name, what));
  }

  private IronicException notTaken(String what) {
    return new IronicException(
        Fault.NOT_TAKEN,
        "The conductor at %s %s; the request may be repeated".formatted(name, what));
  }
}
