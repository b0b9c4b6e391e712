package dev.ironic.examples.customdriver;

import dev.ironic.driver.BmcCalls;
import dev.ironic.driver.DriverContext;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.Periodic;
import dev.ironic.driver.PowerInterface;
import dev.ironic.driver.PowerState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Switches an outlet. The strip speaks plain text over HTTP: {@code GET /outlets/3/state} answers
 * {@code on} or {@code off}, {@code PUT} sets it, {@code GET /outlets/3/watts} reads the meter.
 * Thread-safe.
 */
public final class OutletPower implements PowerInterface {

  /** Key in {@code driver_internal_info}: what the machine drew when the meter was last read. */
  public static final String WATTS = "outlet_watts";

  private static final Logger LOG = LoggerFactory.getLogger(OutletPower.class);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration DISCHARGE = Duration.ofSeconds(5);

  private final BmcCalls calls;
  private final HttpClient http;
  private final Duration discharge;

  /** Reads {@code [outlet] discharge_time}: how long a reboot leaves the power off, in seconds. */
  public OutletPower(DriverContext context) {
    calls = context.bmcCalls();
    http = HttpClient.newBuilder().connectTimeout(ANSWER).build();
    discharge = context.config().seconds("outlet", "discharge_time", DISCHARGE);
  }

  @Override
  public Map<String, String> properties() {
    return Map.of(
        Outlet.ADDRESS, "Address of the power strip, such as http://192.0.2.7:8080. Required.",
        Outlet.NUMBER, "The outlet that the machine is plugged into, from 1. Required.");
  }

  @Override
  public void validate(NodeTask task) {
    Outlet.of(task.node());
  }

  @Override
  public @Nullable PowerState powerState(NodeTask task) {
    return switch (read(task, "state")) {
      case "on" -> PowerState.POWER_ON;
      case "off" -> PowerState.POWER_OFF;
      default -> null;
    };
  }

  @Override
  public void setPowerState(NodeTask task, PowerState target, @Nullable Duration timeout) {
    switch (target) {
      case POWER_ON -> switchTo(task, "on");
      case POWER_OFF -> switchTo(task, "off");
      case REBOOT -> reboot(task, timeout);
      case SOFT_REBOOT, SOFT_POWER_OFF, ERROR ->
          throw DriverException.invalid("An outlet has no " + target.wireName());
    }
  }

  @Override
  public void reboot(NodeTask task, @Nullable Duration timeout) {
    switchTo(task, "off");
    task.sleep(discharge);
    switchTo(task, "on");
  }

  /**
   * Reads the meter of every machine once a minute. The task holds no lock until it asks for it.
   */
  @Periodic(spacing = 60, spacingOption = "outlet.meter_interval")
  public void readMeter(NodeTask task) {
    String watts = read(task, "watts");
    if (!watts.equals(task.node().internalText(WATTS).orElse(""))
        && !task.withLock(
            "store the meter", held -> held.update(node -> node.internal(WATTS, watts)))) {
      LOG.debug("Node {} is busy; its meter is stored next time", task.node().uuid());
    }
  }

  @Override
  public void close() {
    http.close();
  }

  /** All nodes on a strip share its few connections, and those who ask the same its answer. */
  private String read(NodeTask task, String what) {
    URI uri = Outlet.of(task.node()).uri(what);
    return calls.read(task, uri.getAuthority(), uri, () -> send("GET", uri, ""));
  }

  private void switchTo(NodeTask task, String state) {
    URI uri = Outlet.of(task.node()).uri("state");
    calls.call(task, uri.getAuthority(), () -> send("PUT", uri, state));
  }

  private String send(String method, URI uri, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(ANSWER)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw DriverException.failed(
            "The power strip refused %s %s with status %d"
                .formatted(method, uri, answer.statusCode()),
            null);
      }
      return answer.body().strip();
    } catch (IOException e) {
      throw DriverException.unreachable("The power strip does not answer at " + uri, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw DriverException.unreachable("Interrupted while asking " + uri, e);
    }
  }
}
