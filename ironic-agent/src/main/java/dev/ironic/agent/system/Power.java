package dev.ironic.agent.system;

/** Ends the machine. Each call may return before the machine has ended. */
public interface Power {

  /** Puts all written data onto the media. */
  void sync() throws Exception;

  /** Powers the machine off. */
  void off() throws Exception;

  /** Restarts the machine, which then starts what was deployed. */
  void reboot() throws Exception;

  /** Cuts the machine off from its networks; it stays on. */
  void isolate() throws Exception;
}
