package dev.ironic.driver;

import java.util.function.Supplier;

/**
 * The way to management controllers, shared by all drivers of a conductor. Controllers are small
 * computers: they bear few calls at a time, and one that hangs must not cost others time. So calls
 * to the same controller are bounded, equal reads under way share one answer, and a controller that
 * does not answer is left alone for a while, in which calls fail at once.
 *
 * <p>One call is one exchange with the controller, such as an HTTP request or an ipmitool run, not
 * a whole operation with pauses in it; a call makes no other call. Thread-safe.
 */
public interface BmcCalls {

  /**
   * Makes a call.
   *
   * @param task on whose behalf; its node must still be this conductor's
   * @param controller names the controller for all drivers and nodes alike: address and port
   * @param call talks to the controller; throws a {@link DriverException} of kind UNREACHABLE when
   *     there is no answer
   * @throws DriverException what the call threw; UNREACHABLE without a call while the controller is
   *     left alone, or when its turn did not come in time
   */
  <T> T call(NodeTask task, String controller, Supplier<T> call);

  /**
   * Makes a call that only reads. Callers that ask the same while it is under way get its answer or
   * its failure, unless another call to the controller ended in between.
   *
   * @param question what is asked, with equals; the same answer must be right for all who ask it
   */
  <T> T read(NodeTask task, String controller, Object question, Supplier<T> call);
}
