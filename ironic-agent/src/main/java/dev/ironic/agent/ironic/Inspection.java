package dev.ironic.agent.ironic;

import dev.ironic.agent.AgentOptions;
import dev.ironic.agent.hardware.BlockDevice;
import dev.ironic.agent.hardware.HardwareManager;
import dev.ironic.agent.hardware.HardwareManagers;
import dev.ironic.agent.hardware.Inventory;
import dev.ironic.agent.hardware.RootDevice;
import dev.ironic.agent.http.Trust;
import dev.ironic.agent.http.WebClient;
import dev.ironic.agent.json.Json;
import dev.ironic.agent.json.JsonMap;
import dev.ironic.agent.json.MalformedJsonException;
import dev.ironic.agent.system.Sleeper;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what the machine is made of, before anything else is done with it. */
public final class Inspection {

  private static final Logger log = LoggerFactory.getLogger(Inspection.class);

  private static final int ATTEMPTS = 5;
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final AgentOptions options;
  private final WebClient client;
  private final HardwareManagers managers;
  private final Inventory inventory;
  private final Sleeper sleeper;

  /** Creates it. */
  public Inspection(
      AgentOptions options,
      Trust trust,
      HardwareManagers managers,
      Inventory inventory,
      Sleeper sleeper) {
    this.options = options;
    this.client = new WebClient(trust, options.requestTimeout());
    this.managers = managers;
    this.inventory = inventory;
    this.sleeper = sleeper;
  }

  /**
   * Collects and sends. Failures are logged only: the lookup that follows decides.
   *
   * @return the node's UUID if the answer named it
   */
  public @Nullable String run() throws InterruptedException {
    byte[] body = Json.write(collect());
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) {
        sleeper.sleep(PAUSE.multipliedBy(attempt));
      }
      for (URI url : options.inspectionUrls()) {
        try {
          WebClient.Answer answer =
              client.call("POST", url, Map.of("Content-Type", "application/json"), body);
          if (answer.status() < 300) {
            return Json.readMap(answer.body()).text("uuid");
          }
          log.warn("inspection data was answered with HTTP {} by {}", answer.status(), url);
          if (answer.status() < 500 && answer.status() != 409) {
            return null;
          }
        } catch (IOException | MalformedJsonException e) {
          log.warn("inspection data could not be sent to {}: {}", url, e.toString());
        }
      }
    }
    return null;
  }

  private Map<String, @Nullable Object> collect() {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("inventory", null);
    data.put("error", null);
    try {
      data.put("inventory", inventory.collect());
      List<BlockDevice> disks = managers.dispatch("blockDevices", HardwareManager::blockDevices);
      if (!disks.isEmpty()) {
        data.put(
            "root_disk",
            RootDevice.choose(disks, JsonMap.empty(), !options.disks().isEmpty()).toWire());
      }
      data.put("boot_interface", bootMac());
      data.put(
          "configuration",
          Map.of(
              "collectors",
              List.of("default"),
              "managers",
              managers.versions().entrySet().stream()
                  .map(e -> Map.of("name", e.getKey(), "version", e.getValue()))
                  .toList()));
    } catch (Exception e) {
      log.error("inspection is incomplete", e);
      data.put("error", e.toString());
    }
    return data;
  }

  // The boot loader gives the hardware type and the address, with hyphens: 01-52-54-...
  private @Nullable String bootMac() {
    String raw = options.bootInterface();
    if (raw == null) {
      return null;
    }
    String mac = raw.toLowerCase(Locale.ROOT).replace('-', ':');
    return mac.length() == 20 ? mac.substring(3) : mac;
  }
}
