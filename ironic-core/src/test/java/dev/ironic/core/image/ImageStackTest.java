package dev.ironic.core.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.core.config.IronicConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of cached images with time. */
class ImageStackTest {

  @TempDir private Path folder = Path.of("");

  private final Instant now = Instant.now();

  private ImageStack start(Map<String, String> pxe) {
    return ImageStack.start(
        IronicConfig.of(Map.of("pxe", pxe)), folder, Clock.fixed(now, ZoneOffset.UTC));
  }

  private Path cached(String cache, String name, Duration age) throws IOException {
    Path file = Files.createDirectories(folder.resolve(cache)).resolve(name);
    Files.write(file, new byte[700_000]);
    FileTime time = FileTime.from(now.minus(age));
    Files.getFileAttributeView(file, BasicFileAttributeView.class).setTimes(time, time, null);
    return file;
  }

  @Test
  void imagesThatNobodyUsesAndThatAreTooOldAreDropped() throws IOException {
    Path old = cached("master_images", "old", Duration.ofMinutes(61));
    Path young = cached("master_images", "young", Duration.ofMinutes(59));
    Path ramdisk = cached("master_ramdisks", "old", Duration.ofMinutes(61));
    try (ImageStack images = start(Map.of("image_cache_ttl", "60"))) {
      images.trimCaches();
    }
    assertThat(old).doesNotExist();
    assertThat(ramdisk).doesNotExist();
    assertThat(young).exists();
  }

  @Test
  void theLeastRecentlyUsedGoUntilTheRestFits() throws IOException {
    Path first = cached("master_images", "first", Duration.ofMinutes(3));
    Path second = cached("master_images", "second", Duration.ofMinutes(2));
    try (ImageStack images = start(Map.of("image_cache_size", "1"))) {
      images.trimCaches();
    }
    assertThat(first).doesNotExist();
    assertThat(second).exists();
  }

  @Test
  void cachesThatWereNeverUsedAreNoTrouble() {
    try (ImageStack images = start(Map.of())) {
      images.trimCaches();
    }
    assertThat(folder.resolve("master_images")).doesNotExist();
  }
}
