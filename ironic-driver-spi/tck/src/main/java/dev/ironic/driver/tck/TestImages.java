package dev.ironic.driver.tck;

import dev.ironic.driver.BootFiles;
import dev.ironic.driver.ImageService;
import dev.ironic.driver.NodeInfo;
import dev.ironic.driver.NodeTask;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Publishes nothing, and remembers what it was asked for. Thread-safe. */
public final class TestImages implements ImageService {

  private final List<Map<String, @Nullable String>> bootIsos = new ArrayList<>();
  private final TestBootFiles tftp = new TestBootFiles();
  private final TestBootFiles http = new TestBootFiles();
  private boolean bootIsoPublished;

  @Override
  public synchronized URI publishBootIso(
      NodeTask task, Map<String, @Nullable String> kernelParameters) {
    bootIsos.add(new LinkedHashMap<>(kernelParameters));
    bootIsoPublished = true;
    return URI.create("http://192.0.2.1/boot-%s.iso".formatted(task.node().uuid()));
  }

  @Override
  public synchronized void unpublishBootIso(NodeTask task) {
    bootIsoPublished = false;
  }

  @Override
  public URI publishMedium(
      NodeTask task, String deviceType, String imageUrl, String downloadSource) {
    return downloadSource.equals("http")
        ? URI.create(imageUrl)
        : URI.create("http://192.0.2.1/%s-%s.img".formatted(deviceType, task.node().uuid()));
  }

  @Override
  public void unpublishMedia(NodeTask task, Collection<String> deviceTypes) {}

  @Override
  public Map<String, @Nullable Object> prepareInstanceImage(NodeTask task) {
    return Map.of(
        "id",
        "image.raw",
        "urls",
        List.of("http://192.0.2.1/image.raw"),
        "disk_format",
        "raw",
        "os_hash_algo",
        "sha256",
        "os_hash_value",
        "0".repeat(64));
  }

  @Override
  public void cleanUpInstanceImage(NodeTask task) {}

  @Override
  public void validateInstanceImage(NodeTask task) {}

  @Override
  public @Nullable String configDrive(NodeTask task) {
    return task.node().instanceInfo().get("configdrive") instanceof String text ? text : null;
  }

  /** The kernel parameters of all boot media asked for. */
  public synchronized List<Map<String, @Nullable String>> bootIsos() {
    return List.copyOf(bootIsos);
  }

  /** Whether there is a boot medium now. */
  public synchronized boolean bootIsoPublished() {
    return bootIsoPublished;
  }

  @Override
  public TestBootFiles bootFiles(BootFiles.Service service) {
    return switch (service) {
      case TFTP -> tftp;
      case HTTP -> http;
    };
  }

  /** The ramdisk that the node names itself, else one made up. */
  @Override
  public Ramdisk ramdisk(NodeInfo node, RamdiskUse use) {
    String name = use.name().toLowerCase(Locale.ROOT);
    return new Ramdisk(
        node.driverInfoText(name + "_kernel").orElse("http://192.0.2.9/" + name + ".kernel"),
        node.driverInfoText(name + "_ramdisk").orElse("http://192.0.2.9/" + name + ".ramdisk"));
  }
}
