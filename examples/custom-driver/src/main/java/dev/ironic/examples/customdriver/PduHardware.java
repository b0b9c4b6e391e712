package dev.ironic.examples.customdriver;

import dev.ironic.driver.AbstractHardwareType;
import java.util.List;
import java.util.stream.Stream;

/**
 * Machines on a switched outlet. Power and management are ours; the rest is what works everywhere.
 */
public final class PduHardware extends AbstractHardwareType {

  @Override
  public String name() {
    return "pdu";
  }

  @Override
  protected List<String> supportedPowerInterfaces() {
    return List.of("pdu");
  }

  @Override
  protected List<String> supportedManagementInterfaces() {
    return List.of("pdu", "noop");
  }

  @Override
  protected List<String> supportedBootInterfaces() {
    // For trying it out where nothing boots over the network.
    return Stream.concat(super.supportedBootInterfaces().stream(), Stream.of("fake")).toList();
  }

  @Override
  protected List<String> supportedDeployInterfaces() {
    return Stream.concat(super.supportedDeployInterfaces().stream(), Stream.of("fake")).toList();
  }
}
