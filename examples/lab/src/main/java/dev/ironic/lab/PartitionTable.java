package dev.ironic.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * GUID partition tables, as far as a lab needs them: reading any, writing one with one partition.
 */
@SuppressWarnings("ByteBufferBackingArray") // all buffers are made here, by allocate
final class PartitionTable {

  static final int SECTOR = 512;

  /** Sectors before the first partition and after the last that belong to the tables. */
  static final int TABLE_SECTORS = 34;

  private static final int ENTRIES = 128;
  private static final int ENTRY_SIZE = 128;
  private static final byte[] SIGNATURE = "EFI PART".getBytes(StandardCharsets.US_ASCII);
  private static final UUID LINUX_DATA = UUID.fromString("0fc63daf-8483-4772-8e79-3d69d8477de4");

  private PartitionTable() {}

  /**
   * A partition.
   *
   * @param start its first byte on the disk
   * @param size its size in bytes
   * @param name its name
   */
  record Partition(long start, long size, String name) {}

  /**
   * Reads the partitions of a disk.
   *
   * @throws IOException when there is no table, or none is in it
   */
  static List<Partition> read(Path disk) throws IOException {
    try (FileChannel channel = FileChannel.open(disk)) {
      ByteBuffer header = read(channel, SECTOR, SECTOR);
      byte[] signature = new byte[SIGNATURE.length];
      header.get(signature);
      if (!java.util.Arrays.equals(signature, SIGNATURE)) {
        throw new IOException("there is no GUID partition table");
      }
      long entriesAt = header.getLong(72) * SECTOR;
      int count = header.getInt(80);
      int size = header.getInt(84);
      ByteBuffer entries = read(channel, entriesAt, count * size);
      if (crc(entries.array()) != header.getInt(88)) {
        throw new IOException("the GUID partition table is damaged");
      }
      var partitions = new ArrayList<Partition>();
      for (int i = 0; i < count; i++) {
        int at = i * size;
        if (entries.getLong(at) != 0 || entries.getLong(at + 8) != 0) {
          long first = entries.getLong(at + 32);
          long last = entries.getLong(at + 40);
          byte[] name = new byte[72];
          entries.get(at + 56, name);
          partitions.add(
              new Partition(
                  first * SECTOR,
                  (last - first + 1) * SECTOR,
                  new String(name, StandardCharsets.UTF_16LE).replace("\0", "")));
        }
      }
      if (partitions.isEmpty()) {
        throw new IOException("the GUID partition table is empty");
      }
      return partitions;
    }
  }

  /**
   * Writes a table with one partition that takes all room of the file.
   *
   * @param disk an existing file, a multiple of a sector in size
   */
  static void write(Path disk, UUID diskId, UUID partitionId, String name) throws IOException {
    try (FileChannel channel =
        FileChannel.open(disk, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long sectors = channel.size() / SECTOR;
      ByteBuffer entries = little(ENTRIES * ENTRY_SIZE);
      put(entries, 0, LINUX_DATA);
      put(entries, 16, partitionId);
      entries.putLong(32, 2048);
      entries.putLong(40, sectors - TABLE_SECTORS);
      entries.put(56, name.getBytes(StandardCharsets.UTF_16LE));
      channel.write(protectiveRecord(sectors), 0);
      channel.write(header(sectors, 1, sectors - 1, 2, diskId, entries.array()), SECTOR);
      channel.write(entries.duplicate().position(0), 2L * SECTOR);
      long backupEntries = sectors - 33;
      channel.write(entries.duplicate().position(0), backupEntries * SECTOR);
      channel.write(
          header(sectors, sectors - 1, 1, backupEntries, diskId, entries.array()),
          (sectors - 1) * SECTOR);
    }
  }

  private static ByteBuffer protectiveRecord(long sectors) {
    ByteBuffer record = little(SECTOR);
    record.put(446 + 2, (byte) 2);
    record.put(446 + 4, (byte) 0xee);
    record.putInt(446 + 8, 1);
    record.putInt(446 + 12, (int) Math.min(0xffffffffL, sectors - 1));
    record.putShort(510, (short) 0xaa55);
    return record;
  }

  private static ByteBuffer header(
      long sectors, long here, long other, long entriesAt, UUID diskId, byte[] entries) {
    ByteBuffer header = little(SECTOR);
    header.put(0, SIGNATURE);
    header.putInt(8, 0x00010000);
    header.putInt(12, 92);
    header.putLong(24, here);
    header.putLong(32, other);
    header.putLong(40, TABLE_SECTORS);
    header.putLong(48, sectors - TABLE_SECTORS);
    put(header, 56, diskId);
    header.putLong(72, entriesAt);
    header.putInt(80, ENTRIES);
    header.putInt(84, ENTRY_SIZE);
    header.putInt(88, crc(entries));
    byte[] checked = new byte[92];
    header.get(0, checked);
    header.putInt(16, crc(checked));
    return header;
  }

  /** The first three parts of a GUID are stored with the low byte first. */
  private static void put(ByteBuffer buffer, int at, UUID id) {
    long high = id.getMostSignificantBits();
    buffer.putInt(at, (int) (high >>> 32));
    buffer.putShort(at + 4, (short) (high >>> 16));
    buffer.putShort(at + 6, (short) high);
    buffer.putLong(at + 8, Long.reverseBytes(id.getLeastSignificantBits()));
  }

  private static int crc(byte[] bytes) {
    var crc = new CRC32();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private static ByteBuffer read(FileChannel channel, long position, int size) throws IOException {
    ByteBuffer buffer = little(size);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new IOException("the disk ends at byte " + channel.size());
      }
    }
    return buffer.position(0);
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
