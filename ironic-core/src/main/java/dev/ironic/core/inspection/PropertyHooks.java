package dev.ironic.core.inspection;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Hooks that each read one fact of the inventory into the node's properties. */
final class PropertyHooks {

  private PropertyHooks() {}

  /** {@code ramdisk-error}: fails when the ramdisk says that it did. */
  record RamdiskError() implements InspectionHook {

    @Override
    public String name() {
      return "ramdisk-error";
    }

    @Override
    public void preprocess(Findings findings) {
      Findings.text(findings.pluginData(), "error")
          .ifPresent(
              error -> {
                throw new InspectionFailure("Ramdisk reported error: " + error);
              });
    }
  }

  /** {@code architecture}: {@code cpu_arch}. */
  record Architecture() implements InspectionHook {

    @Override
    public String name() {
      return "architecture";
    }

    @Override
    public void apply(Findings findings) {
      String architecture =
          Findings.text(findings.section("cpu"), "architecture")
              .orElseThrow(
                  () ->
                      new InspectionFailure("The CPU architecture was not found in the inventory"));
      findings.property("cpu_arch", architecture);
    }
  }

  /** {@code memory}: {@code memory_mb}. */
  record Memory() implements InspectionHook {

    @Override
    public String name() {
      return "memory";
    }

    @Override
    public void apply(Findings findings) {
      long megabytes =
          Findings.number(findings.section("memory"), "physical_mb")
              .orElseThrow(
                  () -> new InspectionFailure("The memory size was not found in the inventory"));
      findings.property("memory_mb", megabytes);
    }
  }

  /** {@code cpus}: {@code cpus}, when they are counted. */
  record Cpus() implements InspectionHook {

    @Override
    public String name() {
      return "cpus";
    }

    @Override
    public void apply(Findings findings) {
      Findings.number(findings.section("cpu"), "count")
          .filter(count -> count > 0)
          .ifPresent(count -> findings.property("cpus", count));
    }
  }

  /** {@code boot-mode}: the capability {@code boot_mode}. */
  record BootModeHook() implements InspectionHook {

    @Override
    public String name() {
      return "boot-mode";
    }

    @Override
    public void apply(Findings findings) {
      Findings.text(findings.section("boot"), "current_boot_mode")
          .ifPresent(mode -> findings.capability("boot_mode", mode));
    }
  }

  /** {@code cpu-capabilities}: capabilities that CPU flags stand for. */
  record CpuCapabilities(Map<String, String> capabilities) implements InspectionHook {

    @Override
    public String name() {
      return "cpu-capabilities";
    }

    @Override
    public void apply(Findings findings) {
      if (!(findings.section("cpu").get("flags") instanceof List<?> flags)) {
        return;
      }
      Set<String> found = new TreeSet<>();
      capabilities.forEach(
          (flag, capability) -> {
            if (flags.contains(flag)) {
              found.add(capability);
            }
          });
      found.forEach(capability -> findings.capability(capability, "true"));
    }
  }
}
