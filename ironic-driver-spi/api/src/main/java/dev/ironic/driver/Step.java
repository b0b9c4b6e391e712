package dev.ironic.driver;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One step of a flow, as an interface offers it or as an operator asked for it.
 *
 * @param interfaceKind whose implementation runs it
 * @param name unique among the steps of that interface and flow
 * @param priority higher runs earlier; 0 is left out of automatic flows
 * @param abortable whether an operator may abort while it runs
 * @param requiresRamdisk whether the deployment agent must be running on the machine
 * @param repeat what a repetition after a crash means
 * @param argsInfo what arguments it takes, by name
 * @param args arguments given; may hold nulls
 */
public record Step(
    InterfaceKind interfaceKind,
    String name,
    int priority,
    boolean abortable,
    boolean requiresRamdisk,
    Repeat repeat,
    Map<String, Argument> argsInfo,
    Map<String, @Nullable Object> args) {

  /**
   * Describes one argument.
   *
   * @param description for the operator
   * @param required whether the step fails without it
   */
  public record Argument(String description, boolean required) {}

  /** Copies what could be changed from outside. */
  public Step {
    argsInfo = Map.copyOf(argsInfo);
    args = Collections.unmodifiableMap(new LinkedHashMap<>(args));
  }

  /** The same step with other arguments. */
  public Step withArgs(Map<String, @Nullable Object> newArgs) {
    return new Step(
        interfaceKind, name, priority, abortable, requiresRamdisk, repeat, argsInfo, newArgs);
  }

  /** The same step with another priority. */
  public Step withPriority(int newPriority) {
    return new Step(
        interfaceKind, name, newPriority, abortable, requiresRamdisk, repeat, argsInfo, args);
  }

  /** The step's full name, {@code interface.step}, as in logs and in priority overrides. */
  public String qualifiedName() {
    return interfaceKind.wireName() + "." + name;
  }
}
