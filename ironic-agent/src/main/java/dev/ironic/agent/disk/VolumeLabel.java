package dev.ironic.agent.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** The label of a file system, read from its first bytes: ISO 9660, FAT, ext2/3/4. */
final class VolumeLabel {

  private static final int LOOK_AT = 34816; // up to the end of an ISO 9660 volume descriptor

  private VolumeLabel() {}

  static Optional<String> read(Disk disk, Partition partition) throws IOException {
    int length = (int) Math.min(LOOK_AT, partition.size());
    if (partition.offset() > disk.size() - length) {
      return Optional.empty();
    }
    byte[] bytes = disk.read(partition.offset(), length);
    if (is(bytes, 32769, "CD001")) {
      return text(bytes, 32808, 32);
    }
    if (is(bytes, 82, "FAT32")) {
      return text(bytes, 71, 11);
    }
    if (is(bytes, 54, "FAT")) {
      return text(bytes, 43, 11);
    }
    if (bytes.length > 0x488 && (bytes[0x438] & 0xff) == 0x53 && (bytes[0x439] & 0xff) == 0xef) {
      return text(bytes, 0x478, 16);
    }
    return Optional.empty();
  }

  private static boolean is(byte[] bytes, int at, String magic) {
    byte[] wanted = magic.getBytes(StandardCharsets.US_ASCII);
    return bytes.length >= at + wanted.length
        && Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length);
  }

  private static Optional<String> text(byte[] bytes, int at, int length) {
    if (bytes.length < at + length) {
      return Optional.empty();
    }
    String text = new String(bytes, at, length, StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\0');
    return Optional.of((end < 0 ? text : text.substring(0, end)).strip());
  }
}
