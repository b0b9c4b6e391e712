package dev.ironic.api;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Slows down those who guess passwords: after some failures of one user from one address, each
 * further one makes the next attempt wait longer. Remembers a bounded number of them. Thread-safe.
 */
final class LoginDelays {

  private static final int FREE = 5;
  private static final int REMEMBERED = 10_000;
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final Duration FORGOTTEN = Duration.ofMinutes(15);

  private record Key(String user, String address) {}

  private record Failures(int count, Instant last, Instant until) {}

  private final InstantSource clock;
  private final Map<Key, Failures> failures =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Failures> eldest) {
          return size() > REMEMBERED;
        }
      };

  LoginDelays(InstantSource clock) {
    this.clock = clock;
  }

  /** How long this user has to wait at this address; null if not at all. */
  synchronized @Nullable Duration remaining(String user, String address) {
    Failures known = failures.get(new Key(user, address));
    Instant now = clock.instant();
    return known == null || !known.until().isAfter(now)
        ? null
        : Duration.between(now, known.until());
  }

  /** Notes a wrong password; returns how many there were in a row. */
  synchronized int failed(String user, String address) {
    Key key = new Key(user, address);
    Instant now = clock.instant();
    Failures known = failures.get(key);
    boolean goesOn = known != null && !known.last().plus(FORGOTTEN).isBefore(now);
    int count = known != null && goesOn ? known.count() + 1 : 1;
    Duration delay =
        count < FREE
            ? Duration.ZERO
            : Duration.ofSeconds(1L << Math.min(count - FREE, 6)); // 1 s, 2 s, 4 s ...
    Instant until = now.plus(delay.compareTo(LONGEST) > 0 ? LONGEST : delay);
    failures.put(key, new Failures(count, now, until));
    return count;
  }

  /** Notes a right password. */
  synchronized void succeeded(String user, String address) {
    failures.remove(new Key(user, address));
  }
}
