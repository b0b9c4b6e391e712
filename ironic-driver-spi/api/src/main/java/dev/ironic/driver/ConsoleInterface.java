package dev.ironic.driver;

import java.util.Map;

/** Gives access to a machine's console. */
public interface ConsoleInterface extends HardwareInterface {

  /** Starts the console; does nothing when it runs already. */
  void startConsole(NodeTask task);

  /** Stops the console; does nothing when it does not run. */
  void stopConsole(NodeTask task);

  /** How to reach it: {@code type} and {@code url}. */
  Map<String, String> console(NodeTask task);
}
