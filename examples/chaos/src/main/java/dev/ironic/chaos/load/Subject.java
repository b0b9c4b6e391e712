package dev.ironic.chaos.load;

import java.time.Instant;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A node as its client knows it: what was asked for last and what comes next. Guarded by itself.
 */
final class Subject {

  /** Where the client is. */
  enum Phase {
    /** Thinks about what to ask for. */
    IDLE,
    /** Asks. */
    ASKING,
    /** Was promised an outcome. */
    PROMISED,
    /** Has what it wants for good. */
    DONE,
    /** Has given up on a node that failed. */
    LOST
  }

  private final String uuid;
  private final SplittableRandom random;
  private final boolean endsActive;
  private Phase phase = Phase.IDLE;
  private @Nullable Operation operation;
  private Instant since = Instant.MIN;
  private int powerOperations;
  private int deployments;

  Subject(String uuid, SplittableRandom random) {
    this.uuid = uuid;
    this.random = random;
    this.endsActive = random.nextInt(3) > 0;
    this.powerOperations = random.nextInt(3);
  }

  String uuid() {
    return uuid;
  }

  Phase phase() {
    return phase;
  }

  void phase(Phase next, Instant now) {
    phase = next;
    since = now;
  }

  /** Since when it is in its phase. */
  Instant since() {
    return since;
  }

  @Nullable Operation operation() {
    return operation;
  }

  /** How many deployments it has asked for. */
  int deployments() {
    return deployments;
  }

  /** Whether it is to end active, rather than available; chosen by the seed. */
  boolean endsActive() {
    return endsActive;
  }

  /**
   * Chooses what to ask for.
   *
   * @param finishing whether to come to an end
   * @return null when it has come to its end
   */
  @Nullable Operation choose(NodeRow row, boolean finishing) {
    operation =
        switch (row.state()) {
          case "enroll" -> Operation.MANAGE;
          case "manageable" -> Operation.PROVIDE;
          case "available" -> finishing && !endsActive ? null : Operation.DEPLOY;
          case "active" -> chooseActive(row, finishing);
          default -> throw new IllegalStateException(uuid + " does not rest: " + row);
        };
    if (operation == Operation.DEPLOY) {
      deployments++;
      powerOperations = random.nextInt(3);
    }
    return operation;
  }

  private @Nullable Operation chooseActive(NodeRow row, boolean finishing) {
    if ("power off".equals(row.power())) {
      return Operation.POWER_ON;
    }
    if (powerOperations > 0 && !finishing) {
      powerOperations--;
      return random.nextBoolean() ? Operation.POWER_OFF : Operation.REBOOT;
    }
    return finishing && endsActive ? null : Operation.UNDEPLOY;
  }
}
