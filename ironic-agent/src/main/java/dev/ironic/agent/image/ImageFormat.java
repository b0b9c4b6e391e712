package dev.ironic.agent.image;

import dev.ironic.agent.command.AgentException;
import dev.ironic.agent.command.ErrorKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which format a downloaded file really has, and whether it is safe to open. */
final class ImageFormat {

  private static final int LOOK_AT = 64 << 10;
  private static final long QCOW2_DATA_FILE = 1L << 2;
  private static final long QCOW2_KNOWN_INCOMPATIBLE = 0x1f;

  @SuppressWarnings("ArrayRecordComponent") // rows of the table below, never compared
  private record Magic(String format, int at, byte[] bytes) {
    Magic(String format, int at, String text) {
      this(format, at, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    boolean isIn(byte[] head) {
      return head.length >= at + bytes.length
          && Arrays.equals(head, at, at + bytes.length, bytes, 0, bytes.length);
    }
  }

  /** Formats with a header that something may interpret; the order is that of looking. */
  private static final List<Magic> MAGICS =
      List.of(
          new Magic("qcow2", 0, "QFI\u00fb"),
          new Magic("qed", 0, "QED\0"),
          new Magic("vmdk", 0, "KDMV"),
          new Magic("vmdk", 0, "COWD"),
          new Magic("vmdk", 0, "# Disk DescriptorFile"),
          new Magic("vhd", 0, "conectix"),
          new Magic("vhdx", 0, "vhdxfile"),
          new Magic("vdi", 0x40, "\u007f\u0010\u00da\u00be"),
          new Magic("luks", 0, "LUKS\u00ba\u00be"),
          new Magic("gpt", 512, "EFI PART"),
          new Magic("iso", 32769, "CD001"));

  private ImageFormat() {}

  /**
   * Decides under which format a file is to be read.
   *
   * @param declared what the sender says, null if nothing
   * @param permitted formats that may be written
   * @return raw or qcow2
   * @throws AgentException if the file is another one than declared, not permitted, or unsafe
   */
  static String inspect(Path file, @Nullable String declared, List<String> permitted)
      throws IOException {
    if ("raw".equals(declared) || "gpt".equals(declared)) {
      return "raw"; // taken as it is: nothing in it will be interpreted
    }
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(LOOK_AT);
    }
    String found =
        MAGICS.stream().filter(m -> m.isIn(head)).map(Magic::format).findFirst().orElse("raw");
    if (!permitted.contains(found)) {
      throw invalid("the image has the format " + found + ", permitted are " + permitted);
    }
    if (declared != null && !declared.equals(found)) {
      throw invalid("the image is declared to be " + declared + ", but it is " + found);
    }
    return switch (found) {
      case "qcow2" -> {
        checkQcow2(head);
        yield "qcow2";
      }
      case "raw", "gpt" -> "raw";
      default -> throw invalid("the agent can't write images of the format " + found);
    };
  }

  /** The size of the disk inside, for a file that {@link #inspect} called qcow2. */
  static long qcow2Size(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return ByteBuffer.wrap(in.readNBytes(32)).getLong(24);
    }
  }

  // A backing or data file would let an image read any file of the machine that converts it.
  private static void checkQcow2(byte[] head) {
    if (head.length < 104) {
      throw invalid("the qcow2 image ends within its header");
    }
    ByteBuffer header = ByteBuffer.wrap(head);
    int version = header.getInt(4);
    if (version != 2 && version != 3) {
      throw invalid("the qcow2 image has the unknown version " + version);
    }
    if (header.getLong(8) != 0) {
      throw invalid("the qcow2 image has a backing file, which is not allowed");
    }
    long incompatible = version == 3 ? header.getLong(72) : 0;
    if ((incompatible & QCOW2_DATA_FILE) != 0) {
      throw invalid("the qcow2 image has an external data file, which is not allowed");
    }
    if ((incompatible & ~QCOW2_KNOWN_INCOMPATIBLE) != 0) {
      throw invalid("the qcow2 image uses unknown features: 0x" + Long.toHexString(incompatible));
    }
  }

  private static AgentException invalid(String details) {
    return new AgentException(ErrorKind.INVALID_IMAGE, details);
  }
}
