package dev.ironic.driver;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method of a hardware interface that the conductor calls again and again.
 *
 * <p>A method without parameters runs once per round. A method taking a {@link NodeTask} runs for
 * each node of this conductor that uses exactly this implementation; the task holds no lock (see
 * {@link NodeTask#withLock}). A round starts {@code spacing} after the one before has ended;
 * exceptions are logged and end only that node's turn.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Periodic {

  /** Seconds between two rounds; 0 switches the task off. */
  int spacing();

  /**
   * A configuration option that overrides the spacing, as {@code group.option}; empty for none. Its
   * value is in seconds, 0 switches the task off.
   */
  String spacingOption() default "";

  /** Provision states of the nodes of interest, by wire name; empty for all. */
  String[] states() default {};
}
