package dev.ironic.lab;

import java.util.List;

/** How QEMU runs the processor of a machine. */
public enum Accelerator {
  /** By the host's processor; only where {@link KvmProbe} has seen it work. */
  KVM(List.of("-accel", "kvm", "-cpu", "host")),

  /** By translation; works everywhere. The agent's start-up cache needs the newest processor. */
  TCG(List.of("-accel", "tcg,thread=multi", "-cpu", "max"));

  private final List<String> options;

  Accelerator(List<String> options) {
    this.options = options;
  }

  List<String> options() {
    return options;
  }
}
