package dev.ironic.core.image;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What a file on an ISO 9660 medium consists of. */
sealed interface IsoContent {

  /** The length in bytes. */
  long size();

  /** Writes all of it, and nothing but it. */
  void writeTo(WritableByteChannel channel) throws IOException;

  /** Bytes in memory. */
  static IsoContent of(byte[] bytes) {
    return new Bytes(bytes.clone());
  }

  /** A file, read when the medium is written; it must keep its length until then. */
  static IsoContent of(Path file) throws IOException {
    return new External(file, Files.size(file));
  }

  /** Bytes in memory. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Bytes(byte[] bytes) implements IsoContent {
    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public void writeTo(WritableByteChannel channel) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
  }

  /** A file on disk; transferred by the kernel where it can. */
  record External(Path file, long size) implements IsoContent {
    @Override
    public void writeTo(WritableByteChannel channel) throws IOException {
      try (FileChannel source = FileChannel.open(file, StandardOpenOption.READ)) {
        long position = 0;
        while (position < size) {
          long moved = source.transferTo(position, size - position, channel);
          if (moved <= 0) {
            throw new EOFException(
                file + " ended at byte " + position + " of " + size + " while it was being read");
          }
          position += moved;
        }
      }
    }
  }
}
