package dev.ironic.driver.redfish;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads the sensors of a system's chassis. */
final class Sensors {

  private record Kind(String type, String link, String list, List<String> fields) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind(
              "Fan",
              "Thermal",
              "Fans",
              List.of(
                  "Name",
                  "MemberId",
                  "Reading",
                  "ReadingUnits",
                  "LowerThresholdCritical",
                  "UpperThresholdCritical",
                  "PhysicalContext")),
          new Kind(
              "Temperature",
              "Thermal",
              "Temperatures",
              List.of(
                  "Name",
                  "MemberId",
                  "ReadingCelsius",
                  "UpperThresholdCritical",
                  "UpperThresholdFatal",
                  "PhysicalContext",
                  "SensorNumber")),
          new Kind(
              "Power",
              "Power",
              "PowerSupplies",
              List.of(
                  "Name",
                  "MemberId",
                  "PowerCapacityWatts",
                  "LineInputVoltage",
                  "LastPowerOutputWatts",
                  "SerialNumber")));

  private Sensors() {}

  static Map<String, Map<String, Map<String, Object>>> read(RedfishBmc bmc) {
    RedfishResource system = bmc.system();
    Optional<RedfishResource> chassis = bmc.chassis(system);
    var all = new LinkedHashMap<String, Map<String, Map<String, Object>>>();
    var extra = new LinkedHashMap<String, Object>();
    for (String name : List.of("Manufacturer", "Model", "UUID")) {
      system.text(name).ifPresent(value -> extra.put(name, value));
    }
    all.put("Extra", Map.of("system", extra));
    if (chassis.isEmpty()) {
      return all;
    }
    var documents = new LinkedHashMap<String, Optional<RedfishResource>>();
    for (Kind kind : KINDS) {
      documents
          .computeIfAbsent(kind.link(), link -> chassis.get().link(link).map(bmc.client()::get))
          .ifPresent(document -> all.put(kind.type(), readings(kind, document, chassis.get())));
    }
    return all;
  }

  private static Map<String, Map<String, Object>> readings(
      Kind kind, RedfishResource document, RedfishResource chassis) {
    String place = chassis.text("Id").orElse("chassis");
    var readings = new LinkedHashMap<String, Map<String, Object>>();
    for (RedfishResource sensor : document.parts(kind.list())) {
      var fields = new LinkedHashMap<String, Object>();
      for (String field : kind.fields()) {
        Object value = sensor.document().get(field);
        if (value != null) {
          fields.put(snake(field), value);
        }
      }
      sensor.part("Status").text("State").ifPresent(state -> fields.put("state", state));
      sensor.part("Status").text("Health").ifPresent(health -> fields.put("health", health));
      String id = sensor.text("MemberId").orElse(String.valueOf(readings.size()));
      String separator = kind.type().equals("Power") ? ":power@" : "@";
      readings.put(id + separator + place, fields);
    }
    return readings;
  }

  private static String snake(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }
}
