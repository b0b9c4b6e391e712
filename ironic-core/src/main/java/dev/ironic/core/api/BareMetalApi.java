package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.policy.Caller;
import dev.ironic.core.policy.Policy;
import dev.ironic.core.policy.PolicyOptions;
import dev.ironic.core.routing.ConductorLocator;
import dev.ironic.core.store.Store;
import dev.ironic.driver.DriverConfig;
import dev.ironic.driver.DriverException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything the REST API does, free of HTTP: a request for an operation of the table in, an answer
 * out. Thread-safe; calls block.
 */
public final class BareMetalApi {

  private final List<Operation> operations = Operation.table();
  private final Map<String, Handler> handlers = new HashMap<>();
  private final ApiOptions options;
  private final Policy policy;
  private final Guard guard;
  private final Turns turns = new Turns();

  /**
   * Makes the API.
   *
   * @param store where objects are
   * @param locator finds the conductor to ask
   * @param config the configuration file
   * @param clock tells which conductors are alive
   */
  public BareMetalApi(
      Store store, ConductorLocator locator, DriverConfig config, InstantSource clock) {
    options = ApiOptions.from(config);
    policy = new Policy(PolicyOptions.from(config));
    var lookups = new Lookups(store, locator);
    guard = new Guard(lookups, options.projectsManageNodes());
    new RootCalls().register(handlers);
    new NodeCalls(lookups, options).register(handlers);
    new PortCalls(lookups, options).register(handlers);
    new PortgroupCalls(lookups, options).register(handlers);
    new ChassisCalls(lookups, options).register(handlers);
    new StateCalls(lookups).register(handlers);
    new ProvisionCalls(lookups).register(handlers);
    new DriverCalls(lookups, options, store.clock()).register(handlers);
    new HardwareCalls(lookups).register(handlers);
    new TraitCalls(lookups).register(handlers);
    new FlowCalls(lookups, store.clock()).register(handlers);
    new LockCalls(lookups).register(handlers);
    new DrainCalls(lookups).register(handlers);
    var ramdisk = new RamdiskCalls(lookups, options);
    ramdisk.register(handlers);
    new InspectionCalls(lookups, ramdisk).register(handlers);
    new AllocationCalls(lookups, options).register(handlers);
    new DeployTemplateCalls(lookups, options).register(handlers);
    new RunbookCalls(lookups, options).register(handlers);
    new InspectionRuleCalls(lookups, options).register(handlers);
    new VolumeCalls(lookups, options).register(handlers);
    new ReportCalls(lookups, options).register(handlers);
    new VendorCalls(lookups).register(handlers);
    new IndicatorCalls(lookups).register(handlers);
    new VirtualMediaCalls(lookups).register(handlers);
    new EventCalls().register(handlers);
    String authentication = config.text("DEFAULT", "auth_strategy").orElse("keystone");
    new DescriptionCalls(new OpenApi(operations, Shape.table(), authentication)).register(handlers);
  }

  /** The table. */
  public List<Operation> operations() {
    return operations;
  }

  /** What a caller may do, by the rules of this moment. */
  public Permit permit(Caller caller) {
    return new Permit(policy, caller);
  }

  /**
   * Serves a request.
   *
   * @throws IronicException with the status to answer
   */
  public Answer handle(ApiRequest request) {
    Operation operation = request.operation();
    if (!operation.knownAt(request.version())) {
      if (operation.formFirst() && operation.body() != null) {
        Bodies.typed(request);
      }
      throw new IronicException(
          fault(operation.below()),
          operation.below(),
          operation.method()
              + " "
              + operation.path()
              + " needs API version 1."
              + operation.since()
              + " or newer, the request uses "
              + request.version(),
          null);
    }
    Handler handler = handlers.get(operation.id());
    if (handler == null) {
      throw new IronicException(
          Fault.INTERNAL, 501, "This server does not offer " + operation.id() + " yet", null);
    }
    Bodies.checkQuery(request);
    guard.check(request);
    if (operation.method().equals("DELETE") && operation.body() == null) {
      Bodies.expectNone(request);
    }
    try {
      return operation.patches() == null
          ? handler.handle(request)
          : turns.take(request.path(), () -> handler.handle(request));
    } catch (DriverException e) {
      throw IronicException.of(e);
    }
  }

  private static Fault fault(int status) {
    return switch (status) {
      case 404 -> Fault.NOT_FOUND;
      case 405 -> Fault.METHOD_NOT_ALLOWED;
      case 406 -> Fault.NOT_ACCEPTABLE;
      default -> Fault.INVALID;
    };
  }
}
