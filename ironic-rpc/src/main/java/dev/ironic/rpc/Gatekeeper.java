package dev.ironic.rpc;

import java.nio.channels.SelectableChannel;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import zmq.ZMQ.Event;

/**
 * Decides who may connect to a conductor that encrypts: answers the questions that ZeroMQ asks on
 * its authentication socket (ZAP, RFC 27), and tells the log who was sent away. Used by the
 * socket's thread only, but for {@link #refused}.
 */
final class Gatekeeper {

  private static final Logger log = LoggerFactory.getLogger(Gatekeeper.class);
  private static final String QUESTIONS = "inproc://zeromq.zap.01";
  private static final String EVENTS = "inproc://connections";

  private static final Duration LOG_SPACING = Duration.ofSeconds(10);

  /** Who does not fit ends at once; both sides measure the handshake by clocks of their own. */
  private static final Duration GIVEN_UP = SocketThread.HANDSHAKE.dividedBy(2);

  private final @Nullable AllowedKeys allowed;
  private final Clock clock;
  private final AtomicLong refused = new AtomicLong();

  /**
   * A connection that was accepted.
   *
   * @param decisions how many questions had been answered by then
   */
  private record Accepted(long decisions, Instant at) {}

  private final Map<SelectableChannel, Accepted> open = new HashMap<>();

  private long decisions;
  private ZMQ.@Nullable Socket events;
  private Instant quietUntil = Instant.MIN;

  /**
   * Creates one.
   *
   * @param allowed the keys to let in; null for all
   * @param clock spaces the lines of the log
   */
  Gatekeeper(@Nullable AllowedKeys allowed, Clock clock) {
    this.allowed = allowed;
    this.clock = clock;
  }

  /** Takes its place at a socket that is not bound yet. */
  void guard(SocketThread thread, ZMQ.Socket socket) {
    if (!thread.open(SocketType.REP, this::decide).bind(QUESTIONS)) {
      throw new IllegalStateException("the authentication socket cannot be opened");
    }
    if (!socket.monitor(EVENTS, ZMQ.EVENT_ACCEPTED | ZMQ.EVENT_DISCONNECTED)) {
      throw new IllegalStateException("connections cannot be watched");
    }
    ZMQ.Socket opened = thread.open(SocketType.PAIR, this::watch);
    opened.connect(EVENTS);
    events = opened;
  }

  /** Whether messages on a connection that was let in are still taken. */
  boolean stillAllows(@Nullable String key) {
    return allowed == null || allowed.allow(key);
  }

  /** How many connections were refused for their key. Thread-safe. */
  long refused() {
    return refused.get();
  }

  private void decide(ZMQ.Socket socket) {
    if (events != null) {
      watch(events); // the connection in question was accepted before, and must be known as such
    }
    for (byte[] version = socket.recv(ZMQ.DONTWAIT);
        version != null;
        version = socket.recv(ZMQ.DONTWAIT)) {
      var frames = new ArrayList<byte[]>();
      while (socket.hasReceiveMore()) {
        frames.add(socket.recv());
      }
      // The request's id, the domain, the address, the identity, the mechanism, the key.
      byte[] id = frames.get(0);
      String address = text(frames.get(2));
      boolean curve = text(frames.get(4)).equals("CURVE");
      String key = curve ? HexFormat.of().formatHex(frames.get(5)) : null;
      decisions++;
      boolean welcome = curve && stillAllows(key);
      if (!welcome) {
        refused(
            "a caller at %s whose key is not in [zeromq] curve_allowed_keys_file"
                .formatted(address));
      }
      byte[] user = welcome && key != null ? bytes(key) : new byte[0];
      byte[] status = bytes(welcome ? "200" : "400");
      byte[] words = bytes(welcome ? "OK" : "No access");
      List<byte[]> reply = List.of(version, id, status, words, user, new byte[0]);
      for (int i = 0; i < reply.size(); i++) {
        socket.send(reply.get(i), i == reply.size() - 1 ? 0 : ZMQ.SNDMORE);
      }
    }
  }

  /**
   * Callers that do not encrypt, or take this conductor for one with another key, give up before
   * the question for their key is asked: their connection ends while nobody was let in or refused.
   * One on which nothing was ever read ends so, too, but only when the time for the handshake is
   * over; that says nothing of its caller, who connects anew.
   */
  private void watch(ZMQ.Socket socket) {
    for (Event event = Event.read(socket.base(), ZMQ.DONTWAIT);
        event != null;
        event = Event.read(socket.base(), ZMQ.DONTWAIT)) {
      SelectableChannel connection = event.getChannel(socket.base());
      if (event.event == ZMQ.EVENT_ACCEPTED) {
        open.put(connection, new Accepted(decisions, clock.instant()));
        continue;
      }
      Accepted accepted = open.remove(connection);
      if (accepted != null
          && accepted.decisions() == decisions
          && Duration.between(accepted.at(), clock.instant()).compareTo(GIVEN_UP) < 0) {
        refused("a caller that does not encrypt, or takes this conductor for one with another key");
      }
    }
  }

  /** Counts, and tells the log; a caller that comes again and again does not fill it. */
  private void refused(String whom) {
    long count = refused.incrementAndGet();
    if (!clock.instant().isBefore(quietUntil)) {
      quietUntil = clock.instant().plus(LOG_SPACING);
      log.warn("Refused {}; {} refused since the start", whom, count);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }
}
