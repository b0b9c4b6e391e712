package dev.ironic.core.image;

import static dev.ironic.core.image.IsoRecords.SECTOR;
import static dev.ironic.core.image.IsoRecords.putBoth;

import dev.ironic.core.image.IsoNode.Tree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A medium to be written: ISO 9660 (ECMA-119) with Rock Ridge and Joliet names, and optionally an
 * El Torito entry that UEFI firmware starts from. Everything but the files' contents is laid out in
 * memory, and contents go straight from file to file. Confined to one thread.
 */
@SuppressWarnings({
  "EnumOrdinal",
  "ByteBufferBackingArray",
  "IdentityHashMapUsage"
}) // sectors by tree
final class IsoImage {

  private static final int FIRST_DESCRIPTOR = 16;
  private static final int MAX_LABEL = 32;
  private static final int MAX_DEPTH = 8;
  private static final byte EL_TORITO_EFI = (byte) 0xEF;
  private static final DateTimeFormatter VOLUME_TIME =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss'00'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final String label;
  private final String publisher;
  private final Instant time;
  private final IsoNode root = IsoNode.root();
  private @Nullable IsoNode bootImage;

  /**
   * Starts an empty medium.
   *
   * @param label the volume's name, at most 32 ASCII characters; 16 in Joliet
   * @param publisher the volume's publisher, at most 128 ASCII characters
   * @param time the time stamp of the medium and of all files on it
   */
  IsoImage(String label, String publisher, Instant time) {
    if (label.length() > MAX_LABEL) {
      throw new IllegalArgumentException("The volume label '" + label + "' exceeds 32 characters");
    }
    this.label = label;
    this.publisher = publisher;
    this.time = time;
  }

  /** Adds a file; folders come by themselves. Paths have no leading slash. */
  IsoImage add(String path, IsoContent content) {
    if (content.size() > 0xFFFFFFFFL) {
      throw new IllegalArgumentException(
          "'" + path + "' has " + content.size() + " bytes; an ISO 9660 file holds up to 4 GiB");
    }
    if (path.split("/", -1).length > MAX_DEPTH) {
      throw new IllegalArgumentException("'" + path + "' is deeper than 8 levels");
    }
    root.add(path, content);
    return this;
  }

  /** Adds the image of an EFI system partition that firmware starts from. */
  IsoImage addEfiBoot(String path, IsoContent content) {
    add(path, content);
    IsoNode image = root;
    for (String part : path.split("/", -1)) {
      image = Objects.requireNonNull(image.children.get(part));
    }
    bootImage = image;
    return this;
  }

  /** Writes the medium over a file. */
  void writeTo(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      writeTo(channel);
    }
  }

  /** Writes the medium to a channel. */
  void writeTo(WritableByteChannel channel) throws IOException {
    new Layout().writeTo(channel);
  }

  /** The sectors of everything, fixed before the first is written. */
  private final class Layout {

    /** Contents by identity: one that is on the medium under several names is stored once. */
    private final Map<IsoContent, Long> contents = new IdentityHashMap<>();

    private final List<IsoContent> inOrder = new ArrayList<>();
    private final List<List<IsoNode>> folders = new ArrayList<>();
    private final int[] pathTableSize = new int[Tree.values().length];
    private final long[] pathTableSector = new long[Tree.values().length];
    private final IsoRecords records;
    private final long continuation;
    private final long catalog;
    private final long total;

    Layout() {
      root.assignPlainNames();
      long next = (long) FIRST_DESCRIPTOR + (bootImage == null ? 3 : 4);
      for (Tree tree : Tree.values()) {
        folders.add(foldersInPathOrder(tree));
        pathTableSize[tree.ordinal()] = pathTable(tree, ByteOrder.LITTLE_ENDIAN).length;
        pathTableSector[tree.ordinal()] = next;
        next += 2 * sectors(pathTableSize[tree.ordinal()]);
      }
      continuation = next++;
      records = new IsoRecords(time, continuation);
      for (Tree tree : Tree.values()) {
        for (IsoNode folder : folders.get(tree.ordinal())) {
          int count = records.sectorsFor(folder, tree);
          folder.sizeFolder(tree, (long) count * SECTOR);
          folder.placeFolder(tree, next);
          next += count;
        }
      }
      catalog = next;
      next += bootImage == null ? 0 : 1;
      total = placeFiles(root, next);
    }

    private long placeFiles(IsoNode folder, long firstFree) {
      long next = firstFree;
      for (IsoNode child : folder.children.values()) {
        IsoContent content = child.content;
        if (content == null) {
          next = placeFiles(child, next);
          continue;
        }
        Long sector = contents.putIfAbsent(content, next);
        child.placeFile(sector == null ? next : sector);
        if (sector == null) {
          inOrder.add(content);
          next += sectors(content.size());
        }
      }
      return next;
    }

    /** Level by level, each level in the order of its parents: so the path table wants them. */
    private List<IsoNode> foldersInPathOrder(Tree tree) {
      List<IsoNode> ordered = new ArrayList<>(List.of(root));
      for (int i = 0; i < ordered.size(); i++) {
        ordered.get(i).numberPath(tree, i + 1);
        ordered.get(i).sorted(tree).stream().filter(IsoNode::isFolder).forEach(ordered::add);
      }
      return ordered;
    }

    void writeTo(WritableByteChannel channel) throws IOException {
      write(channel, new byte[FIRST_DESCRIPTOR * SECTOR]);
      write(channel, volume(Tree.PRIMARY));
      if (bootImage != null) {
        write(channel, bootRecord());
      }
      write(channel, volume(Tree.JOLIET));
      write(channel, descriptor(255).array());
      for (Tree tree : Tree.values()) {
        write(channel, pathTable(tree, ByteOrder.LITTLE_ENDIAN));
        write(channel, pathTable(tree, ByteOrder.BIG_ENDIAN));
      }
      write(channel, IsoRecords.extensionReference());
      for (Tree tree : Tree.values()) {
        for (IsoNode folder : folders.get(tree.ordinal())) {
          write(channel, records.folder(folder, tree));
        }
      }
      if (bootImage != null) {
        write(channel, bootCatalog(bootImage));
      }
      for (IsoContent content : inOrder) {
        content.writeTo(channel);
        pad(channel, content.size());
      }
    }

    private byte[] volume(Tree tree) {
      Charset charset = tree == Tree.JOLIET ? StandardCharsets.UTF_16BE : StandardCharsets.US_ASCII;
      ByteBuffer buffer = descriptor(tree == Tree.JOLIET ? 2 : 1);
      buffer.put((byte) 0);
      text(buffer, "LINUX", 32, charset);
      text(buffer, label, 32, charset);
      buffer.position(80);
      putBoth(buffer, Math.toIntExact(total));
      if (tree == Tree.JOLIET) {
        buffer.put(new byte[] {'%', '/', 'E'}); // UCS-2 level 3
      }
      buffer.position(120);
      putBoth(buffer, (short) 1); // volumes in the set
      putBoth(buffer, (short) 1); // number of this one
      putBoth(buffer, (short) SECTOR);
      putBoth(buffer, pathTableSize[tree.ordinal()]);
      int table = Math.toIntExact(pathTableSector[tree.ordinal()]);
      int other = Math.toIntExact(table + sectors(pathTableSize[tree.ordinal()]));
      buffer.order(ByteOrder.LITTLE_ENDIAN).putInt(table).putInt(0);
      buffer.order(ByteOrder.BIG_ENDIAN).putInt(other).putInt(0);
      buffer.put(records.root(root, tree));
      text(buffer, "", 128, charset);
      text(buffer, publisher, 128, charset);
      text(buffer, "", 128, charset);
      text(buffer, "", 128, charset);
      text(buffer, "", 37, charset);
      text(buffer, "", 37, charset);
      text(buffer, "", 37, charset);
      byte[] stamp = VOLUME_TIME.format(time).getBytes(StandardCharsets.US_ASCII);
      buffer.put(stamp).put((byte) 0).put(stamp).put((byte) 0); // made, changed; in UTC
      for (int i = 0; i < 2; i++) { // no expiry, effective at once
        buffer.put("0".repeat(16).getBytes(StandardCharsets.US_ASCII)).put((byte) 0);
      }
      return buffer.put((byte) 1).array();
    }

    private byte[] bootRecord() {
      ByteBuffer buffer = descriptor(0);
      buffer.put("EL TORITO SPECIFICATION".getBytes(StandardCharsets.US_ASCII));
      buffer.position(71);
      buffer.order(ByteOrder.LITTLE_ENDIAN).putInt(Math.toIntExact(catalog));
      return buffer.array();
    }

    private byte[] bootCatalog(IsoNode image) {
      ByteBuffer buffer = ByteBuffer.allocate(SECTOR).order(ByteOrder.LITTLE_ENDIAN);
      buffer.put((byte) 1).put(EL_TORITO_EFI);
      buffer.position(30);
      buffer.put((byte) 0x55).put((byte) 0xAA);
      short sum = 0;
      for (int i = 0; i < 32; i += 2) {
        sum += buffer.getShort(i);
      }
      buffer.putShort(28, (short) -sum); // so that all words of this entry add up to zero
      // Bootable, no emulation, load at the platform's own address.
      buffer.put((byte) 0x88).put((byte) 0).putShort((short) 0).put((byte) 0).put((byte) 0);
      // Counted in 512 bytes; firmware takes zero as "to the end of the medium".
      long blocks = (image.size(Tree.PRIMARY) + 511) / 512;
      buffer.putShort((short) (blocks > 0xFFFF ? 0 : blocks));
      buffer.putInt(Math.toIntExact(image.sector(Tree.PRIMARY)));
      return buffer.array();
    }

    private byte[] pathTable(Tree tree, ByteOrder order) {
      List<IsoNode> ordered = folders.get(tree.ordinal());
      int size = ordered.stream().mapToInt(n -> 8 + even(n.recordName(tree).length)).sum();
      ByteBuffer buffer = ByteBuffer.allocate(size).order(order);
      for (IsoNode folder : ordered) {
        byte[] name = folder.recordName(tree);
        buffer.put((byte) name.length).put((byte) 0);
        buffer.putInt(Math.toIntExact(folder.sector(tree)));
        buffer.putShort((short) folder.parentOrSelf().pathNumber(tree));
        buffer.put(name).position(buffer.position() + (even(name.length) - name.length));
      }
      return buffer.array();
    }
  }

  private static ByteBuffer descriptor(int type) {
    ByteBuffer buffer = ByteBuffer.allocate(SECTOR);
    buffer.put((byte) type).put("CD001".getBytes(StandardCharsets.US_ASCII)).put((byte) 1);
    return buffer;
  }

  private static void text(ByteBuffer buffer, String text, int length, Charset charset) {
    int width = charset.equals(StandardCharsets.UTF_16BE) ? 2 : 1;
    String cut = text.substring(0, Math.min(text.length(), length / width));
    buffer.put((cut + " ".repeat(length / width - cut.length())).getBytes(charset));
    if (length % width != 0) {
      buffer.put((byte) 0);
    }
  }

  private static int even(int length) {
    return (length + 1) / 2 * 2;
  }

  private static long sectors(long bytes) {
    return (bytes + SECTOR - 1) / SECTOR;
  }

  private static void write(WritableByteChannel channel, byte[] bytes) throws IOException {
    IsoContent.of(bytes).writeTo(channel);
    pad(channel, bytes.length);
  }

  private static void pad(WritableByteChannel channel, long written) throws IOException {
    int rest = (int) (sectors(written) * SECTOR - written);
    if (rest > 0) {
      IsoContent.of(new byte[rest]).writeTo(channel);
    }
  }
}
