package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.model.ProvisionState.Trait;
import dev.ironic.driver.Heartbeat;
import dev.ironic.driver.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens to agents, and gives them the token that they prove themselves with. Thread-safe. */
final class Heartbeats {

  private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);
  private static final String MASK = "******";
  private static final int TOKEN_BYTES = 32;

  private final TaskManager tasks;
  private final FlowEngine engine;
  private final RandomGenerator random;
  private final FastTrack fastTrack;

  /**
   * Creates the listener.
   *
   * @param random makes tokens; must not be predictable outside tests
   */
  Heartbeats(TaskManager tasks, FlowEngine engine, RandomGenerator random) {
    this.tasks = tasks;
    this.engine = engine;
    this.random = random;
    this.fastTrack = new FastTrack(tasks.options());
  }

  /** Checks a heartbeat at once and deals with it on a worker. */
  void heartbeat(
      RequestContext context, String nodeUuid, Heartbeat heartbeat, @Nullable String token) {
    if (heartbeat.agentVersion() == null && heartbeat.agentStatus() == null) {
      throw invalid(
          "Agent version or agent status is required for the heartbeat of node %s; update the agent"
              .formatted(nodeUuid));
    }
    Node node = tasks.store().nodes().get(nodeUuid);
    checkToken(node, token);
    checkUrl(node, heartbeat.callbackUrl());
    checkCertificate(node, heartbeat.agentVerifyCa());
    if (node.driverInternalInfo().get(AgentKeys.URL) == null && node.reservation() != null) {
      throw new IronicException(
          Fault.NODE_LOCKED,
          "Node %s is locked by host %s, please retry after the current operation is completed."
              .formatted(node.uuid(), node.reservation()));
    }
    tasks
        .workers()
        .start(Workers.Share.NORMAL, "heartbeat", () -> take(context, node.uuid(), heartbeat));
  }

  private static void checkToken(Node node, @Nullable String token) {
    Object stored = node.driverInternalInfo().get(AgentKeys.TOKEN);
    if (stored == null || !Secret.of(stored.toString()).matches(token)) {
      LOG.warn("A heartbeat for node {} came with a missing or wrong token", node.uuid());
      throw invalid("Invalid or missing agent token received.");
    }
  }

  private void checkUrl(Node node, String url) {
    if (tasks.options().requireTls() && !url.isEmpty() && !url.startsWith("https://")) {
      throw invalid(
          "TLS is required for the agent's callback URL, and this one is not HTTPS; change the agent"
              + " or [agent]require_tls");
    }
    Object known = node.driverInternalInfo().get(AgentKeys.URL);
    if (known != null && !known.equals(url)) {
      throw invalid("Detected change in ramdisk provided \"callback_url\"");
    }
  }

  private void checkCertificate(Node node, @Nullable String certificate) {
    Object path = node.driverInternalInfo().get(AgentKeys.VERIFY_CA);
    if (path == null || certificate == null) {
      return;
    }
    Path file = Path.of(path.toString());
    try {
      if (Files.exists(file) && !Files.readString(file).equals(certificate)) {
        throw invalid("Detected change in ramdisk provided \"agent_verify_ca\"");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the agent's certificate " + file, e);
    }
  }

  private static IronicException invalid(String message) {
    return new IronicException(Fault.INVALID_PARAMETER_VALUE, message);
  }

  private void take(RequestContext context, String nodeUuid, Heartbeat heartbeat) {
    try (Task task = tasks.exclusiveNow(context, nodeUuid, "heartbeat")) {
      tasks.guarded(task, "heartbeat", held -> process(held, heartbeat));
    } catch (IronicException e) {
      if (e.fault() != Fault.NODE_LOCKED) {
        throw e;
      }
      LOG.info("The heartbeat of node {} is ignored: the node is locked", nodeUuid);
    }
  }

  private void process(Task task, Heartbeat heartbeat) {
    ProvisionState state = task.model().provisionState();
    if (!accepted(task.model())) {
      LOG.info("The heartbeat is ignored in state {}", state.wireName());
      return;
    }
    boolean recordOnly = state.is(Trait.HEARTBEAT_RECORD_ONLY);
    record(task, heartbeat, !recordOnly && state != ProvisionState.RESCUE_WAIT);
    if (recordOnly) {
      return;
    }
    if (task.model().maintenance()) {
      if (!tasks.options().allowProvisioningInMaintenance()) {
        engine.fail(
            task,
            FlowPlan.Ending.FAILURE,
            "Aborting %s: the node is in maintenance mode".formatted(state.wireName()));
      }
      return;
    }
    StepTrack track = trackOf(state);
    if (track != null
        && Boolean.TRUE.equals(task.model().driverInternalInfo().get(track.pollingKey()))) {
      return;
    }
    engine.goOn(task, FlowEngine.Cause.HEARTBEAT);
  }

  private boolean accepted(Node node) {
    ProvisionState state = node.provisionState();
    return state.is(Trait.HEARTBEAT)
        || (state.is(Trait.HEARTBEAT_FAST_TRACK) && fastTrack.enabled(node));
  }

  private static @Nullable StepTrack trackOf(ProvisionState state) {
    return switch (state) {
      case CLEAN_WAIT -> StepTrack.CLEAN;
      case WAIT_CALL_BACK -> StepTrack.DEPLOY;
      case SERVICE_WAIT -> StepTrack.SERVICE;
      default -> null;
    };
  }

  private void record(Task task, Heartbeat heartbeat, boolean touch) {
    String now =
        LocalDateTime.ofInstant(tasks.clock().instant(), ZoneOffset.UTC)
            .truncatedTo(ChronoUnit.MICROS)
            .toString();
    String certificate = storeCertificate(task.model(), heartbeat.agentVerifyCa());
    task.save(
        node -> {
          Map<String, @Nullable Object> internal = new LinkedHashMap<>(node.driverInternalInfo());
          internal.put(AgentKeys.URL, heartbeat.callbackUrl());
          internal.put(AgentKeys.LAST_HEARTBEAT, now);
          putIfThere(internal, "agent_version", heartbeat.agentVersion());
          putIfThere(internal, AgentKeys.VERIFY_CA, certificate);
          putIfThere(internal, "agent_status", heartbeat.agentStatus());
          putIfThere(internal, "agent_status_message", heartbeat.agentStatusMessage());
          Node recorded = node.withDriverInternalInfo(internal);
          return touch
              ? recorded.with(b -> b.provisionUpdatedAt(tasks.clock().instant()))
              : recorded;
        });
  }

  private static void putIfThere(
      Map<String, @Nullable Object> map, String key, @Nullable Object value) {
    if (value != null) {
      map.put(key, value);
    }
  }

  /** Drivers verify the agent's certificate with a file. */
  private @Nullable String storeCertificate(Node node, @Nullable String certificate) {
    if (certificate == null) {
      return null;
    }
    Path folder = tasks.options().certificatesPath();
    Path file = folder.resolve(node.uuid() + ".crt");
    if (Objects.equals(node.driverInternalInfo().get(AgentKeys.VERIFY_CA), file.toString())
        && Files.exists(file)) {
      return file.toString();
    }
    try {
      Files.createDirectories(folder);
      Path draft = Files.createTempFile(folder, node.uuid(), ".new");
      Files.writeString(draft, certificate);
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      return file.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot store the agent's certificate as %s; check [agent]certificates_path"
              .formatted(file),
          e);
    }
  }

  /** Reads a node for an agent; the first time with a new token in clear. */
  Node withToken(RequestContext context, String nodeUuid) {
    Node node = tasks.store().nodes().get(nodeUuid);
    if (node.driverInternalInfo().get(AgentKeys.TOKEN) != null) {
      return masked(node);
    }
    try (Task task = tasks.exclusiveNow(context, nodeUuid, "creating an agent token")) {
      if (task.model().driverInternalInfo().get(AgentKeys.TOKEN) != null) {
        return masked(task.model());
      }
      byte[] bytes = new byte[TOKEN_BYTES];
      random.nextBytes(bytes);
      String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
      return task.save(
          current ->
              current.withDriverInternalInfo(
                  NodeChange.put(current.driverInternalInfo(), AgentKeys.TOKEN, token)));
    }
  }

  private static Node masked(Node node) {
    return node.withDriverInternalInfo(
        NodeChange.put(node.driverInternalInfo(), AgentKeys.TOKEN, MASK));
  }
}
