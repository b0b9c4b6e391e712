package dev.ironic.core.inspection;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The configured hooks. All prepare the data first, and what is wrong with the data is told at
 * once; then they change the node one after the other. Immutable and thread-safe.
 */
public final class HookChain {

  private final List<InspectionHook> hooks;

  private HookChain(List<InspectionHook> hooks) {
    this.hooks = hooks;
  }

  /**
   * Builds the chain.
   *
   * @throws IllegalArgumentException when a hook is unknown, or stands before one that it needs
   */
  public static HookChain of(InspectionOptions options) {
    Map<String, InspectionHook> known = known(options);
    var chain = new ArrayList<InspectionHook>();
    var names = new TreeSet<String>();
    for (String name : options.hooks()) {
      InspectionHook hook = known.get(name);
      if (hook == null) {
        throw new IllegalArgumentException(
            "[inspector] hooks names '%s', which is not one of %s".formatted(name, known.keySet()));
      }
      if (!names.containsAll(hook.dependsOn())) {
        throw new IllegalArgumentException(
            "[inspector] hooks: '%s' needs %s before it".formatted(name, hook.dependsOn()));
      }
      names.add(name);
      chain.add(hook);
    }
    return new HookChain(List.copyOf(chain));
  }

  /**
   * Runs the hooks.
   *
   * @throws InspectionFailure saying all that is wrong with the data, or why a hook failed
   */
  public void run(Findings findings) {
    var problems = new ArrayList<String>();
    for (InspectionHook hook : hooks) {
      try {
        hook.preprocess(findings);
      } catch (InspectionFailure e) {
        problems.add(e.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw new InspectionFailure(
          "The following failures happened during running pre-processing hooks: "
              + String.join("; ", problems));
    }
    hooks.forEach(hook -> hook.apply(findings));
  }

  private static Map<String, InspectionHook> known(InspectionOptions options) {
    var known = new LinkedHashMap<String, InspectionHook>();
    List.of(
            new PropertyHooks.RamdiskError(),
            new InterfaceHook(options.addPorts()),
            new PortsHook(options.addPorts(), options.keepPorts(), options.updatePxeEnabled()),
            new PropertyHooks.Architecture(),
            new PropertyHooks.Memory(),
            new PropertyHooks.Cpus(),
            new PropertyHooks.BootModeHook(),
            new PropertyHooks.CpuCapabilities(options.cpuCapabilities()))
        .forEach(hook -> known.put(hook.name(), hook));
    return known;
  }
}
