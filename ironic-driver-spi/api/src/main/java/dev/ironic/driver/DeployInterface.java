package dev.ironic.driver;

/** Puts an operating system onto a machine, and cleans up after it. */
public interface DeployInterface extends HardwareInterface {

  /**
   * Sets up networks, images and boot before the first deploy step. Repeating it does no harm.
   *
   * @return done; or waiting until the agent reports
   */
  StepResult prepare(NodeTask task);

  /** Takes the instance off the machine. */
  void tearDown(NodeTask task);

  /** Removes what {@link #prepare} set up; does nothing where nothing is left. */
  void cleanUp(NodeTask task);

  /** Builds up what this conductor needs locally for a node that came from another conductor. */
  void takeOver(NodeTask task);

  /**
   * Removes what this conductor keeps locally for a node that another one has taken over. The task
   * holds no lock: neither the node nor its machine may be touched.
   */
  default void giveUp(NodeTask task) {}

  /**
   * Gets the machine ready for cleaning or servicing.
   *
   * @param kind {@link StepKind#CLEAN} or {@link StepKind#SERVICE}
   * @return done; or waiting until the deployment agent reports
   */
  default StepResult prepareSteps(NodeTask task, StepKind kind) {
    return StepResult.done();
  }

  /** Undoes {@link #prepareSteps}, also after a failure; repeating it does no harm. */
  default void tearDownSteps(NodeTask task, StepKind kind) {}

  /**
   * Called, with the node's lock, when the deployment agent reports for the first time after a
   * preparation answered waiting, so that the interface can learn what the agent offers.
   *
   * @return done; or waiting when it is not ready yet
   */
  default StepResult agentReady(NodeTask task, StepKind kind) {
    return StepResult.done();
  }

  /**
   * Called after a flow has failed or timed out in a step, before the flow's own clean-up, so that
   * the agent's logs can be collected. Must be quick; exceptions are logged only.
   */
  default void collectLogs(NodeTask task) {}

  /** Whether the agent that runs on the machine now can be used without booting it again. */
  default boolean fastTrack(NodeTask task) {
    return false;
  }

  /**
   * Called first in a deployment, before validation: a chooser replaces the node's deploy interface
   * here.
   *
   * @return the name of the implementation to use, or this node's present one
   */
  default String switchInterface(NodeTask task) {
    return task.node().interfaceName(InterfaceKind.DEPLOY);
  }

  /** Whether this implementation can deploy what the node's instance asks for. */
  default boolean supportsDeploy(NodeTask task) {
    return true;
  }
}
