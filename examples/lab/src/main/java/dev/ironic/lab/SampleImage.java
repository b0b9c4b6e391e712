package dev.ironic.lab;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;

/**
 * An image for machines that cannot really boot: a partition table and a partition of data with
 * holes, the same for the same seed.
 */
public final class SampleImage {

  private static final int CHUNK = 1 << 20;

  private SampleImage() {}

  /**
   * Writes an image; every third MiB is empty.
   *
   * @param bytes its size, a multiple of a MiB
   */
  public static void write(Path file, long bytes, long seed) throws IOException {
    var random = new Random(seed);
    try (var out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(0);
      out.setLength(bytes);
      byte[] chunk = new byte[CHUNK];
      // The first and the last MiB hold the partition tables.
      for (long at = CHUNK; at < bytes - CHUNK; at += CHUNK) {
        if (at / CHUNK % 3 != 0) {
          random.nextBytes(chunk);
          out.seek(at);
          out.write(chunk);
        }
      }
    }
    PartitionTable.write(
        file,
        new UUID(random.nextLong(), random.nextLong()),
        new UUID(random.nextLong(), random.nextLong()),
        "root");
  }

  /**
   * Compares what is between the partition tables of an image with a disk it was written to.
   *
   * @throws IOException when they differ; the message says where
   */
  public static void compare(Path image, Path disk) throws IOException {
    try (FileChannel wanted = FileChannel.open(image);
        FileChannel found = FileChannel.open(disk)) {
      long from = (long) PartitionTable.TABLE_SECTORS * PartitionTable.SECTOR;
      long to = wanted.size() - from;
      for (long at = from; at < to; at += CHUNK) {
        int size = (int) Math.min(CHUNK, to - at);
        var a = wanted.map(FileChannel.MapMode.READ_ONLY, at, size);
        var b = found.map(FileChannel.MapMode.READ_ONLY, at, size);
        int differs = a.mismatch(b);
        if (differs >= 0) {
          throw new IOException(
              "The disk differs from the image at byte %d of %d"
                  .formatted(at + differs, wanted.size()));
        }
      }
    }
  }
}
