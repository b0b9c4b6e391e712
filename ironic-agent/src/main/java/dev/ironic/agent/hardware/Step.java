package dev.ironic.agent.hardware;

import dev.ironic.agent.command.Progress;
import dev.ironic.agent.json.JsonMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A step a hardware manager offers.
 *
 * @param name its name
 * @param driverInterface the driver interface it is listed under
 * @param priorities its priority in each kind of operation it can be part of; 0 means on demand
 * @param rebootRequested true if the machine must be rebooted after it
 * @param abortable true if the operation may be aborted while it waits
 * @param arguments what it takes besides node and ports
 * @param action the work
 */
public record Step(
    String name,
    String driverInterface,
    Map<Kind, Integer> priorities,
    boolean rebootRequested,
    boolean abortable,
    List<Argument> arguments,
    Action action) {

  /** The operation steps are part of. */
  public enum Kind {
    CLEAN,
    DEPLOY,
    SERVICE
  }

  /**
   * An argument of a step.
   *
   * @param name its name
   * @param required true if it must be given
   * @param description for the operator
   */
  public record Argument(String name, boolean required, String description) {}

  /**
   * What a step is run with.
   *
   * @param node the node as the conductor sent it
   * @param ports its ports
   * @param arguments the step's own arguments
   * @param progress where to report how far it is
   */
  public record Call(JsonMap node, List<?> ports, JsonMap arguments, Progress progress) {}

  /** The work of a step. */
  @FunctionalInterface
  public interface Action {
    /** Runs to the end; what is returned goes into the command's result. */
    @Nullable Object run(Call call) throws Exception;
  }

  /** Its entry in the answer to get_*_steps. */
  Map<String, Object> toWire(Kind kind) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("step", name);
    wire.put("priority", priorities.getOrDefault(kind, 0));
    wire.put("interface", driverInterface);
    wire.put("reboot_requested", rebootRequested);
    if (kind != Kind.DEPLOY) {
      wire.put("abortable", abortable);
    }
    if (!arguments.isEmpty()) {
      Map<String, Object> info = new LinkedHashMap<>();
      arguments.forEach(
          a -> info.put(a.name, Map.of("description", a.description, "required", a.required)));
      wire.put("argsinfo", info);
    }
    return wire;
  }

  Set<String> argumentNames() {
    Set<String> names = new java.util.TreeSet<>();
    arguments.forEach(a -> names.add(a.name));
    return names;
  }
}
