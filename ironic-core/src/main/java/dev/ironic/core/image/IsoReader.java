package dev.ironic.core.image;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads files from an ISO 9660 medium, or from one inside a partition. Names are those of Rock
 * Ridge; on a medium without them the plain ones in lower case. Not thread-safe.
 */
public final class IsoReader implements AutoCloseable {

  private static final int SECTOR = 2048;
  private static final int PRIMARY_VOLUME = 16;
  private static final int MAX_DEPTH = 16;
  private static final int MAX_IN_MEMORY = 64 << 20;

  private final FileChannel channel;
  private final long start;
  private final String label;
  private final SortedMap<String, Extent> files = new TreeMap<>();

  private record Extent(long position, long size) {}

  private IsoReader(FileChannel channel, long start) throws IOException {
    this.channel = channel;
    this.start = start;
    ByteBuffer volume = bytes(start + (long) PRIMARY_VOLUME * SECTOR, SECTOR);
    if (volume.get(0) != 1 || !"CD001".equals(ascii(volume, 1, 5))) {
      throw new IOException("There is no ISO 9660 volume at byte " + start);
    }
    this.label = ascii(volume, 40, 32).strip();
    walk("", extent(volume, 156), MAX_DEPTH, new HashSet<>());
  }

  /** Opens a file that is a medium. */
  public static IsoReader open(Path file) throws IOException {
    return open(file, 0);
  }

  /**
   * Opens a medium inside a file, such as a partition of a disk.
   *
   * @param start where it begins, in bytes
   * @throws IOException when there is none, or it cannot be read
   */
  public static IsoReader open(Path file, long start) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      return new IsoReader(channel, start);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e instanceof IOException io ? io : new IOException(file + " is damaged: " + e, e);
    }
  }

  /** The volume's name. */
  public String label() {
    return label;
  }

  /** The paths of all files, without a leading slash. */
  public Set<String> paths() {
    return Collections.unmodifiableSet(files.keySet());
  }

  /** The content of a file of up to 64 MiB, or empty where there is no such file. */
  public Optional<byte[]> read(String path) throws IOException {
    Extent extent = files.get(path);
    if (extent == null) {
      return Optional.empty();
    }
    if (extent.size > MAX_IN_MEMORY) {
      throw new IOException("'" + path + "' has " + extent.size + " bytes: too many for memory");
    }
    return Optional.of(bytes(extent.position, (int) extent.size).array());
  }

  /** The text of a file, or empty where there is no such file. */
  public Optional<String> readText(String path) throws IOException {
    return read(path).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  /** The content of all files of up to 64 MiB, by path. */
  public Map<String, byte[]> readAll() throws IOException {
    Map<String, byte[]> contents = new TreeMap<>();
    for (String path : paths()) {
      contents.put(path, read(path).orElseThrow());
    }
    return contents;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void walk(String prefix, Extent folder, int depth, Set<Long> seen) throws IOException {
    if (depth == 0 || folder.size > MAX_IN_MEMORY || !seen.add(folder.position)) {
      throw new IOException("The folder '" + prefix + "' of the medium is damaged");
    }
    ByteBuffer records = bytes(folder.position, (int) folder.size);
    for (int at = 0; at < records.limit(); ) {
      int length = records.get(at) & 0xFF;
      if (length == 0) {
        at = (at / SECTOR + 1) * SECTOR;
        continue;
      }
      int nameLength = records.get(at + 32) & 0xFF;
      boolean special = nameLength == 1 && records.get(at + 33) <= 1 && records.get(at + 33) >= 0;
      if (!special) {
        int fields = at + 33 + nameLength + (nameLength % 2 == 0 ? 1 : 0);
        String plain = ascii(records, at + 33, nameLength);
        String path = prefix + alternateName(records, fields, at + length).orElse(tidy(plain));
        Extent extent = extent(records, at);
        if ((records.get(at + 25) & 2) != 0) {
          walk(path + "/", extent, depth - 1, seen);
        } else {
          files.put(path, extent);
        }
      }
      at += length;
    }
  }

  /** The Rock Ridge name in the system use fields of a record. */
  private static Optional<String> alternateName(ByteBuffer records, int from, int to) {
    StringBuilder name = new StringBuilder();
    for (int at = from; at + 4 <= to; ) {
      int length = records.get(at + 2) & 0xFF;
      if (length < 4 || at + length > to) {
        break;
      }
      if (records.get(at) == 'N' && records.get(at + 1) == 'M' && length > 5) {
        byte[] part = new byte[length - 5];
        records.get(at + 5, part);
        name.append(new String(part, StandardCharsets.UTF_8));
      }
      at += length;
    }
    return name.isEmpty() ? Optional.empty() : Optional.of(name.toString());
  }

  private static String tidy(String plain) {
    String name = plain.replaceFirst(";\\d+$", "").replaceFirst("\\.$", "");
    return name.toLowerCase(Locale.ROOT);
  }

  private Extent extent(ByteBuffer buffer, int record) {
    ByteBuffer little = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    return new Extent(
        start + Integer.toUnsignedLong(little.getInt(record + 2)) * SECTOR,
        Integer.toUnsignedLong(little.getInt(record + 10)));
  }

  private static String ascii(ByteBuffer buffer, int at, int length) {
    byte[] bytes = new byte[length];
    buffer.get(at, bytes);
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  private ByteBuffer bytes(long position, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new EOFException("The medium ends before byte " + (position + length));
      }
    }
    return buffer.flip();
  }
}
