package dev.ironic.core.conductor;

import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Query.Filter;
import dev.ironic.driver.DriverConfig;
import dev.ironic.driver.HardwareInterface;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.Periodic;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A periodic method of a driver, checked. Immutable.
 *
 * @param method the method
 * @param declared what its author wants
 * @param states the states of the nodes of interest; empty for all
 */
record PeriodicMethod(Method method, Periodic declared, Set<ProvisionState> states) {

  private static final Set<String> OFF = Set.of("", "0", "false", "no", "off");

  /**
   * The periodic methods that an instance has, inherited ones among them.
   *
   * @throws IllegalArgumentException when one cannot be called as it is declared
   */
  static List<PeriodicMethod> of(HardwareInterface instance) {
    Class<?> type = instance.getClass();
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      for (Method method : each.getDeclaredMethods()) {
        if (method.isAnnotationPresent(Periodic.class)
            && !Modifier.isPublic(method.getModifiers())) {
          throw wrong(method, "it must be public");
        }
      }
    }
    var found = new ArrayList<PeriodicMethod>();
    for (Method method : type.getMethods()) {
      Periodic periodic = method.getAnnotation(Periodic.class);
      if (periodic != null && !method.isBridge()) {
        found.add(checked(instance, method, periodic));
      }
    }
    return found;
  }

  private static PeriodicMethod checked(
      HardwareInterface instance, Method method, Periodic periodic) {
    Class<?>[] parameters = method.getParameterTypes();
    boolean perNode = parameters.length == 1 && parameters[0] == NodeTask.class;
    if (parameters.length > 0 && !perNode) {
      throw wrong(method, "it must have no parameter, or one of type NodeTask");
    }
    if (Modifier.isStatic(method.getModifiers())) {
      throw wrong(method, "it must not be static");
    }
    if (!method.canAccess(instance)) {
      throw wrong(method, "its class must be public");
    }
    if (periodic.limit() < 0) {
      throw wrong(method, "its limit is %d; 0 means none".formatted(periodic.limit()));
    }
    var states = EnumSet.noneOf(ProvisionState.class);
    for (String name : periodic.states()) {
      states.add(
          ProvisionState.ofWireName(name)
              .orElseThrow(() -> wrong(method, "'%s' is not a provision state".formatted(name))));
    }
    return new PeriodicMethod(method, periodic, Set.copyOf(states));
  }

  private static IllegalArgumentException wrong(Method method, String what) {
    return new IllegalArgumentException(
        "The periodic method %s.%s cannot be used: %s"
            .formatted(method.getDeclaringClass().getName(), method.getName(), what));
  }

  /** The name in the log and in reports, with the class that is asked for and not a base of it. */
  String name(Class<?> type) {
    return type.getSimpleName() + "." + method.getName();
  }

  boolean isPerNode() {
    return method.getParameterCount() == 1;
  }

  /** The time between two rounds; zero or less when the task is switched off. */
  Duration spacing(DriverConfig config) {
    if (!declared.enabledOption().isEmpty()) {
      String[] option = option(declared.enabledOption());
      String value = config.text(option[0], option[1]).orElse("");
      if (OFF.contains(value.strip().toLowerCase(Locale.ROOT))) {
        return Duration.ZERO;
      }
    }
    Duration byDefault = Duration.ofSeconds(declared.spacing());
    if (declared.spacingOption().isEmpty()) {
      return byDefault;
    }
    String[] option = option(declared.spacingOption());
    return config.seconds(option[0], option[1], byDefault);
  }

  private String[] option(String name) {
    int dot = name.indexOf('.');
    if (dot < 1) {
      throw wrong(method, "it names the option '%s'; write group.option".formatted(name));
    }
    return new String[] {name.substring(0, dot), name.substring(dot + 1)};
  }

  /** What can be asked of the database. */
  Query query() {
    Query query =
        Query.ALL
            .and(new Filter.IsNull("reservation", true))
            .and(new Filter.IsNull("parentNode", true));
    if (!states.isEmpty()) {
      query = query.and(new Filter.In("provisionState", states));
    }
    return switch (declared.maintenance()) {
      case INCLUDED -> query;
      case EXCLUDED -> query.and(new Filter.Equal("maintenance", false));
      case REQUIRED -> query.and(new Filter.Equal("maintenance", true));
    };
  }

  /** Whether a node is of interest as it is now. */
  boolean selects(Node node) {
    boolean wanted =
        switch (declared.maintenance()) {
          case INCLUDED -> true;
          case EXCLUDED -> !node.maintenance();
          case REQUIRED -> node.maintenance();
        };
    return wanted
        && node.reservation() == null
        && (states.isEmpty() || states.contains(node.provisionState()))
        && (declared.internalInfo().isEmpty()
            || node.driverInternalInfo().get(declared.internalInfo()) != null);
  }

  /**
   * Calls the method.
   *
   * @return false when it answers so, and the turn does not count; else true
   */
  boolean call(HardwareInterface instance, Object... arguments) {
    try {
      return !Boolean.FALSE.equals(method.invoke(instance, arguments));
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(Arrays.toString(arguments) + ": " + method + " failed", e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(method + " could be called before, but no more", e);
    }
  }
}
