package dev.ironic.core.image;

import dev.ironic.core.image.IsoNode.Tree;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * The directory records of a medium: ECMA-119 section 9.1, with the system use fields of SUSP and
 * Rock Ridge (RRIP 1.09) in the primary tree.
 */
final class IsoRecords {

  static final int SECTOR = 2048;

  private static final int FIXED_PART = 33;
  private static final int FLAG_FOLDER = 2;
  private static final int FOLDER_MODE = 0040555;
  private static final int FILE_MODE = 0100444;

  private final Instant time;
  private final long continuationSector;

  /**
   * Creates a writer of records.
   *
   * @param time the time stamp of every file
   * @param continuationSector where {@link #extensionReference} stands
   */
  IsoRecords(Instant time, long continuationSector) {
    this.time = time;
    this.continuationSector = continuationSector;
  }

  /** All records of a folder; no record crosses a sector boundary, and the rest is zero. */
  byte[] folder(IsoNode folder, Tree tree) {
    ByteBuffer sectors = ByteBuffer.allocate(sectorsFor(folder, tree) * SECTOR);
    put(sectors, record(folder, tree, new byte[] {0}, RockRidge.SELF));
    put(sectors, record(folder.parentOrSelf(), tree, new byte[] {1}, RockRidge.NAMELESS));
    for (IsoNode child : folder.sorted(tree)) {
      put(sectors, record(child, tree, child.recordName(tree), RockRidge.NAMED));
    }
    return sectors.array();
  }

  /** How many sectors the records of a folder take. */
  int sectorsFor(IsoNode folder, Tree tree) {
    int sectors = 1;
    int used =
        record(folder, tree, new byte[] {0}, RockRidge.SELF).length
            + record(folder.parentOrSelf(), tree, new byte[] {1}, RockRidge.NAMELESS).length;
    for (IsoNode child : folder.sorted(tree)) {
      int length = record(child, tree, child.recordName(tree), RockRidge.NAMED).length;
      if (used + length > SECTOR) {
        sectors++;
        used = 0;
      }
      used += length;
    }
    return sectors;
  }

  private static void put(ByteBuffer sectors, byte[] record) {
    int left = SECTOR - sectors.position() % SECTOR;
    if (record.length > left) {
      sectors.position(sectors.position() + left);
    }
    sectors.put(record);
  }

  /** The record of the root folder inside a volume descriptor: without system use fields. */
  byte[] root(IsoNode root, Tree tree) {
    return record(root, tree, new byte[] {0}, RockRidge.NONE);
  }

  private enum RockRidge {
    NONE,
    SELF,
    NAMELESS,
    NAMED
  }

  private byte[] record(IsoNode node, Tree tree, byte[] name, RockRidge kind) {
    byte[] systemUse = tree == Tree.PRIMARY ? systemUse(node, kind) : new byte[0];
    int named = FIXED_PART + name.length;
    int length = (named + 1) / 2 * 2 + (systemUse.length + 1) / 2 * 2;
    ByteBuffer record = ByteBuffer.allocate(length);
    record.put((byte) length).put((byte) 0);
    putBoth(record, Math.toIntExact(node.sector(tree)));
    putBoth(record, (int) node.size(tree));
    record.put(recordTime());
    record.put((byte) (node.isFolder() ? FLAG_FOLDER : 0)).put((byte) 0).put((byte) 0);
    putBoth(record, (short) 1);
    record.put((byte) name.length).put(name);
    record.position((named + 1) / 2 * 2).put(systemUse);
    return record.array();
  }

  private byte[] systemUse(IsoNode node, RockRidge kind) {
    if (kind == RockRidge.NONE) {
      return new byte[0];
    }
    ByteBuffer fields = ByteBuffer.allocate(255);
    boolean rootItself = kind == RockRidge.SELF && node.parent == null;
    if (rootItself) {
      field(fields, "SP", 7).put((byte) 0xBE).put((byte) 0xEF).put((byte) 0);
    }
    field(fields, "PX", 36);
    putBoth(fields, node.isFolder() ? FOLDER_MODE : FILE_MODE);
    long subfolders = node.children.values().stream().filter(IsoNode::isFolder).count();
    putBoth(fields, node.isFolder() ? (int) (2 + subfolders) : 1);
    putBoth(fields, 0); // owner
    putBoth(fields, 0); // group
    field(fields, "TF", 12).put((byte) 2).put(recordTime()); // time of modification
    if (kind == RockRidge.NAMED) {
      byte[] name = node.name.getBytes(StandardCharsets.UTF_8);
      field(fields, "NM", 5 + name.length).put((byte) 0).put(name);
    }
    if (rootItself) {
      field(fields, "CE", 28);
      putBoth(fields, Math.toIntExact(continuationSector));
      putBoth(fields, 0); // offset in that sector
      putBoth(fields, extensionReference().length);
    }
    byte[] bytes = new byte[fields.position()];
    fields.flip().get(bytes);
    return bytes;
  }

  private static ByteBuffer field(ByteBuffer fields, String signature, int length) {
    fields.put(signature.getBytes(StandardCharsets.US_ASCII));
    return fields.put((byte) length).put((byte) 1);
  }

  /** The field that says that Rock Ridge is in use; too long for a record, so it has a sector. */
  static byte[] extensionReference() {
    byte[] id = ascii("RRIP_1991A");
    byte[] description =
        ascii(
            "THE ROCK RIDGE INTERCHANGE PROTOCOL PROVIDES SUPPORT FOR POSIX FILE SYSTEM SEMANTICS");
    byte[] source =
        ascii(
            "PLEASE CONTACT DISC PUBLISHER FOR SPECIFICATION SOURCE.  SEE PUBLISHER IDENTIFIER IN"
                + " PRIMARY VOLUME DESCRIPTOR FOR CONTACT INFORMATION.");
    int length = 8 + id.length + description.length + source.length;
    ByteBuffer fields = ByteBuffer.allocate(length);
    field(fields, "ER", length);
    fields.put((byte) id.length).put((byte) description.length).put((byte) source.length);
    return fields.put((byte) 1).put(id).put(description).put(source).array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private byte[] recordTime() {
    OffsetDateTime utc = time.atOffset(ZoneOffset.UTC);
    return new byte[] {
      (byte) (utc.getYear() - 1900),
      (byte) utc.getMonthValue(),
      (byte) utc.getDayOfMonth(),
      (byte) utc.getHour(),
      (byte) utc.getMinute(),
      (byte) utc.getSecond(),
      0
    };
  }

  /** A number in both byte orders, as most fields hold it. */
  static void putBoth(ByteBuffer buffer, int value) {
    buffer.order(ByteOrder.LITTLE_ENDIAN).putInt(value).order(ByteOrder.BIG_ENDIAN).putInt(value);
  }

  /** A number in both byte orders, as most fields hold it. */
  static void putBoth(ByteBuffer buffer, short value) {
    buffer
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort(value)
        .order(ByteOrder.BIG_ENDIAN)
        .putShort(value);
  }
}
