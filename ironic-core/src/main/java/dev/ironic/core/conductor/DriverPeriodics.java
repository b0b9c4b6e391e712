package dev.ironic.core.conductor;

import dev.ironic.core.IronicException;
import dev.ironic.core.driver.DriverRegistry.Implementation;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Query.Filter;
import dev.ironic.driver.DriverConfig;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.Periodic;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the periodic methods of drivers. */
final class DriverPeriodics {

  private static final Logger LOG = LoggerFactory.getLogger(DriverPeriodics.class);

  private final TaskManager tasks;
  private final DriverConfig config;
  private final Predicate<Node> mine;

  DriverPeriodics(TaskManager tasks, DriverConfig config, Predicate<Node> mine) {
    this.tasks = tasks;
    this.config = config;
    this.mine = mine;
  }

  void schedule(Periodics periodics) {
    for (Implementation implementation : tasks.drivers().implementations()) {
      for (Method method : implementation.instance().getClass().getMethods()) {
        Periodic periodic = method.getAnnotation(Periodic.class);
        if (periodic != null && !method.isBridge()) {
          String name =
              "%s.%s %s"
                  .formatted(
                      implementation.kind().wireName(), implementation.name(), method.getName());
          periodics.every(
              name, spacing(periodic), () -> round(periodics, implementation, method, periodic));
        }
      }
    }
  }

  private Duration spacing(Periodic periodic) {
    Duration declared = Duration.ofSeconds(periodic.spacing());
    String option = periodic.spacingOption();
    if (option.isEmpty()) {
      return declared;
    }
    int dot = option.indexOf('.');
    if (dot < 0) {
      throw new IllegalArgumentException(
          "A periodic method names the option '%s'; write group.option".formatted(option));
    }
    return config.seconds(option.substring(0, dot), option.substring(dot + 1), declared);
  }

  private void round(
      Periodics periodics, Implementation implementation, Method method, Periodic periodic) {
    if (method.getParameterCount() == 0) {
      call(implementation, method);
      return;
    }
    Query query = Query.ALL.and(new Filter.IsNull("reservation", true));
    if (periodic.states().length > 0) {
      List<ProvisionState> states =
          Arrays.stream(periodic.states())
              .map(ProvisionState::ofWireName)
              .flatMap(Optional::stream)
              .toList();
      query = query.and(new Filter.In("provisionState", states));
    }
    for (Node node : tasks.store().nodes().list(query)) {
      if (periodics.isStopped()) {
        return;
      }
      if (mine.test(node) && uses(node, implementation)) {
        turn(implementation, method, node);
      }
    }
  }

  private boolean uses(Node node, Implementation implementation) {
    try {
      return tasks
          .drivers()
          .effectiveName(node, implementation.kind())
          .equals(implementation.name());
    } catch (IronicException e) {
      return false;
    }
  }

  private void turn(Implementation implementation, Method method, Node node) {
    try {
      NodeTask task = tasks.shared(Watch.context(), node.uuid(), method.getName());
      call(implementation, method, task);
    } catch (RuntimeException e) {
      LOG.warn("{} failed for node {}", method.getName(), node.uuid(), e);
    }
  }

  private static void call(Implementation implementation, Method method, Object... arguments) {
    try {
      method.invoke(implementation.instance(), arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(method + " failed", e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(method + " must be public, in a public class", e);
    }
  }
}
