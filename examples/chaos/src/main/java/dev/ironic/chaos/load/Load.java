package dev.ironic.chaos.load;

import dev.ironic.chaos.load.ApiClient.Answer;
import dev.ironic.chaos.load.Subject.Phase;
import dev.ironic.driver.Sleeper;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Clients that keep nodes cycling through their life: deploy, switch power, undeploy and clean. One
 * thread looks at all nodes and decides, a few ask. Each answer is noted, and whether what was
 * promised came; a refusal that may be tried again is.
 *
 * <p>Thread-safe.
 */
public final class Load implements AutoCloseable {

  private static final int CLIENTS = 100;
  private static final Duration LOOK = Duration.ofMillis(400);
  private static final Duration ASK_AGAIN = Duration.ofMillis(500);
  private static final Duration ASKING = Duration.ofSeconds(90);
  private static final Pattern FAULT = Pattern.compile("\"faultstring\":\"([^\"\\\\]*)");
  private static final int BAD_REQUEST = 400;
  private static final int LOCKED = 409;
  private static final int UNAVAILABLE = 503;

  private final ApiClient api;
  private final Tally tally;
  private final InstantSource clock;
  private final Sleeper sleeper;
  private final Map<String, Subject> subjects = new LinkedHashMap<>();
  private final BlockingQueue<Subject> toAsk = new LinkedBlockingQueue<>();
  private final Semaphore busy;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean finishing;
  private volatile String summary = "";
  private int round;

  /**
   * Creates the load.
   *
   * @param nodes how many nodes
   * @param busy how many of them are worked on at the same time
   * @param seed chooses the nodes' UUIDs, what is done to them and how they end
   * @param tally where to note
   */
  public Load(
      ApiClient api,
      int nodes,
      int busy,
      long seed,
      Tally tally,
      InstantSource clock,
      Sleeper sleeper) {
    this.api = api;
    this.busy = new Semaphore(busy);
    this.tally = tally;
    this.clock = clock;
    this.sleeper = sleeper;
    var random = new SplittableRandom(seed);
    for (int i = 0; i < nodes; i++) {
      String uuid = uuid(random);
      subjects.put(uuid, new Subject(uuid, random.split()));
    }
  }

  private static String uuid(SplittableRandom random) {
    long high = (random.nextLong() & ~0xF000L) | 0x4000L;
    long low = (random.nextLong() & ~(0xC000L << 48)) | (0x8000L << 48);
    return new UUID(high, low).toString();
  }

  /** The nodes' UUIDs. */
  public List<String> nodes() {
    return List.copyOf(subjects.keySet());
  }

  /** Makes all nodes known. */
  public void enrol() throws InterruptedException {
    var free = new Semaphore(CLIENTS);
    for (String uuid : subjects.keySet()) {
      free.acquire();
      threads.execute(
          () -> {
            try {
              ask("POST", "/v1/nodes", Map.of("uuid", uuid, "driver", "chaos-hardware"));
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            } finally {
              free.release();
            }
          });
    }
    free.acquire(CLIENTS);
  }

  private void ask(String method, String path, Object body) throws InterruptedException {
    Instant limit = clock.instant().plus(ASKING);
    Answer answer = api.call(method, path, body);
    while (!answer.accepted() && clock.instant().isBefore(limit)) {
      note(method + " " + path, answer);
      sleeper.sleep(ASK_AGAIN);
      answer = api.call(method, path, body);
    }
  }

  /** Begins. */
  public void start() {
    threads.execute(() -> untilInterrupted(this::look));
    for (int i = 0; i < CLIENTS; i++) {
      threads.execute(() -> untilInterrupted(() -> ask(toAsk.take())));
    }
  }

  /** From now on nodes are brought to their ends. */
  public void finish() {
    finishing = true;
  }

  /** Whether all nodes have come to their ends, or are lost. */
  public boolean isFinished() {
    return subjects.values().stream()
        .allMatch(
            subject -> {
              synchronized (subject) {
                return subject.phase() == Phase.DONE || subject.phase() == Phase.LOST;
              }
            });
  }

  /** How many nodes are in which state, as last seen. */
  public String summary() {
    return summary;
  }

  /** Compares where nodes are with where they are to be. */
  public List<NodeEnd> ends() throws InterruptedException {
    Map<String, NodeRow> rows = new LinkedHashMap<>();
    for (NodeRow row : list()) {
      rows.put(row.uuid(), row);
    }
    var ends = new ArrayList<NodeEnd>();
    for (Subject subject : subjects.values()) {
      synchronized (subject) {
        ends.add(
            new NodeEnd(
                subject.uuid(),
                rows.get(subject.uuid()),
                subject.endsActive(),
                subject.deployments(),
                subject.phase() + " " + subject.operation()));
      }
    }
    return ends;
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  private void untilInterrupted(Work work) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        try {
          work.run();
        } catch (RuntimeException e) {
          tally.problem("The load itself failed: " + e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws InterruptedException {
    Instant asOf = clock.instant();
    List<NodeRow> rows = list();
    // Everybody gets a turn, wherever permits run out.
    int first = rows.isEmpty() ? 0 : Math.floorMod(round++ * 37, rows.size());
    for (int i = 0; i < rows.size(); i++) {
      NodeRow row = rows.get((first + i) % rows.size());
      Subject subject = subjects.get(row.uuid());
      if (subject != null) {
        synchronized (subject) {
          consider(subject, row, asOf);
        }
      }
    }
    summary = summary(rows);
    sleeper.sleep(LOOK);
  }

  private List<NodeRow> list() throws InterruptedException {
    Answer answer = api.get("/v1/nodes?limit=1000&fields=" + NodeRow.FIELDS);
    if (!answer.accepted()) {
      note("GET /v1/nodes", answer);
      return List.of();
    }
    var rows = new ArrayList<NodeRow>();
    for (JsonNode node : answer.body().path("nodes")) {
      rows.add(NodeRow.of(node));
    }
    return rows;
  }

  private static String summary(List<NodeRow> rows) {
    var states = new java.util.TreeMap<String, Integer>();
    int locked = 0;
    for (NodeRow row : rows) {
      states.merge(row.state(), 1, Integer::sum);
      locked += row.reservation() == null ? 0 : 1;
    }
    return states + ", " + locked + " locked";
  }

  private void consider(Subject subject, NodeRow row, Instant asOf) {
    if (subject.since().isAfter(asOf)) {
      return;
    }
    if (row.hasFailed() && subject.phase() != Phase.LOST) {
      tally.problem("A node has failed: " + row);
      if (subject.phase() == Phase.PROMISED) {
        busy.release();
      }
      subject.phase(Phase.LOST, clock.instant());
    }
    switch (subject.phase()) {
      case PROMISED -> awaitPromise(subject, row);
      case IDLE -> think(subject, row);
      case ASKING, DONE, LOST -> {}
    }
  }

  private void awaitPromise(Subject subject, NodeRow row) {
    Operation operation = subject.operation();
    if (operation == null || !row.rests()) {
      return;
    }
    if (!operation.isReached(row)) {
      tally.problem("%s was promised and never came: %s".formatted(operation, row));
    } else if (row.lastError() != null) {
      tally.problem("%s has left an error: %s".formatted(operation, row));
    } else {
      tally.count("done " + operation);
    }
    subject.phase(Phase.IDLE, clock.instant());
    busy.release();
  }

  private void think(Subject subject, NodeRow row) {
    if (!row.rests() || !busy.tryAcquire()) {
      return;
    }
    if (subject.choose(row, finishing) == null) {
      busy.release();
      subject.phase(Phase.DONE, clock.instant());
      return;
    }
    subject.phase(Phase.ASKING, clock.instant());
    toAsk.add(subject);
  }

  /** Asks until it is promised. */
  private void ask(Subject subject) throws InterruptedException {
    Operation operation;
    synchronized (subject) {
      operation = java.util.Objects.requireNonNull(subject.operation());
    }
    Instant limit = clock.instant().plus(ASKING);
    boolean doubtful = false;
    while (clock.instant().isBefore(limit)) {
      String path = operation.path(subject.uuid());
      Answer answer = api.call("PUT", path, operation.body());
      if (answer.accepted()) {
        tally.count("accepted");
        become(subject, Phase.PROMISED);
        return;
      }
      // What was answered 503 may be done yet, and then be refused when it is asked for again.
      if (!(doubtful && answer.status() == BAD_REQUEST)) {
        note(operation + " " + path, answer);
      }
      doubtful |= answer.status() == UNAVAILABLE;
      sleeper.sleep(ASK_AGAIN);
      NodeRow row = read(subject);
      if (row != null && operation.hasBegun(row)) {
        tally.count("begun although refused with " + answer.status());
        become(subject, Phase.PROMISED);
        return;
      }
    }
    tally.problem("%s of %s was not accepted for %s".formatted(operation, subject.uuid(), ASKING));
    become(subject, Phase.IDLE);
  }

  private void become(Subject subject, Phase phase) {
    synchronized (subject) {
      if (subject.phase() == Phase.ASKING) {
        subject.phase(phase, clock.instant());
      }
      if (subject.phase() != Phase.PROMISED) {
        busy.release();
      }
    }
  }

  private @Nullable NodeRow read(Subject subject) throws InterruptedException {
    Answer answer = api.get("/v1/nodes/" + subject.uuid() + "?fields=" + NodeRow.FIELDS);
    if (!answer.accepted()) {
      note("GET /v1/nodes/" + subject.uuid(), answer);
      return null;
    }
    return NodeRow.of(answer.body());
  }

  /** A refusal that is documented as temporary is counted; all else is a problem. */
  private void note(String request, Answer answer) {
    tally.count(
        answer.given() ? "answered %d %s".formatted(answer.status(), kind(answer)) : "no answer");
    if (answer.status() != UNAVAILABLE && answer.status() != LOCKED) {
      tally.problem("%s was answered %d %s".formatted(request, answer.status(), answer.body()));
    }
  }

  /** The text of a refusal without what differs from node to node. */
  private static String kind(Answer answer) {
    String text = answer.body().path("error_message").asString("");
    Matcher fault = FAULT.matcher(text);
    return (fault.find() ? fault.group(1) : text)
        .replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "X")
        .replaceAll("\\d+", "N");
  }

  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
  }
}
