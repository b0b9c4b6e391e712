package dev.ironic.agent.hardware;

import dev.ironic.agent.boot.EfiBootManager;
import dev.ironic.agent.command.AgentException;
import dev.ironic.agent.command.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The steps about what firmware remembers. */
final class FirmwareSteps {

  private static final Path PSTORE = Path.of("/sys/fs/pstore");
  private static final List<String> DEFAULT_PATTERNS =
      List.of("^HD\\(", "shim.*\\.efi", "grub.*\\.efi");

  private final EfiBootManager boot;

  FirmwareSteps(EfiBootManager boot) {
    this.boot = boot;
  }

  List<Step> steps() {
    return List.of(
        new Step(
            "erase_pstore",
            "deploy",
            Map.of(Step.Kind.CLEAN, 0),
            false,
            true,
            List.of(),
            this::erasePstore),
        new Step(
            "clean_uefi_nvram",
            "deploy",
            Map.of(Step.Kind.CLEAN, 0, Step.Kind.DEPLOY, 0),
            false,
            true,
            List.of(
                new Step.Argument(
                    "match_patterns",
                    false,
                    "Regular expressions, any case, for the paths of boot entries to delete.")),
            this::cleanBootEntries));
  }

  private @Nullable Object erasePstore(Step.Call call) throws IOException {
    if (Files.isDirectory(PSTORE)) {
      try (Stream<Path> files = Files.list(PSTORE)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
    }
    return null;
  }

  private @Nullable Object cleanBootEntries(Step.Call call)
      throws IOException, InterruptedException {
    List<?> given = call.arguments().list("match_patterns");
    List<Pattern> patterns = new ArrayList<>();
    for (Object pattern : given.isEmpty() ? DEFAULT_PATTERNS : given) {
      try {
        patterns.add(Pattern.compile(String.valueOf(pattern), Pattern.CASE_INSENSITIVE));
      } catch (PatternSyntaxException e) {
        throw new AgentException(
            ErrorKind.INVALID_COMMAND_PARAMS,
            "'" + pattern + "' in match_patterns is not a regular expression",
            e);
      }
    }
    boot.deleteEntries(patterns);
    return null;
  }
}
