package dev.ironic.core.image;

import dev.ironic.driver.DriverException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;

/**
 * Converts disk images to raw ones with {@code qemu-img}.
 *
 * @param program where it is
 */
record RawConversion(Path program) {

  private static final String PROGRAM = "qemu-img";

  /** The converter of this machine, or empty where it has none. */
  static Optional<RawConversion> find() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Arrays.stream(path.split(java.io.File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, PROGRAM))
        .filter(Files::isExecutable)
        .findFirst()
        .map(RawConversion::new);
  }

  /** Replaces an image by its raw form. */
  void convert(Path image, DiskFormat format) throws IOException {
    Path raw = image.resolveSibling(image.getFileName() + ".raw");
    Process process =
        new ProcessBuilder(
                program.toString(),
                "convert",
                "-O",
                "raw",
                "-f",
                format.wireName(),
                image.toString(),
                raw.toString())
            .redirectErrorStream(true)
            .start();
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      if (code != 0) {
        throw DriverException.failed(
            "qemu-img could not convert "
                + image.getFileName()
                + " (exit code "
                + code
                + "): "
                + output.strip(),
            null);
      }
      Files.move(raw, image, StandardCopyOption.REPLACE_EXISTING);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw DriverException.failed("Interrupted while converting " + image.getFileName(), e);
    } finally {
      process.destroyForcibly();
      Files.deleteIfExists(raw);
    }
  }
}
