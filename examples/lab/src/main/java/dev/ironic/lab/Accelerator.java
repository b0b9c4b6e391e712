package dev.ironic.lab;

import java.util.List;

/** How QEMU runs the processor of a machine. */
public enum Accelerator {
  /** By the host's processor; only where {@link KvmProbe} has seen it work. */
  KVM,

  /** By translation; works everywhere. The agent's start-up cache needs the newest processor. */
  TCG;

  List<String> options() {
    return switch (this) {
      case KVM -> List.of("-accel", "kvm", "-cpu", "host");
      case TCG -> List.of("-accel", "tcg,thread=multi", "-cpu", "max");
    };
  }
}
