package dev.ironic.core.config;

import dev.ironic.driver.DriverConfig;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/**
 * What the mains of our servers have in common: they alone may set up logging, react to signals and
 * end the process. Not for embedders.
 */
public final class ServerProcess {

  private ServerProcess() {}

  /**
   * Chooses the log's form; to be called before anything is logged.
   *
   * @param resource the logback configuration on the class path
   */
  public static void logging(DriverConfig config, String resource) {
    System.setProperty("logback.configurationFile", resource);
    System.setProperty(
        "ironic.log.level", config.flag("DEFAULT", "debug", false) ? "DEBUG" : "INFO");
    System.setProperty(
        "ironic.log.form", config.flag("DEFAULT", "use_json", false) ? "JSON" : "TEXT");
  }

  /**
   * Runs a server's start; a failure is told in one line, with the details in the log.
   *
   * @param wrapper what a container packs errors of the parts it makes into
   * @return the exit status
   */
  public static int run(Callable<Integer> body, Class<? extends Exception> wrapper) {
    try {
      return body.call();
    } catch (Exception e) {
      Throwable shown = wrapper.isInstance(e) && e.getCause() != null ? e.getCause() : e;
      LoggerFactory.getLogger(ServerProcess.class).debug("The start failed", e);
      System.err.println(shown.getMessage() == null ? shown : shown.getMessage());
      return shown instanceof ConfigException ? 2 : 1;
    }
  }

  /** Closes what is open when the process is told to end. */
  public static void closeAtExit(AutoCloseable open) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    open.close();
                  } catch (Exception e) {
                    LoggerFactory.getLogger(ServerProcess.class).warn("Not closed cleanly", e);
                  }
                },
                "shutdown"));
  }

  /** Waits until the process is told to end. */
  public static int untilStopped() throws InterruptedException {
    new CountDownLatch(1).await();
    return 0;
  }
}
