package dev.ironic.agent.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.agent.command.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskEraserTest {

  private static final int SIZE = 8 << 20;

  @TempDir Path folder;

  @Test
  void metadataGoesFromBothEndsAndFromThePartitions() throws IOException {
    Path file = full();
    try (Disk disk = Disk.open(file, SIZE, 512)) {
      ByteBuffer mbr = ByteBuffer.wrap(disk.read(0, 512));
      Arrays.fill(mbr.array(), 446, 510, (byte) 0);
      mbr.put(446 + 4, (byte) 0x83);
      mbr.putInt(446 + 8, Integer.reverseBytes(6144)); // 3 MiB
      mbr.putInt(446 + 12, Integer.reverseBytes(4096)); // 2 MiB
      mbr.putShort(510, (short) 0x55aa);
      disk.write(0, mbr.rewind());

      DiskEraser.eraseMetadata(disk);
    }

    byte[] bytes = Files.readAllBytes(file);
    assertThat(zeroes(bytes, 0, 1)).isTrue();
    assertThat(zeroes(bytes, 3, 5)).isTrue();
    assertThat(zeroes(bytes, 7, 8)).isTrue();
    assertThat(bytes[2 << 20]).isEqualTo((byte) 0x5a);
    assertThat(bytes[6 << 20]).isEqualTo((byte) 0x5a);
  }

  @Test
  void everythingGoes() throws IOException {
    Path file = full();
    try (Disk disk = Disk.open(file, SIZE, 512)) {
      DiskEraser.eraseAll(disk, new Progress());
    }

    assertThat(Files.readAllBytes(file)).isEqualTo(new byte[SIZE]);
  }

  @Test
  void sparseWritesRemoveWhatWasUnderTheZeroes() throws IOException {
    Path file = full();
    byte[] data = new byte[300_000];
    data[299_999] = 7;
    try (Disk disk = Disk.open(file, SIZE, 512)) {
      disk.writeSparse(1000, ByteBuffer.wrap(data));
    }

    byte[] bytes = Files.readAllBytes(file);
    assertThat(Arrays.copyOfRange(bytes, 1000, 301_000)).isEqualTo(data);
    assertThat(bytes[999]).isEqualTo((byte) 0x5a);
    assertThat(bytes[301_000]).isEqualTo((byte) 0x5a);
  }

  @Test
  void aDiskWithoutATableGetsNoPartition() throws IOException {
    Path file = Files.write(folder.resolve("empty"), new byte[SIZE]);
    try (Disk disk = Disk.open(file, SIZE, 512)) {
      assertThat(PartitionTable.partitions(disk)).isEmpty();
      assertThat(PartitionTable.addAtEnd(disk, 1 << 20, "x")).isEqualTo(Optional.empty());
    }
  }

  private Path full() throws IOException {
    byte[] bytes = new byte[SIZE];
    Arrays.fill(bytes, (byte) 0x5a);
    return Files.write(folder.resolve("disk"), bytes);
  }

  private static boolean zeroes(byte[] bytes, int fromMebibyte, int toMebibyte) {
    int length = (toMebibyte - fromMebibyte) << 20;
    return Arrays.equals(bytes, fromMebibyte << 20, toMebibyte << 20, new byte[length], 0, length);
  }
}
