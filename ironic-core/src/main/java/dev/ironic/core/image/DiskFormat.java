package dev.ironic.core.image;

import dev.ironic.driver.DriverException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** The formats of disk images, told by their content. */
enum DiskFormat {
  RAW,
  GPT,
  QCOW2,
  ISO,
  VMDK,
  VHD,
  VHDX,
  VDI,
  QED,
  LUKS;

  private static final int HEADER = 64 << 10;
  private static final int ISO_MAGIC = 16 * 2048 + 1;
  private static final int MBR_MAGIC = 510;
  private static final int GPT_MAGIC = 512;
  private static final int QCOW2_FEATURES = 72;
  private static final int QCOW2_BACKING = 8;
  private static final long QCOW2_EXTERNAL_DATA = 1L << 2;
  // dirty, corrupt, external data, compression type, extended level 2 entries
  private static final long QCOW2_KNOWN_FEATURES = 0b11111;

  /** The name on the wire. */
  String wireName() {
    return switch (this) {
      case RAW -> "raw";
      case GPT -> "gpt";
      case QCOW2 -> "qcow2";
      case ISO -> "iso";
      case VMDK -> "vmdk";
      case VHD -> "vhd";
      case VHDX -> "vhdx";
      case VDI -> "vdi";
      case QED -> "qed";
      case LUKS -> "luks";
    };
  }

  /**
   * Tells a file's format and refuses one that would make its reader open other files.
   *
   * @param image its name, for messages
   */
  static DiskFormat inspect(Path file, String image) throws IOException {
    ByteBuffer header = header(file);
    DiskFormat format = detect(header);
    if (format == QCOW2) {
      checkQcow2(header, image);
    }
    return format;
  }

  /**
   * Inspects a file and compares the result with what was declared and what is permitted.
   *
   * @param declared the wire name of a format, or empty for none
   * @param permitted the wire names of formats; {@code raw} means disks with partitions too
   */
  static DiskFormat check(Path file, String image, String declared, List<String> permitted)
      throws IOException {
    DiskFormat format = inspect(file, image);
    boolean allowed =
        permitted.contains(format.wireName()) || (format == GPT && permitted.contains("raw"));
    if (!allowed) {
      throw DriverException.invalid(
          "The image "
              + image
              + " is a "
              + format.wireName()
              + " image; [conductor] permitted_image_formats allows "
              + permitted);
    }
    boolean matches =
        declared.isEmpty()
            || List.of("ari", "aki", "unknown").contains(declared)
            || declared.equals(format.wireName())
            || (declared.equals("raw") && format == GPT);
    if (!matches) {
      throw DriverException.invalid(
          "The image "
              + image
              + " was declared as "
              + declared
              + " but its content is "
              + format.wireName()
              + "; correct instance_info.image_disk_format or the image");
    }
    return format;
  }

  private static DiskFormat detect(ByteBuffer header) {
    if (starts(header, 0, "QFI\u00fb")) {
      return QCOW2;
    }
    if (starts(header, 0, "QED\0")) {
      return QED;
    }
    if (starts(header, 0, "KDMV") || starts(header, 0, "# Disk DescriptorFile")) {
      return VMDK;
    }
    if (starts(header, 0, "conectix")) {
      return VHD;
    }
    if (starts(header, 0, "vhdxfile")) {
      return VHDX;
    }
    if (starts(header, 0, "LUKS\u00ba\u00be")) {
      return LUKS;
    }
    if (starts(header, 64, "\u007f\u0010\u00da\u00be")) {
      return VDI;
    }
    // A hybrid medium has both an ISO 9660 volume and a partition table; the former counts.
    if (starts(header, ISO_MAGIC, "CD001")) {
      return ISO;
    }
    if (starts(header, MBR_MAGIC, "U\u00aa") && starts(header, GPT_MAGIC, "EFI PART")) {
      return GPT;
    }
    return RAW;
  }

  private static void checkQcow2(ByteBuffer header, String image) {
    if (header.limit() < QCOW2_FEATURES) {
      throw DriverException.invalid("The qcow2 image " + image + " is shorter than its header");
    }
    int version = header.getInt(4);
    if (version != 2 && version != 3) {
      throw DriverException.invalid(
          "The qcow2 image " + image + " has version " + version + "; 2 and 3 are known");
    }
    if (header.getLong(QCOW2_BACKING) != 0) {
      throw DriverException.invalid(
          "The qcow2 image "
              + image
              + " has a backing file, so it could read files of the conductor; flatten it with"
              + " qemu-img convert");
    }
    long features =
        version == 3 && header.limit() >= QCOW2_FEATURES + 8 ? header.getLong(QCOW2_FEATURES) : 0;
    if ((features & QCOW2_EXTERNAL_DATA) != 0) {
      throw DriverException.invalid(
          "The qcow2 image "
              + image
              + " keeps its data in another file; flatten it with qemu-img convert");
    }
    if ((features & ~QCOW2_KNOWN_FEATURES) != 0) {
      throw DriverException.invalid(
          "The qcow2 image "
              + image
              + " uses unknown features (bits "
              + Long.toHexString(features & ~QCOW2_KNOWN_FEATURES)
              + "), so it cannot be checked");
    }
  }

  private static boolean starts(ByteBuffer header, int at, String magic) {
    byte[] expected = magic.getBytes(StandardCharsets.ISO_8859_1);
    if (header.limit() < at + expected.length) {
      return false;
    }
    byte[] actual = new byte[expected.length];
    header.get(at, actual);
    return java.util.Arrays.equals(actual, expected);
  }

  private static ByteBuffer header(Path file) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(HEADER);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      int read = 0;
      while (buffer.hasRemaining() && read >= 0) {
        read = channel.read(buffer);
      }
    }
    return buffer.flip();
  }
}
