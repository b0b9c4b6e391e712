package dev.ironic.core.inspection;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.inspection.InspectionOptions.AddPorts;
import dev.ironic.core.inspection.InspectionOptions.KeepPorts;
import dev.ironic.core.model.Port;
import dev.ironic.core.store.Query;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code ports}: makes ports of the usable network interfaces and brings the others up to date. */
record PortsHook(AddPorts addPorts, KeepPorts keepPorts, boolean updatePxeEnabled)
    implements InspectionHook {

  private static final Logger LOG = LoggerFactory.getLogger(PortsHook.class);

  @Override
  public String name() {
    return "ports";
  }

  @Override
  public Set<String> dependsOn() {
    return Set.of("validate-interfaces");
  }

  @Override
  public void apply(Findings findings) {
    if (addPorts != AddPorts.DISABLED) {
      interfaces(findings, "valid_interfaces").values().forEach(nic -> create(findings, nic));
    }
    Map<String, Map<?, ?>> seen = new LinkedHashMap<>();
    interfaces(findings, "all_interfaces").values().forEach(nic -> seen.put(mac(nic), nic));
    Set<String> kept = keep(findings, seen.keySet());
    for (Port port : findings.ports()) {
      if (!kept.isEmpty() && !kept.contains(port.address())) {
        LOG.info("Port {} of node {} was not seen and goes", port.uuid(), findings.node().uuid());
        findings.store().ports().delete(port);
      } else {
        refresh(findings, port, seen.get(port.address()));
      }
    }
  }

  private void create(Findings findings, Map<?, ?> nic) {
    String mac = mac(nic);
    if (!findings.store().ports().list(Query.where("address", mac)).isEmpty()) {
      return;
    }
    try {
      findings
          .store()
          .ports()
          .insert(
              Port.draft(UUID.randomUUID().toString(), findings.node(), mac)
                  .with(
                      b ->
                          b.pxeEnabled(Boolean.TRUE.equals(nic.get("pxe_enabled")))
                              .extra(extra(Map.of(), nic))));
    } catch (IronicException e) {
      if (e.fault() != Fault.ALREADY_EXISTS) {
        throw e;
      }
      LOG.info("A port with the address {} exists already", mac);
    }
  }

  private Set<String> keep(Findings findings, Set<String> seen) {
    return switch (keepPorts) {
      case ALL -> Set.of();
      case PRESENT -> seen;
      case ADDED -> {
        var added = new HashSet<String>();
        interfaces(findings, "valid_interfaces").values().forEach(nic -> added.add(mac(nic)));
        yield added;
      }
    };
  }

  private void refresh(Findings findings, Port port, @Nullable Map<?, ?> nic) {
    if (nic == null) {
      return;
    }
    boolean pxe =
        updatePxeEnabled ? Boolean.TRUE.equals(nic.get("pxe_enabled")) : port.pxeEnabled();
    Port wanted = port.with(b -> b.pxeEnabled(pxe).extra(extra(port.extra(), nic)));
    findings.changePort(port, wanted);
  }

  /** The port's extra data with the InfiniBand client id as found, or without it. */
  private static Map<String, @Nullable Object> extra(
      Map<String, @Nullable Object> present, Map<?, ?> nic) {
    var extra = new LinkedHashMap<String, @Nullable Object>(present);
    Findings.text(nic, "client_id")
        .ifPresentOrElse(id -> extra.put("client-id", id), () -> extra.remove("client-id"));
    return extra;
  }

  private static String mac(Map<?, ?> nic) {
    return String.valueOf(nic.get("mac_address")).toLowerCase(Locale.ROOT);
  }

  private static Map<String, Map<?, ?>> interfaces(Findings findings, String key) {
    var interfaces = new LinkedHashMap<String, Map<?, ?>>();
    if (findings.pluginData().get(key) instanceof Map<?, ?> map) {
      map.forEach(
          (name, nic) -> {
            if (nic instanceof Map<?, ?> found) {
              interfaces.put(String.valueOf(name), found);
            }
          });
    }
    return interfaces;
  }
}
