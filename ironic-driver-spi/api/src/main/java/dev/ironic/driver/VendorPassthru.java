package dev.ironic.driver;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method of a {@link VendorInterface} that the API reaches by name. The method takes a
 * {@link NodeTask} (node level) or none (driver level) and a {@code Map<String, Object>} of
 * parameters, and returns what is sent back, a value made of maps, lists and scalars, or void.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface VendorPassthru {

  /** The name in the URL; by default the method's name in snake case. */
  String name() default "";

  /** HTTP methods it answers, in upper case. */
  String[] httpMethods();

  /** Whether it runs after the answer (202) instead of before it (200). */
  boolean async() default true;

  /** Whether the result is sent as it is, as a body of its own. */
  boolean attach() default false;

  /** Whether it needs the node's lock; only at node level. */
  boolean exclusiveLock() default true;

  /** What it does, for the operator. */
  String description() default "";

  /** Whether it belongs to the driver and not to a node. */
  boolean driverLevel() default false;
}
