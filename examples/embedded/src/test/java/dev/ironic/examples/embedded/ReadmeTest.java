package dev.ironic.examples.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the README shows is what is compiled and run here. */
class ReadmeTest {

  private static final String INDENT = "    ";

  @Test
  void showsTheExampleAsItIs() throws IOException {
    Path root = Path.of(System.getProperty("project.root"));
    String readme = Files.readString(root.resolve("README.md"));
    String section =
        readme.substring(
            readme.indexOf("## For Java developers"), readme.indexOf("## For driver authors"));
    String shown =
        section
            .lines()
            .filter(line -> line.isEmpty() || line.startsWith(INDENT))
            .map(line -> line.isEmpty() ? line : line.substring(INDENT.length()))
            .collect(Collectors.joining("\n"))
            .strip();
    String source =
        Files.readString(
            Path.of("src/test/java/dev/ironic/examples/embedded/EmbeddedConductorTest.java"));
    assertThat(shown).startsWith("import ").contains("aNodeBecomesActive");
    assertThat(source).contains(shown);
  }
}
