package dev.ironic.chaos.load;

import java.util.Map;

/** What a client wants of a node: a request, and the outcome that it promises. */
enum Operation {
  MANAGE("provision", "manage", "enroll", "manageable", false),
  PROVIDE("provision", "provide", "manageable", "available", false),
  DEPLOY("provision", "active", "available", "active", false),
  UNDEPLOY("provision", "deleted", "active", "available", false),
  POWER_OFF("power", "power off", "power on", "power off", true),
  POWER_ON("power", "power on", "power off", "power on", true),
  REBOOT("power", "rebooting", "power on", "power on", true);

  private final String resource;
  private final String target;
  private final String from;
  private final String to;
  private final boolean power;

  Operation(String resource, String target, String from, String to, boolean power) {
    this.resource = resource;
    this.target = target;
    this.from = from;
    this.to = to;
    this.power = power;
  }

  String path(String node) {
    return "/v1/nodes/" + node + "/states/" + resource;
  }

  Map<String, String> body() {
    return Map.of("target", target);
  }

  /** Whether it only switches power, beside the states of provisioning. */
  boolean isPower() {
    return power;
  }

  /** Whether a node has come to where this leads. */
  boolean isReached(NodeRow row) {
    return row.rests() && (power ? to.equals(row.power()) : to.equals(row.state()));
  }

  /** Whether a node shows that this has begun or has been done, whatever was answered. */
  boolean hasBegun(NodeRow row) {
    return power
        ? row.targetPower() != null || !from.equals(row.power())
        : !from.equals(row.state());
  }
}
