package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.ConductorInterface;
import dev.ironic.core.model.ConductorRecord;
import dev.ironic.core.store.Store;
import dev.ironic.driver.InterfaceKind;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Drivers and the conductors that have them. */
final class DriverCalls {

  /** First version that shows the interfaces of a kind; the others since 1.30. */
  private static final Map<InterfaceKind, Integer> SINCE =
      Map.of(
          InterfaceKind.STORAGE, 33,
          InterfaceKind.RESCUE, 38,
          InterfaceKind.BIOS, 40,
          InterfaceKind.FIRMWARE, 86);

  private final Store store;
  private final Lookups lookups;
  private final ApiOptions options;
  private final InstantSource clock;

  DriverCalls(Lookups lookups, ApiOptions options, InstantSource clock) {
    this.store = lookups.store();
    this.lookups = lookups;
    this.options = options;
    this.clock = clock;
  }

  void register(Map<String, Handler> handlers) {
    handlers.put("driver.list", this::drivers);
    handlers.put("driver.show", this::driver);
    handlers.put("driver.properties", this::properties);
    handlers.put("driver.raid_properties", this::raidProperties);
    handlers.put("conductor.list", this::conductors);
    handlers.put("conductor.show", this::conductor);
  }

  private Map<String, Set<String>> hostsByDriver() {
    var hosts = new TreeMap<String, Set<String>>();
    for (ConductorRecord conductor : store.conductors().active(options.heartbeatTimeout())) {
      for (String driver : conductor.drivers()) {
        hosts.computeIfAbsent(driver, d -> new TreeSet<>()).add(conductor.hostname());
      }
    }
    return hosts;
  }

  private Answer drivers(ApiRequest request) {
    boolean detail = Boolean.TRUE.equals(request.flag("detail"));
    String fields = request.query("fields");
    if (detail && fields != null) {
      throw new IronicException(Fault.INVALID, "Can't fetch a subset of fields with 'detail' set");
    }
    Bodies.requireKnownParameters(request);
    String type = request.query("type");
    if (type != null && !type.equals("classic") && !type.equals("dynamic")) {
      throw new IronicException(
          Fault.INVALID, "type must be classic or dynamic, not '" + type + "'");
    }
    var hosts = hostsByDriver();
    var interfaces =
        detail || fields != null
            ? interfaces(hosts.keySet())
            : Map.<String, List<ConductorInterface>>of();
    var drivers =
        "classic".equals(type)
            ? List.<Map<String, @Nullable Object>>of()
            : hosts.entrySet().stream()
                .map(
                    e ->
                        document(
                            request,
                            e.getKey(),
                            e.getValue(),
                            detail || fields != null
                                ? interfaces.getOrDefault(e.getKey(), List.of())
                                : null))
                .map(document -> chosen(document, request))
                .toList();
    return Answer.document(200, Map.of("drivers", drivers));
  }

  private Answer driver(ApiRequest request) {
    String name = request.path("driver_name");
    var hosts = hostsByDriver().get(name);
    if (hosts == null) {
      throw notFound(name);
    }
    var interfaces = interfaces(Set.of(name)).getOrDefault(name, List.of());
    return Answer.document(200, chosen(document(request, name, hosts, interfaces), request));
  }

  private static IronicException notFound(String name) {
    return new IronicException(
        Fault.DRIVER_NOT_FOUND, "Could not find driver " + name + " on any live conductor.");
  }

  private Map<String, List<ConductorInterface>> interfaces(Collection<String> drivers) {
    List<Long> ids =
        store.conductors().active(options.heartbeatTimeout()).stream()
            .map(ConductorRecord::id)
            .toList();
    var byDriver = new HashMap<String, List<ConductorInterface>>();
    for (ConductorInterface row : store.conductors().interfaces(ids)) {
      if (drivers.contains(row.hardwareType())) {
        byDriver.computeIfAbsent(row.hardwareType(), d -> new java.util.ArrayList<>()).add(row);
      }
    }
    return byDriver;
  }

  private Map<String, @Nullable Object> document(
      ApiRequest request,
      String name,
      Set<String> hosts,
      @Nullable List<ConductorInterface> interfaces) {
    ApiVersion version = request.version();
    View view = View.plain(request);
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("name", name);
    document.put("hosts", List.copyOf(hosts));
    document.put("links", view.links("drivers/" + name));
    if (version.atLeast(14)) {
      document.put("properties", view.links("drivers/" + name + "/properties"));
    }
    if (version.atLeast(30)) {
      document.put("type", "dynamic");
    }
    if (interfaces != null) {
      for (InterfaceKind kind : InterfaceKind.values()) {
        if (version.atLeast(SINCE.getOrDefault(kind, 30))) {
          var ofKind =
              interfaces.stream()
                  .filter(row -> row.interfaceType().equals(kind.wireName()))
                  .sorted(Comparator.comparing(ConductorInterface::interfaceName))
                  .toList();
          document.put(
              "default_" + kind.nodeField(),
              ofKind.stream()
                  .filter(ConductorInterface::isDefault)
                  .map(ConductorInterface::interfaceName)
                  .findFirst()
                  .orElse(null));
          document.put(
              "enabled_" + kind.nodeField() + "s",
              ofKind.stream().map(ConductorInterface::interfaceName).distinct().toList());
        }
      }
    }
    return document;
  }

  private static Map<String, @Nullable Object> chosen(
      Map<String, @Nullable Object> document, ApiRequest request) {
    String fields = request.query("fields");
    if (fields == null) {
      return document;
    }
    var chosen = new LinkedHashMap<String, @Nullable Object>();
    for (String name : Resource.words(fields)) {
      if (!document.containsKey(name)) {
        throw new IronicException(
            Fault.INVALID, "Field(s) \"" + name + "\" are not valid for drivers");
      }
      chosen.put(name, document.get(name));
    }
    chosen.put("links", document.get("links"));
    return chosen;
  }

  private Answer properties(ApiRequest request) {
    String name = request.path("driver_name");
    return Answer.document(
        200, lookups.locator().forDriver(name).driverProperties(request.context(), name));
  }

  private Answer raidProperties(ApiRequest request) {
    String name = request.path("driver_name");
    return Answer.document(
        200, lookups.locator().forDriver(name).raidLogicalDiskProperties(request.context(), name));
  }

  private ConductorRow row(ConductorRecord record) {
    var seen = record.updatedAt() == null ? record.createdAt() : record.updatedAt();
    boolean alive =
        record.online()
            && seen != null
            && !seen.isBefore(clock.instant().minus(options.heartbeatTimeout()));
    return new ConductorRow(
        record.hostname(),
        record.conductorGroup(),
        alive,
        record.drivers(),
        record.createdAt(),
        record.updatedAt());
  }

  private Answer conductors(ApiRequest request) {
    Page<ConductorRow> page = Page.of(request, ReportTables.CONDUCTOR, options.maxLimit());
    String marker = page.marker();
    if (marker != null) {
      store.conductors().get(marker);
    }
    var rows =
        store.conductors().list(page.query(dev.ironic.core.store.Query.ALL)).stream()
            .map(this::row)
            .toList();
    return page.answer(rows, View.plain(request), ConductorRow::hostname);
  }

  private Answer conductor(ApiRequest request) {
    ConductorRow row = row(store.conductors().get(request.path("hostname")));
    var shown = Page.shownOfOne(request, ReportTables.CONDUCTOR);
    View view = View.plain(request);
    return Answer.json(200, out -> ReportTables.CONDUCTOR.write(out, row, shown, view));
  }
}
