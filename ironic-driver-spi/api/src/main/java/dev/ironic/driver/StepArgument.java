package dev.ironic.driver;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Describes one argument of a step. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({})
public @interface StepArgument {

  /** The argument's name. */
  String name();

  /** What it means, for the operator. */
  String description();

  /** Whether the step fails without it. */
  boolean required() default false;
}
