package dev.ironic.rpc;

import dev.ironic.rpc.RpcMessage.CallKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A conductor's calls: those that run, those that wait for their turn, and what was answered
 * lately, so that a call that comes again is not performed again. Used by the socket's thread only,
 * but for {@link #dropped}.
 */
final class CallDesk {

  private static final Logger log = LoggerFactory.getLogger(CallDesk.class);

  /** How much is remembered of answered calls; the oldest are forgotten first. */
  private static final int REMEMBERED_CALLS = 10_000;

  private static final long REMEMBERED_BYTES = 32L << 20;

  private final int maxRunning;
  private final int maxQueued;
  private final Clock clock;
  private final Consumer<Entry> start;
  private final Consumer<Entry> turnAway;

  private final Map<CallKey, Entry> entries = new HashMap<>();
  private final Deque<Entry> queued = new ArrayDeque<>();
  private final Deque<Entry> answered = new ArrayDeque<>();
  private final AtomicLong dropped = new AtomicLong();
  private int running;
  private long rememberedBytes;

  /**
   * Opens an empty desk.
   *
   * @param start begins to perform a call, and does not wait for it
   * @param turnAway tells the caller that a call is not performed
   */
  CallDesk(RpcOptions.Limits limits, Clock clock, Consumer<Entry> start, Consumer<Entry> turnAway) {
    this.maxRunning = limits.running();
    this.maxQueued = limits.queued();
    this.clock = clock;
    this.start = start;
    this.turnAway = turnAway;
  }

  /** What becomes of a call. */
  enum Verdict {
    /** It runs, or will, and is answered later. */
    TAKEN,
    /** It was answered before; the answer is in its entry. */
    ANSWERED,
    /** There is no room. */
    FULL
  }

  /** A call, and its answer once there is one. */
  static final class Entry {
    private final CallKey key;
    private final byte[] body;
    private final Instant deadline;
    private long heard;
    private byte[] caller;
    private byte @Nullable [] answer;

    private Entry(CallKey key, byte[] body, Instant deadline, long heard, byte[] caller) {
      this.heard = heard;
      this.key = key;
      this.body = body;
      this.deadline = deadline;
      this.caller = caller;
    }

    CallKey key() {
      return key;
    }

    /** JSON of the request. */
    byte[] body() {
      return body;
    }

    /** On which connection the call came last: that is where its answer goes. */
    byte[] caller() {
      return caller;
    }
  }

  /** Takes a call that came on a connection, for the first time or again. */
  Verdict take(RpcMessage.Call call, byte[] caller) {
    Entry known = entries.get(call.key());
    if (known != null) {
      known.caller = caller;
      known.heard = Math.max(known.heard, call.heard());
      return known.answer == null ? Verdict.TAKEN : Verdict.ANSWERED;
    }
    if (running >= maxRunning && queued.size() >= maxQueued) {
      return Verdict.FULL;
    }
    Instant deadline = clock.instant().plus(Duration.ofMillis(call.remainingMillis()));
    var entry = new Entry(call.key(), call.body(), deadline, call.heard(), caller);
    entries.put(call.key(), entry);
    queued.add(entry);
    startWhatMayRun();
    return Verdict.TAKEN;
  }

  /** A caller on a connection tells when it last heard us. */
  void heard(byte[] caller, long heard) {
    for (Entry entry : queued) {
      if (Arrays.equals(entry.caller, caller)) {
        entry.heard = Math.max(entry.heard, heard);
      }
    }
  }

  /** The answer to a call that was answered. */
  byte @Nullable [] answerTo(CallKey key) {
    Entry entry = entries.get(key);
    return entry == null ? null : entry.answer;
  }

  /** Notes what a call that was started came to, and lets the next one run. */
  void finish(Entry entry, byte[] answer) {
    entry.answer = answer;
    answered.add(entry);
    rememberedBytes += size(entry);
    running--;
    forgetTheOldest();
    startWhatMayRun();
  }

  /** How many calls were not performed since nobody waited for them any more. Thread-safe. */
  long dropped() {
    return dropped.get();
  }

  private void startWhatMayRun() {
    while (running < maxRunning && !queued.isEmpty()) {
      Entry next = queued.remove();
      if (clock.millis() - next.heard > Peer.BEGIN_WITHIN.toMillis()) {
        // We were paused, or the network was: the caller may have given us up.
        entries.remove(next.key);
        turnAway.accept(next);
        log.warn("Turned a call away whose caller may not have heard us for long");
      } else if (clock.instant().isBefore(next.deadline)) {
        running++;
        start.accept(next);
      } else {
        entries.remove(next.key);
        log.warn(
            "Dropped a call since its caller no longer waits; {} since the start",
            dropped.incrementAndGet());
      }
    }
  }

  private void forgetTheOldest() {
    Instant now = clock.instant();
    while (!answered.isEmpty()) {
      Entry oldest = answered.element();
      boolean ofUse = now.isBefore(oldest.deadline);
      if (ofUse && answered.size() <= REMEMBERED_CALLS && rememberedBytes <= REMEMBERED_BYTES) {
        return;
      }
      answered.remove();
      entries.remove(oldest.key);
      rememberedBytes -= size(oldest);
    }
  }

  private static long size(Entry entry) {
    return (long) entry.body.length + (entry.answer == null ? 0 : entry.answer.length);
  }
}
