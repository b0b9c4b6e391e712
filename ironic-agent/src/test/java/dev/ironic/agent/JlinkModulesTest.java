package dev.ironic.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class JlinkModulesTest {

  @Test
  void namesAllModulesTheClassesNeed() throws Exception {
    Path list =
        Path.of(
            System.getProperty("project.root", ".."), "ironic-agent/src/main/jlink-modules.txt");
    Set<String> listed =
        Files.readAllLines(list).stream()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(listed).containsAll(needed());
  }

  private static Set<String> needed() throws Exception {
    StringWriter out = new StringWriter();
    int exit =
        ToolProvider.findFirst("jdeps")
            .orElseThrow()
            .run(
                new PrintWriter(out),
                new PrintWriter(out),
                "--multi-release",
                "21",
                "--ignore-missing-deps",
                "--print-module-deps",
                codeOf(Agent.class),
                codeOf(tools.jackson.core.JsonParser.class),
                codeOf(org.slf4j.Logger.class));
    assertThat(exit).as(out.toString()).isZero();
    return Set.of(out.toString().strip().split(",", -1));
  }

  private static String codeOf(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }
}
