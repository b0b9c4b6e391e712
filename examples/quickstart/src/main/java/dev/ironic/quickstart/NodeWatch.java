package dev.ironic.quickstart;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Follows a node from state to state and shows how far it is. */
final class NodeWatch {

  private static final Duration POLL = Duration.ofMillis(400);
  private static final Duration CLOSE_LOOK = Duration.ofMillis(50);
  private static final Set<String> FAILED =
      Set.of("deploy failed", "clean failed", "error", "service failed", "inspect failed");

  private final IronicClient client;
  private final Screen screen;
  private final String node;

  NodeWatch(IronicClient client, Screen screen, String node) {
    this.client = client;
    this.screen = screen;
    this.node = node;
  }

  /** Asks for a change of state and follows the node until it is there. */
  void provision(Object body, String wanted, Duration patience) throws IOException {
    client.put("/v1/nodes/" + node + "/states/provision", body);
    await(wanted, patience);
  }

  /** Follows the node until it is in the state, or has failed. */
  void await(String wanted, Duration patience) throws IOException {
    Duration end = screen.elapsed().plus(patience);
    String before = "";
    while (true) {
      JsonNode now;
      try {
        now = client.get("/v1/nodes/" + node);
      } catch (IOException e) {
        // The service may just be restarting.
        pause(end, "the API service does not answer: " + e.getMessage());
        continue;
      }
      String state = now.path("provision_state").asString();
      if (!state.equals(before)) {
        screen.line("node is " + state);
        before = state;
      }
      boolean settled = now.path("target_provision_state").isNull();
      if (state.equals(wanted) && settled) {
        return;
      }
      if (FAILED.contains(state)
          || (state.equals("enroll") && settled && !now.path("last_error").isNull())) {
        throw new QuickstartException(
            "The node ended in '%s': %s".formatted(state, now.path("last_error").asString("")));
      }
      show(state);
      pause(end, "the node is still " + state);
    }
  }

  /**
   * Waits until a step of the node's newest flow is in a state.
   *
   * @throws QuickstartException when the flow has ended or the step is past that state
   */
  void awaitStep(String name, String wanted, Duration patience) throws IOException {
    Duration end = screen.elapsed().plus(patience);
    while (true) {
      JsonNode flow = client.get("/v1/nodes/" + node + "/flows").path("flows").path(0);
      for (JsonNode step : flow.path("steps")) {
        if (step.path("step").asString().equals(name)) {
          String state = step.path("state").asString().toLowerCase(Locale.ROOT);
          if (state.equals(wanted)) {
            return;
          }
          if (!step.path("ended_at").isNull()) {
            throw new QuickstartException(
                "Step %s was over before it was seen %s: it is %s".formatted(name, wanted, state));
          }
        }
      }
      if (!flow.path("ended_at").isNull()) {
        throw new QuickstartException(
            "The node's flow ended without step %s: %s"
                .formatted(name, flow.path("error").asString("")));
      }
      if (screen.elapsed().compareTo(end) > 0) {
        throw new QuickstartException("Gave up waiting: step " + name + " was not reached");
      }
      sleep(CLOSE_LOOK);
    }
  }

  static void sleep(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QuickstartException("Interrupted");
    }
  }

  /** The steps of a node's flows with the time each took, oldest first. */
  List<String> timeline() throws IOException {
    var flows = new ArrayList<JsonNode>(elements(client.get("/v1/nodes/" + node + "/flows")));
    Collections.reverse(flows);
    var lines = new ArrayList<String>();
    for (JsonNode flow : flows) {
      lines.add(
          "%-44s %8s  %s"
              .formatted(
                  flow.path("kind").asString(),
                  seconds(flow.path("duration")),
                  flow.path("state").asString()));
      for (JsonNode step : flow.path("steps")) {
        lines.add("    %-40s %8s".formatted(name(step), seconds(step.path("duration"))));
      }
    }
    return lines;
  }

  private Collection<JsonNode> elements(JsonNode answer) {
    return answer.path("flows").values();
  }

  private void show(String state) throws IOException {
    for (JsonNode flow : elements(client.get("/v1/nodes/" + node + "/flows"))) {
      if (!flow.path("ended_at").isNull()) {
        return;
      }
      for (JsonNode step : flow.path("steps")) {
        String stepState = step.path("state").asString().toLowerCase(Locale.ROOT);
        if (stepState.equals("waiting") || stepState.equals("intended")) {
          showStep(state, step);
          return;
        }
      }
      return;
    }
  }

  private void showStep(String state, JsonNode step) {
    JsonNode progress = step.path("progress");
    long done = progress.path("done").asLong(0);
    long total = progress.path("total").asLong(0);
    String far = "";
    String key = name(step);
    if (total > 0) {
      long percent = done * 100 / total;
      far =
          " %s %3d%% %s of %s"
              .formatted(Screen.bar(done, total), percent, Screen.bytes(done), Screen.bytes(total));
      key += percent / 10;
    }
    screen.live(
        "  %s: %s (%s)%s".formatted(state, name(step), seconds(step.path("duration")), far), key);
  }

  private static String name(JsonNode step) {
    return step.path("interface").asString() + "." + step.path("step").asString();
  }

  private static String seconds(JsonNode duration) {
    return duration.isNumber() ? String.format(Locale.ROOT, "%.1f s", duration.asDouble()) : "-";
  }

  private void pause(Duration end, String otherwise) {
    if (screen.elapsed().compareTo(end) > 0) {
      throw new QuickstartException("Gave up waiting: " + otherwise);
    }
    sleep(POLL);
  }
}
