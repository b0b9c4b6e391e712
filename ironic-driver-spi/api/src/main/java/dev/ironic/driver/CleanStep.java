package dev.ironic.driver;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method as a clean step. The method is public, takes a {@link NodeTask} and, where it has
 * arguments, a {@code Map<String, Object>}, and returns a {@link StepResult}, or void when it is
 * always done on return. One method may be a step of several flows.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface CleanStep {

  /** The step's name; by default the method's name in snake case. */
  String name() default "";

  /** Higher runs earlier in automated cleaning; 0 leaves it out. */
  int priority();

  /** Whether an operator may abort while it runs. */
  boolean abortable() default false;

  /** Whether the deployment agent must be running on the machine. */
  boolean requiresRamdisk() default true;

  /** What a repetition after a crash of the conductor means. */
  Repeat repeat() default Repeat.IDEMPOTENT;

  /** The arguments that the step takes. */
  StepArgument[] args() default {};
}
