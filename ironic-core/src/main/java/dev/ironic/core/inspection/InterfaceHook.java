package dev.ironic.core.inspection;

import dev.ironic.core.inspection.InspectionOptions.AddPorts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code validate-interfaces}: sorts out which network interfaces are usable, and writes {@code
 * all_interfaces}, {@code valid_interfaces} and {@code macs} into the plug-in data.
 */
record InterfaceHook(AddPorts addPorts) implements InspectionHook {

  private static final Pattern MAC = Pattern.compile("[0-9a-f]{2}(:[0-9a-f]{2}){5}");

  @Override
  public String name() {
    return "validate-interfaces";
  }

  @Override
  public void preprocess(Findings findings) {
    String pxeMac = pxeMac(findings);
    Map<String, Map<String, @Nullable Object>> all = all(findings, pxeMac);
    if (all.isEmpty()) {
      throw new InspectionFailure(
          "No interfaces with a name and a MAC address were found in the inventory");
    }
    var valid = new LinkedHashMap<String, Map<String, @Nullable Object>>();
    all.forEach(
        (name, nic) -> {
          if (wanted(nic, pxeMac)) {
            valid.put(name, nic);
          }
        });
    if (valid.isEmpty()) {
      throw new InspectionFailure(
          "No network interface is left of %s with [inspector] add_ports = %s"
              .formatted(all.keySet(), addPorts.name().toLowerCase(Locale.ROOT)));
    }
    List<@Nullable Object> macs = new ArrayList<>();
    valid.values().forEach(nic -> macs.add(nic.get("mac_address")));
    findings.pluginData().put("all_interfaces", all);
    findings.pluginData().put("valid_interfaces", valid);
    findings.pluginData().put("macs", macs);
  }

  private static Map<String, Map<String, @Nullable Object>> all(
      Findings findings, @Nullable String pxeMac) {
    var all = new LinkedHashMap<String, Map<String, @Nullable Object>>();
    for (Map<?, ?> entry : findings.entries("interfaces")) {
      String name = Findings.text(entry, "name").orElse(null);
      String mac =
          Findings.text(entry, "mac_address").map(text -> text.toLowerCase(Locale.ROOT)).orElse("");
      if (name == null || !MAC.matcher(mac).matches()) {
        continue;
      }
      var nic = new LinkedHashMap<String, @Nullable Object>();
      entry.forEach((key, value) -> nic.put(String.valueOf(key), value));
      nic.put("mac_address", mac);
      nic.putIfAbsent("ipv6_address", null);
      nic.put("pxe_enabled", mac.equals(pxeMac));
      all.put(name, nic);
    }
    return all;
  }

  private boolean wanted(Map<String, @Nullable Object> nic, @Nullable String pxeMac) {
    boolean hasAddress =
        Findings.text(nic, "ipv4_address").isPresent()
            || Findings.text(nic, "ipv6_address").isPresent();
    if ("lo".equals(nic.get("name")) || loopback(nic)) {
      return false;
    }
    return switch (addPorts) {
      case ALL, DISABLED -> true;
      case ACTIVE -> hasAddress;
      case PXE -> pxeMac == null || Boolean.TRUE.equals(nic.get("pxe_enabled"));
    };
  }

  private static boolean loopback(Map<String, @Nullable Object> nic) {
    return Findings.text(nic, "ipv4_address").filter(ip -> ip.startsWith("127.")).isPresent();
  }

  /** The address that the machine booted from; a boot loader writes it as {@code 01-aa-bb-...}. */
  private static @Nullable String pxeMac(Findings findings) {
    return Findings.text(findings.section("boot"), "pxe_interface")
        .map(text -> text.toLowerCase(Locale.ROOT).replace('-', ':'))
        .map(text -> text.length() == 20 && text.startsWith("01:") ? text.substring(3) : text)
        .orElse(null);
  }
}
