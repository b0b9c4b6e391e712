package dev.ironic.core.image;

import dev.ironic.driver.BootFiles;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.ImageService;
import dev.ironic.driver.NodeInfo;
import dev.ironic.driver.NodeTask;
import java.net.URI;
import java.time.Clock;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What drivers see of the conductor's images. Thread-safe. */
final class ConductorImages implements ImageService {

  private final RamdiskChoice ramdisks;
  private final Map<BootFiles.Service, ServedBootFiles> bootFiles;
  private final BootMedia media;
  private final AttachedMedia attached;
  private final InstanceImages instances;
  private final ConfigDrive configDrives;
  private final Clock clock;

  ConductorImages(
      RamdiskChoice ramdisks,
      Map<BootFiles.Service, ServedBootFiles> bootFiles,
      BootMedia media,
      AttachedMedia attached,
      InstanceImages instances,
      ConfigDrive configDrives,
      Clock clock) {
    this.ramdisks = ramdisks;
    this.bootFiles = Map.copyOf(bootFiles);
    this.media = media;
    this.attached = attached;
    this.instances = instances;
    this.configDrives = configDrives;
    this.clock = clock;
  }

  @Override
  public BootFiles bootFiles(BootFiles.Service service) {
    return Objects.requireNonNull(bootFiles.get(service), service::name);
  }

  @Override
  public Ramdisk ramdisk(NodeInfo node, RamdiskUse use) {
    return ramdisks.ramdisk(node, use);
  }

  @Override
  public URI publishBootIso(NodeTask task, Map<String, @Nullable String> kernelParameters) {
    return media.publish(task.node(), kernelParameters);
  }

  @Override
  public void unpublishBootIso(NodeTask task) {
    media.unpublish(task.node());
  }

  @Override
  public URI publishMedium(
      NodeTask task, String deviceType, String imageUrl, String downloadSource) {
    return attached.publish(task.node(), deviceType, imageUrl, downloadSource);
  }

  @Override
  public void unpublishMedia(NodeTask task, Collection<String> deviceTypes) {
    attached.unpublish(task.node(), deviceTypes);
  }

  @Override
  public Map<String, @Nullable Object> prepareInstanceImage(NodeTask task) {
    return instances.prepare(task.node());
  }

  @Override
  public void cleanUpInstanceImage(NodeTask task) {
    instances.cleanUp(task.node());
  }

  @Override
  public void validateInstanceImage(NodeTask task) {
    instances.validate(task.node());
  }

  /**
   * {@inheritDoc}
   *
   * @throws DriverException when it is malformed or bigger than the agent's partition for it
   */
  @Override
  public @Nullable String configDrive(NodeTask task) {
    Object source = task.node().instanceInfo().get("configdrive");
    return source == null || source.equals("")
        ? null
        : configDrives.encode(source, task.node(), clock.instant());
  }
}
