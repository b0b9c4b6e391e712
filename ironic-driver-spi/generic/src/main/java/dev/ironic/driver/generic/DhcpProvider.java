package dev.ironic.driver.generic;

import dev.ironic.driver.DriverConfig;
import dev.ironic.driver.DriverContext;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.PortInfo;
import java.nio.file.Path;
import java.util.List;

/** Tells the DHCP server what machines boot. Thread-safe. */
interface DhcpProvider {

  /** Whether the server tells requests of iPXE by tags. */
  boolean knowsTags();

  /** Fails when it cannot work here. */
  default void check() {}

  /** Offers options to a node's machine over its ports. */
  void offer(NodeTask task, List<PortInfo> ports, List<DhcpOption> options);

  /** Takes them back; does nothing where there are none. */
  void withdraw(NodeTask task, List<PortInfo> ports);

  /** The addresses that ports have been given, as far as that is known. */
  default List<String> addresses(List<PortInfo> ports) {
    return List.of();
  }

  /** The one that is configured. */
  static DhcpProvider from(DriverContext context) {
    DriverConfig config = context.config();
    String name = config.text("dhcp", "dhcp_provider").map(String::strip).orElse("neutron");
    return switch (name) {
      // noop: as the network interface without any effect is called.
      case "none", "noop" -> new None();
      case "dnsmasq" ->
          new Dnsmasq(
              folder(config, "dhcp_optsdir", "/etc/dnsmasq.d/optsdir.d"),
              folder(config, "dhcp_hostsdir", "/etc/dnsmasq.d/hostsdir.d"),
              folder(config, "dhcp_leasefile", "/var/lib/dnsmasq/dnsmasq.leases"),
              context.random());
      default -> new Absent(name);
    };
  }

  private static Path folder(DriverConfig config, String option, String otherwise) {
    return Path.of(config.text("dnsmasq", option).orElse(otherwise));
  }

  /** Somebody else looks after the DHCP server. */
  record None() implements DhcpProvider {
    @Override
    public boolean knowsTags() {
      return false;
    }

    @Override
    public void offer(NodeTask task, List<PortInfo> ports, List<DhcpOption> options) {}

    @Override
    public void withdraw(NodeTask task, List<PortInfo> ports) {}
  }

  /** One that this conductor does not have; only nodes that need it fail. */
  record Absent(String name) implements DhcpProvider {
    @Override
    public boolean knowsTags() {
      return false;
    }

    @Override
    public void check() {
      throw DriverException.invalid(
          "[dhcp]dhcp_provider is '%s', which this conductor does not have; set it to dnsmasq, or to none if the DHCP server is configured by hand"
              .formatted(name));
    }

    @Override
    public void offer(NodeTask task, List<PortInfo> ports, List<DhcpOption> options) {
      check();
    }

    @Override
    public void withdraw(NodeTask task, List<PortInfo> ports) {}
  }
}
