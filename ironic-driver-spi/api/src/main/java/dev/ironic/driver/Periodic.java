package dev.ironic.driver;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a public method of a hardware interface that the conductor calls again and again.
 *
 * <p>A method without parameters runs once per round, on each instance of its class. A method
 * taking a {@link NodeTask} runs for the nodes that this conductor serves, that nobody works on,
 * that are no other node's child, and that use exactly the class in question: a subclass that
 * inherits the method has rounds of its own. The task holds no lock, see {@link NodeTask#withLock};
 * what was read without it has to be checked again with it. Several nodes have their turn at the
 * same time ({@code [conductor] periodic_max_workers}), and which of the class's instances is
 * called is the node's choice.
 *
 * <p>A round begins {@code spacing} after the start of the one before, or at once when that took
 * longer; rounds of a task never overlap on one conductor. Exceptions are logged and end only that
 * node's turn. Spacing and switch are read once, at the conductor's start.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Periodic {

  /** Seconds between the starts of two rounds; 0 switches the task off. */
  int spacing();

  /**
   * A configuration option that overrides the spacing, as {@code group.option}; empty for none. Its
   * value is in seconds, 0 switches the task off.
   */
  String spacingOption() default "";

  /**
   * A configuration option that switches the task on, as {@code group.option}; empty for none. The
   * task is off where the option is unset, 0 or false.
   */
  String enabledOption() default "";

  /** Whether the first round is due at the conductor's start, and not a spacing later. */
  boolean runImmediately() default false;

  /** Provision states of the nodes of interest, by wire name; empty for all. */
  String[] states() default {};

  /** Whether nodes in maintenance are of interest. */
  Maintenance maintenance() default Maintenance.INCLUDED;

  /**
   * Only nodes that have this key in their {@code driver_internal_info} are of interest; empty for
   * all.
   */
  String internalInfo() default "";

  /**
   * After how many nodes a round ends; 0 for no limit. A turn that answers {@code false} does not
   * count; a method may be {@code void}, then all turns do.
   */
  int limit() default 0;

  /** What to do with nodes in maintenance. */
  enum Maintenance {
    /** They are nodes like all others. */
    INCLUDED,
    /** They are left out. */
    EXCLUDED,
    /** They alone are of interest. */
    REQUIRED
  }
}
