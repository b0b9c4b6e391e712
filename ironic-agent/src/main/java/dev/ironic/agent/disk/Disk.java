package dev.ironic.agent.disk;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An opened disk: a block device, or a file that stands for one. For one thread at a time.
 *
 * <p>It never assumes what was on the disk before: zeroes are either known to be there, because the
 * file was emptied through this object, or looked for before writing them is left out.
 */
public final class Disk implements Closeable {

  private static final int PIECE = 64 << 10;
  private static final ByteBuffer ZEROES = ByteBuffer.allocate(PIECE).asReadOnlyBuffer();

  private final Path path;
  private final FileChannel channel;
  private final long size;
  private final int sectorSize;
  private final boolean regularFile;
  private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
  private boolean empty;

  private Disk(Path path, FileChannel channel, long size, int sectorSize, boolean regularFile) {
    this.path = path;
    this.channel = channel;
    this.size = size;
    this.sectorSize = sectorSize;
    this.regularFile = regularFile;
  }

  /**
   * Opens a disk for reading and writing.
   *
   * @param size its size in bytes, which never changes
   * @param sectorSize bytes of a logical sector
   */
  public static Disk open(Path path, long size, int sectorSize) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    return new Disk(path, channel, size, sectorSize, Files.isRegularFile(path));
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** Its size in bytes. */
  public long size() {
    return size;
  }

  /** Bytes of a logical sector. */
  public int sectorSize() {
    return sectorSize;
  }

  /** True if this is a file that stands for a disk. */
  public boolean isFile() {
    return regularFile;
  }

  /** Reads exactly that many bytes; a file's missing end reads as zeroes. */
  public byte[] read(long offset, int length) throws IOException {
    checkRange(offset, length);
    ByteBuffer bytes = ByteBuffer.allocate(length);
    fill(offset, bytes);
    return bytes.array();
  }

  /** Writes all remaining bytes. */
  public void write(long offset, ByteBuffer data) throws IOException {
    checkRange(offset, data.remaining());
    long position = offset;
    while (data.hasRemaining()) {
      position += channel.write(data, position);
    }
  }

  /**
   * Writes all remaining bytes, but leaves out stretches of zeroes where the disk already holds
   * zeroes.
   */
  public void writeSparse(long offset, ByteBuffer data) throws IOException {
    checkRange(offset, data.remaining());
    long position = offset;
    while (data.hasRemaining()) {
      int length = Math.min(PIECE, data.remaining());
      ByteBuffer part = data.slice(data.position(), length);
      if (!isZero(part) || !holdsZeroes(position, length)) {
        write(position, part);
      }
      data.position(data.position() + length);
      position += length;
    }
  }

  /** Makes a range zero. */
  public void zero(long offset, long length) throws IOException {
    checkRange(offset, length);
    long position = offset;
    long end = offset + length;
    while (position < end) {
      int part = (int) Math.min(PIECE, end - position);
      if (!holdsZeroes(position, part)) {
        write(position, ZEROES.slice(0, part));
      }
      position += part;
    }
  }

  /** Writes zeroes over a range, whatever it holds. */
  public void overwrite(long offset, long length) throws IOException {
    checkRange(offset, length);
    for (long done = 0; done < length; ) {
      int part = (int) Math.min(PIECE, length - done);
      write(offset + done, ZEROES.slice(0, part));
      done += part;
    }
  }

  /**
   * Forgets all content if that is cheap and sure, which it is for files only.
   *
   * @return true if the whole disk is zero now
   */
  public boolean discard() throws IOException {
    if (!regularFile) {
      return false;
    }
    channel.truncate(0);
    channel.write(ByteBuffer.allocate(1), size - 1); // grows again, as a hole where possible
    empty = true;
    return true;
  }

  /** Puts everything written onto the medium. */
  public void flush() throws IOException {
    channel.force(false);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private boolean holdsZeroes(long offset, int length) throws IOException {
    if (empty) {
      // Holds only until something else is written there; an image is written once, in order.
      return true;
    }
    ByteBuffer found = piece.clear().limit(length);
    fill(offset, found);
    return isZero(found.flip());
  }

  /** From now on zeroes are looked for again, because parts may be written a second time. */
  public void forgetDiscard() {
    empty = false;
  }

  private void fill(long offset, ByteBuffer bytes) throws IOException {
    long position = offset;
    while (bytes.hasRemaining()) {
      int n = channel.read(bytes, position);
      if (n < 0) {
        if (!regularFile) {
          throw new EOFException(path + " ends at " + position + ", before its size " + size);
        }
        while (bytes.hasRemaining()) {
          bytes.put((byte) 0);
        }
        return;
      }
      position += n;
    }
  }

  private static boolean isZero(ByteBuffer bytes) {
    return bytes.mismatch(ZEROES.slice(0, bytes.remaining())) < 0;
  }

  private void checkRange(long offset, long length) {
    if (offset < 0 || length < 0 || offset > size - length) {
      throw new IllegalArgumentException(
          length + " bytes at " + offset + " are outside of " + path + " with its " + size);
    }
  }
}
