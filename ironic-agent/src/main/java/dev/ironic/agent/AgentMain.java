package dev.ironic.agent;

import java.util.List;

/** Starts the agent as a process of its own. */
public final class AgentMain {

  private AgentMain() {}

  /** See {@link CommandLine#USAGE} for the options. */
  public static void main(String[] arguments) {
    RecentLog log = new RecentLog(System.err);
    System.setErr(log.stream());
    // Answers are small: waiting to fill a packet would cost 40 ms for each.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.exit(run(List.of(arguments), log));
  }

  private static int run(List<String> arguments, RecentLog log) {
    try {
      CommandLine commandLine = CommandLine.parse(arguments);
      if (commandLine.help()) {
        System.out.print(CommandLine.USAGE);
        return 0;
      }
      if (commandLine.selfTest()) {
        SelfTest.run();
        return 0;
      }
      KernelParameters kernel = KernelParameters.read(commandLine.kernelParameters());
      AgentOptions.Reader reader = new AgentOptions.Reader(kernel);
      AgentOptions options = reader.read(commandLine);
      if (options.debug()) {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "debug");
      }
      reader.warnings().forEach(warning -> System.err.println("ironic-agent: " + warning));
      try (Agent agent = Agent.start(options, Agent.Surroundings.real(log::content))) {
        Runtime.getRuntime().addShutdownHook(new Thread(agent::close));
        return agent.awaitExit();
      }
    } catch (Exception e) {
      System.err.println("ironic-agent: " + e.getMessage());
      return 1;
    }
  }
}
