package dev.ironic.agent.hardware;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Facts about the processors that the JVM itself knows. */
final class Machine {

  private Machine() {}

  /** The architecture under the name Linux has for it. */
  static String architecture() {
    String name = System.getProperty("os.arch", "unknown");
    return switch (name) {
      case "amd64" -> "x86_64";
      case "arm64" -> "aarch64";
      default -> name;
    };
  }

  static Map<String, @Nullable Object> cpuOfThisProcess() {
    Map<String, @Nullable Object> cpu = new LinkedHashMap<>();
    cpu.put("model_name", System.getProperty("os.arch"));
    cpu.put("frequency", null);
    cpu.put("count", Runtime.getRuntime().availableProcessors());
    cpu.put("architecture", architecture());
    cpu.put("flags", List.of());
    cpu.put("socket_count", null);
    return cpu;
  }
}
