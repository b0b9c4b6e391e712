package dev.ironic.driver.generic;

import dev.ironic.driver.NodeInfo;
import dev.ironic.driver.NodeTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the agent's logs in the folder that the operator named. */
final class AgentLogs {

  private static final Logger LOG = LoggerFactory.getLogger(AgentLogs.class);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd-HH-mm-ss").withZone(ZoneOffset.UTC);

  private AgentLogs() {}

  /** Fetches and stores them; does nothing where no agent has reported. */
  static void collect(NodeTask task, AgentClient agent, AgentOptions options, Clock clock) {
    NodeInfo node = task.node();
    if (options.logsCollect().equals("never") || node.internalText("agent_url").isEmpty()) {
      return;
    }
    keep(
        node,
        agent.run(task, "log.collect_system_logs", Map.of()).result().get("system_logs"),
        options,
        clock);
  }

  /**
   * Stores logs.
   *
   * @param logs an archive in base64; anything else is noted and left
   */
  static void keep(NodeInfo node, @Nullable Object logs, AgentOptions options, Clock clock) {
    if (!(logs instanceof String text)) {
      LOG.warn("The agent sent no logs");
      return;
    }
    Path file = Path.of(options.logsPath()).resolve(name(node, clock));
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, Base64.getMimeDecoder().decode(text));
      LOG.info("The agent's logs are in {}", file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot store the agent's logs in " + file, e);
    } catch (IllegalArgumentException e) {
      LOG.warn("The agent sent logs that are no base64: {}", e.getMessage());
    }
  }

  private static String name(NodeInfo node, Clock clock) {
    var name = new StringBuilder(node.uuid());
    if (node.name() != null) {
      name.append('_').append(node.name().replaceAll("[^A-Za-z0-9.-]", "-"));
    }
    if (node.instanceUuid() != null) {
      name.append('_').append(node.instanceUuid());
    }
    if (node.provisionStateName().startsWith("clean")) {
      name.append("_cleaning");
    } else if (node.provisionStateName().startsWith("inspect")) {
      name.append("_inspect");
    }
    return name.append('_').append(TIME.format(clock.instant())).append(".tar.gz").toString();
  }
}
