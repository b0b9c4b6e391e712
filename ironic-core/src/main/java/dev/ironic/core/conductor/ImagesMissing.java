package dev.ironic.core.conductor;

import dev.ironic.driver.DriverException;
import dev.ironic.driver.ImageService;
import dev.ironic.driver.NodeTask;
import java.net.URI;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Stands in where a conductor was started without images: enough for hardware that needs none. */
final class ImagesMissing implements ImageService {

  private static DriverException missing() {
    return DriverException.unsupported(
        "This conductor was started without an image service; give it one to deploy images");
  }

  @Override
  public URI publishBootIso(NodeTask task, Map<String, @Nullable String> kernelParameters) {
    throw missing();
  }

  @Override
  public void unpublishBootIso(NodeTask task) {}

  @Override
  public URI publishMedium(
      NodeTask task, String deviceType, String imageUrl, String downloadSource) {
    throw missing();
  }

  @Override
  public void unpublishMedia(NodeTask task, Collection<String> deviceTypes) {}

  @Override
  public Map<String, @Nullable Object> prepareInstanceImage(NodeTask task) {
    throw missing();
  }

  @Override
  public void cleanUpInstanceImage(NodeTask task) {}

  @Override
  public void validateInstanceImage(NodeTask task) {
    throw missing();
  }

  @Override
  public @Nullable String configDrive(NodeTask task) {
    throw missing();
  }
}
