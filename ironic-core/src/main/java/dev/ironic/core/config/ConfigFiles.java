package dev.ironic.core.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** For the main of a server: finds the configuration and tells what is questionable in it. */
public final class ConfigFiles {

  private static final Path USUAL_PLACE = Path.of("/etc/ironic/ironic.conf");

  private ConfigFiles() {}

  /** Reads the files given; without any, {@code /etc/ironic/ironic.conf} where it exists. */
  public static IronicConfig load(List<Path> given) {
    return IronicConfig.load(
        given.isEmpty() && Files.exists(USUAL_PLACE) ? List.of(USUAL_PLACE) : given);
  }

  /**
   * Writes to the log what is questionable; to be called when everything has been started, since an
   * option that nobody has read by then has no effect.
   *
   * @param groups the groups that are this server's business; empty for all
   */
  public static void report(IronicConfig config, Set<String> groups) {
    Logger log = LoggerFactory.getLogger(ConfigFiles.class);
    config.warnings().forEach(warning -> log.warn("Configuration: {}", warning));
    for (String option : config.unread(groups)) {
      log.warn("Configuration: {} is a known option but has no effect in this version", option);
    }
  }
}
