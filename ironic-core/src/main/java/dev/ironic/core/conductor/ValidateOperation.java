package dev.ironic.core.conductor;

import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.core.conductor.ConductorService.Validation;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.InterfaceKind;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks all interfaces of a node but vendor's. Thread-safe. */
final class ValidateOperation {

  private static final Logger LOG = LoggerFactory.getLogger(ValidateOperation.class);

  private static final List<InterfaceKind> KINDS =
      Arrays.stream(InterfaceKind.values())
          .filter(kind -> kind != InterfaceKind.VENDOR)
          .sorted(Comparator.comparing(InterfaceKind::wireName))
          .toList();

  private final NodeWork work;
  private final String host;

  /**
   * Creates the operation.
   *
   * @param host the conductor's name, for the operator who looks for its log
   */
  ValidateOperation(NodeWork work, String host) {
    this.work = work;
    this.host = host;
  }

  /** The outcome by wire name of the kind; errors of drivers are outcomes, too. */
  Map<String, Validation> validate(RequestContext context, String nodeUuid) {
    return work.shared(
        context,
        nodeUuid,
        "driver interface validation",
        task -> {
          var outcomes = new LinkedHashMap<String, Validation>();
          for (InterfaceKind kind : KINDS) {
            outcomes.put(kind.wireName(), outcome(task, kind));
          }
          return Collections.unmodifiableMap(outcomes);
        });
  }

  private Validation outcome(Task task, InterfaceKind kind) {
    try {
      task.driver(kind.type()).validate(task);
      if (kind == InterfaceKind.DEPLOY) {
        NodeRules.checkInstanceTraits(task.model());
      }
      return new Validation(true, null);
    } catch (DriverException e) {
      return switch (e.kind()) {
        case INVALID_PARAMETER, MISSING_PARAMETER, UNSUPPORTED ->
            new Validation(false, e.getMessage());
        case CONFLICT, OPERATION_FAILED, UNREACHABLE, AGENT_BUSY -> unexpected(task, kind, e);
      };
    } catch (IronicException e) {
      return new Validation(false, e.getMessage());
    } catch (RuntimeException e) {
      return unexpected(task, kind, e);
    }
  }

  private Validation unexpected(Task task, InterfaceKind kind, RuntimeException e) {
    LOG.warn(
        "Validation of the {} interface of node {} failed unexpectedly",
        kind.wireName(),
        task.model().uuid(),
        e);
    return new Validation(
        false,
        ("Unexpected exception, traceback saved into log by ironic conductor service that is"
                + " running on %s: %s")
            .formatted(host, e.getMessage()));
  }
}
