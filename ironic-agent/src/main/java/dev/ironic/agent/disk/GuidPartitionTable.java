package dev.ironic.agent.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.zip.CRC32;

/** A GUID partition table in memory; {@link #write} puts both copies onto the disk. */
final class GuidPartitionTable {

  static final UUID LINUX_DATA = UUID.fromString("0fc63daf-8483-4772-8e79-3d69d8477de4");
  static final UUID EFI_SYSTEM = UUID.fromString("c12a7328-f81f-11d2-ba4b-00a0c93ec93b");

  private static final byte[] SIGNATURE = "EFI PART".getBytes(StandardCharsets.US_ASCII);
  private static final int REVISION = 0x00010000;
  private static final int MAX_NAME = 36;
  private static final int MAX_TABLE_BYTES = 4 << 20;

  private final int sectorSize;
  private final UUID diskGuid;
  private final long firstUsable;
  private long lastUsable;
  private final long entriesLba;
  private final int entryCount;
  private final int entrySize;
  private final int headerSize;
  private long backupLba;
  private final byte[] entries;

  private GuidPartitionTable(ByteBuffer header, byte[] entries, int sectorSize) {
    this.sectorSize = sectorSize;
    this.headerSize = header.getInt(12);
    this.backupLba = header.getLong(32);
    this.firstUsable = header.getLong(40);
    this.lastUsable = header.getLong(48);
    this.diskGuid = guid(header, 56);
    this.entriesLba = header.getLong(72);
    this.entryCount = header.getInt(80);
    this.entrySize = header.getInt(84);
    this.entries = entries;
  }

  /**
   * Reads the primary copy.
   *
   * @return empty if there is none, or its check sums are wrong
   */
  static Optional<GuidPartitionTable> read(Disk disk) throws IOException {
    int sector = disk.sectorSize();
    if (disk.size() < 6L * sector) {
      return Optional.empty();
    }
    byte[] raw = disk.read(sector, sector);
    ByteBuffer header = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
    if (!Arrays.equals(raw, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)) {
      return Optional.empty();
    }
    int headerSize = header.getInt(12);
    if (headerSize < 92 || headerSize > sector) {
      return Optional.empty();
    }
    int found = header.getInt(16);
    byte[] summed = Arrays.copyOf(raw, headerSize);
    Arrays.fill(summed, 16, 20, (byte) 0);
    long bytes = (long) header.getInt(80) * header.getInt(84);
    long at = header.getLong(72) * sector;
    if (crc(summed) != found
        || header.getInt(84) < 128
        || header.getInt(80) <= 0
        || bytes > MAX_TABLE_BYTES
        || at < 0
        || at > disk.size() - bytes) {
      return Optional.empty();
    }
    byte[] entries = disk.read(at, (int) bytes);
    return crc(entries) == header.getInt(88)
        ? Optional.of(new GuidPartitionTable(header, entries, sector))
        : Optional.empty();
  }

  List<Partition> partitions() {
    List<Partition> partitions = new ArrayList<>();
    ByteBuffer table = table();
    for (int i = 0; i < entryCount; i++) {
      int at = i * entrySize;
      UUID type = guid(table, at);
      if (!isEmpty(type)) {
        long first = table.getLong(at + 32);
        long last = table.getLong(at + 40);
        partitions.add(
            new Partition(
                i + 1,
                first * sectorSize,
                (last - first + 1) * sectorSize,
                type.toString(),
                guid(table, at + 16).toString(),
                name(at)));
      }
    }
    return partitions;
  }

  UUID diskGuid() {
    return diskGuid;
  }

  /**
   * Moves the end of the usable area to the end of the disk, where the backup belongs.
   *
   * @return the sector where the backup header was, if it was elsewhere
   */
  OptionalLong growTo(long diskSize) {
    long last = diskSize / sectorSize - 1;
    if (backupLba == last) {
      return OptionalLong.empty();
    }
    long old = backupLba;
    backupLba = last;
    lastUsable = last - 1 - entrySectors();
    return OptionalLong.of(old);
  }

  /**
   * Adds a partition as close to the end as there is room, begun at a whole mebibyte.
   *
   * @return it, or empty if no stretch of free sectors holds it
   */
  Optional<Partition> addAtEnd(long bytes, UUID type, UUID unique, String label) {
    long sectors = Math.ceilDiv(bytes, sectorSize);
    long alignment = Math.max(1, (1 << 20) / sectorSize);
    int slot = freeSlot();
    if (slot < 0) {
      return Optional.empty();
    }
    long limit = lastUsable + 1;
    List<Partition> taken = new ArrayList<>(partitions());
    taken.sort(Comparator.comparingLong(Partition::offset).reversed());
    for (int i = 0; i <= taken.size(); i++) {
      long floor = i < taken.size() ? Math.ceilDiv(taken.get(i).end(), sectorSize) : firstUsable;
      long start = Math.floorDiv(limit - sectors, alignment) * alignment;
      if (start >= Math.max(floor, firstUsable)) {
        ByteBuffer table = table();
        int at = slot * entrySize;
        putGuid(table, at, type);
        putGuid(table, at + 16, unique);
        table.putLong(at + 32, start);
        table.putLong(at + 40, start + sectors - 1);
        table.putLong(at + 48, 0);
        byte[] name = label.getBytes(StandardCharsets.UTF_16LE);
        table.put(at + 56, Arrays.copyOf(name, MAX_NAME * 2));
        return partitions().stream().filter(p -> p.number() == slot + 1).findFirst();
      }
      if (i < taken.size()) {
        limit = Math.min(limit, taken.get(i).offset() / sectorSize);
      }
    }
    return Optional.empty();
  }

  /** Writes the backup copy, then the primary one, then the size in the protective MBR. */
  void write(Disk disk) throws IOException {
    long backupEntries = lastUsable + 1;
    disk.write(backupEntries * sectorSize, ByteBuffer.wrap(entries));
    disk.write(backupLba * sectorSize, header(backupLba, 1, backupEntries));
    disk.flush(); // one good copy is on the disk at any time
    disk.write(entriesLba * sectorSize, ByteBuffer.wrap(entries));
    disk.write(sectorSize, header(1, backupLba, entriesLba));
    MasterBootRecord.read(disk).stretchProtection(disk);
  }

  private ByteBuffer header(long own, long other, long entriesAt) {
    ByteBuffer header = ByteBuffer.allocate(sectorSize).order(ByteOrder.LITTLE_ENDIAN);
    header.put(0, SIGNATURE);
    header.putInt(8, REVISION);
    header.putInt(12, headerSize);
    header.putLong(24, own);
    header.putLong(32, other);
    header.putLong(40, firstUsable);
    header.putLong(48, lastUsable);
    putGuid(header, 56, diskGuid);
    header.putLong(72, entriesAt);
    header.putInt(80, entryCount);
    header.putInt(84, entrySize);
    header.putInt(88, crc(entries));
    header.putInt(16, crc(Arrays.copyOf(header.array(), headerSize)));
    return header;
  }

  private long entrySectors() {
    return Math.ceilDiv((long) entries.length, sectorSize);
  }

  private int freeSlot() {
    ByteBuffer table = table();
    for (int i = 0; i < entryCount; i++) {
      if (isEmpty(guid(table, i * entrySize))) {
        return i;
      }
    }
    return -1;
  }

  private String name(int at) {
    String name = new String(entries, at + 56, MAX_NAME * 2, StandardCharsets.UTF_16LE);
    int end = name.indexOf('\0');
    return end < 0 ? name : name.substring(0, end);
  }

  private ByteBuffer table() {
    return ByteBuffer.wrap(entries).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static boolean isEmpty(UUID type) {
    return type.getMostSignificantBits() == 0 && type.getLeastSignificantBits() == 0;
  }

  // On disk the first three fields are little-endian, the rest is in order.
  private static UUID guid(ByteBuffer buffer, int at) {
    long high =
        Integer.toUnsignedLong(buffer.getInt(at)) << 32
            | Short.toUnsignedLong(buffer.getShort(at + 4)) << 16
            | Short.toUnsignedLong(buffer.getShort(at + 6));
    return new UUID(high, Long.reverseBytes(buffer.getLong(at + 8)));
  }

  private static void putGuid(ByteBuffer buffer, int at, UUID guid) {
    long high = guid.getMostSignificantBits();
    buffer.putInt(at, (int) (high >>> 32));
    buffer.putShort(at + 4, (short) (high >>> 16));
    buffer.putShort(at + 6, (short) high);
    buffer.putLong(at + 8, Long.reverseBytes(guid.getLeastSignificantBits()));
  }

  private static int crc(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
