package dev.ironic.core.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the configuration of a server and tells what is questionable in it. */
public final class ConfigFiles {

  private static final Logger log = LoggerFactory.getLogger(ConfigFiles.class);
  private static final Path USUAL_PLACE = Path.of("/etc/ironic/ironic.conf");

  private ConfigFiles() {}

  /**
   * Reads the files given; without any, {@code /etc/ironic/ironic.conf} where it exists. Warnings go
   * to the log.
   */
  public static IronicConfig load(List<Path> given) {
    List<Path> files =
        given.isEmpty() && Files.exists(USUAL_PLACE) ? List.of(USUAL_PLACE) : given;
    IronicConfig config = IronicConfig.load(files);
    config.warnings().forEach(warning -> log.warn("Configuration: {}", warning));
    return config;
  }

  /**
   * Tells which options are set in vain; to be called when everything has been started.
   *
   * @param groups the groups that are this server's business; empty for all
   */
  public static void reportUnread(IronicConfig config, Set<String> groups) {
    for (String option : config.unread(groups)) {
      log.warn("Configuration: {} is a known option but has no effect in this version", option);
    }
  }
}
