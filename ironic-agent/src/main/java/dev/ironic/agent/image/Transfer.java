package dev.ironic.agent.image;

import dev.ironic.agent.command.AgentException;
import dev.ironic.agent.command.ErrorKind;
import dev.ironic.agent.http.WebClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One image on its way: reads, hashes and hands over buffers in a thread of its own while the
 * caller writes, and takes up a broken download where it broke if the server can do that. For one
 * use.
 */
final class Transfer {

  private static final Logger log = LoggerFactory.getLogger(Transfer.class);

  private static final int BUFFER = 2 << 20;
  private static final int BUFFERS = 3;

  /** Takes the bytes of an image in order. */
  interface Sink {
    /**
     * Told before the first byte.
     *
     * @param length bytes that will come, -1 if the server does not tell
     */
    void begin(long length) throws IOException;

    /** Takes the next bytes. */
    void accept(long offset, ByteBuffer data) throws IOException;
  }

  /** A failure after which another try may help. */
  static final class Broken extends Exception {
    private static final long serialVersionUID = 1L;

    Broken(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** What the reading thread hands over. */
  private sealed interface Item {
    /** Filled bytes, and the whole array behind them to give back. */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record Bytes(ByteBuffer buffer, byte[] array) implements Item {}

    record End() implements Item {}

    record Failure(IOException cause) implements Item {}
  }

  private final WebClient client;
  private final ImageInfo image;
  private final URI url;
  private final String shownUrl;
  private final Sink sink;
  private final MessageDigest digest;
  private final InstantSource clock;
  private final @Nullable Instant deadline;
  private long position;
  private long length = -1;
  private @Nullable String validator;
  private boolean resumable;

  Transfer(
      WebClient client,
      ImageInfo image,
      URI url,
      Sink sink,
      MessageDigest digest,
      InstantSource clock,
      @Nullable Instant deadline) {
    this.client = client;
    this.image = image;
    this.url = url;
    this.shownUrl = ImageInfo.shown(url);
    this.sink = sink;
    this.digest = digest;
    this.clock = clock;
    this.deadline = deadline;
  }

  /** True if {@link #run} may be called again to go on where it broke. */
  boolean resumable() {
    return resumable && position > 0;
  }

  /** Bytes handed over so far. */
  long position() {
    return position;
  }

  /**
   * Transfers to the end, from the start or from where the last call broke.
   *
   * @throws Broken if another try may help
   * @throws AgentException if none will
   */
  void run() throws Broken, IOException, InterruptedException {
    try (WebClient.Download download = open()) {
      pump(download.body());
    } catch (IOException e) {
      if (e instanceof SinkFailure failure) {
        throw failure.unwrapped();
      }
      throw new Broken(describe(e), e);
    }
    if (length >= 0 && position != length) {
      throw new Broken("%s ended after %d of %d bytes".formatted(shownUrl, position, length), null);
    }
  }

  /** Keeps failures of the disk apart from those of the network. */
  private static final class SinkFailure extends IOException {
    private static final long serialVersionUID = 1L;
    private final IOException failure;

    SinkFailure(IOException failure) {
      super(failure);
      this.failure = failure;
    }

    IOException unwrapped() {
      return failure;
    }
  }

  private WebClient.Download open() throws IOException, Broken {
    Map<String, String> headers = new LinkedHashMap<>(image.headers());
    headers.put("Accept-Encoding", "identity"); // the sum is that of the plain bytes
    if (position > 0) {
      headers.put("Range", "bytes=" + position + "-");
      if (validator != null) {
        headers.put("If-Range", validator);
      }
    }
    WebClient.Download download = client.download(url, headers, image.proxyFor(url));
    try {
      accept(download);
      return download;
    } catch (IOException | Broken | RuntimeException e) {
      download.close();
      throw e;
    }
  }

  private void accept(WebClient.Download download) throws IOException, Broken {
    int status = download.status();
    if (position > 0 && status == 206) {
      String range = String.valueOf(download.headers().apply("Content-Range"));
      if (!range.startsWith("bytes " + position + "-")) {
        resumable = false;
        throw new Broken(shownUrl + " answered with the wrong range " + range, null);
      }
      log.info("{} goes on at byte {}", shownUrl, position);
      return;
    }
    if (position > 0) {
      resumable = false;
      throw new Broken(
          "%s can't go on at byte %d (HTTP %d)".formatted(shownUrl, position, status), null);
    }
    if (status >= 500) {
      throw new Broken(shownUrl + " answered with HTTP " + status, null);
    }
    if (status != 200) {
      throw new AgentException(
          ErrorKind.IMAGE_DOWNLOAD_FATAL,
          "%s answered with HTTP %d, expected 200; trying again would not help"
              .formatted(shownUrl, status));
    }
    length = download.length();
    String tag = download.headers().apply("ETag");
    // A weak tag does not promise equal bytes; without any validator the image might have changed.
    validator =
        tag != null && !tag.startsWith("W/") ? tag : download.headers().apply("Last-Modified");
    resumable = "bytes".equals(download.headers().apply("Accept-Ranges")) && validator != null;
    try {
      sink.begin(length);
    } catch (IOException e) {
      throw new SinkFailure(e);
    }
  }

  private void pump(InputStream body) throws IOException, InterruptedException {
    BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(BUFFERS);
    BlockingQueue<Item> filled = new ArrayBlockingQueue<>(BUFFERS + 1);
    for (int i = 0; i < BUFFERS; i++) {
      free.add(new byte[BUFFER]);
    }
    Thread reader = Thread.ofVirtual().name("image-download").start(() -> fill(body, free, filled));
    try {
      drain(free, filled);
    } finally {
      body.close(); // wakes a reader that waits for the network
      reader.interrupt();
      reader.join();
    }
  }

  private void drain(BlockingQueue<byte[]> free, BlockingQueue<Item> filled)
      throws IOException, InterruptedException {
    while (true) {
      switch (filled.take()) {
        case Item.End end -> {
          return;
        }
        case Item.Failure failure -> throw failure.cause();
        case Item.Bytes bytes -> {
          ByteBuffer buffer = bytes.buffer();
          int count = buffer.remaining();
          // Only bytes that are written are counted and hashed, so that going on starts there.
          digest.update(buffer.duplicate());
          try {
            sink.accept(position, buffer);
          } catch (IOException e) {
            throw new SinkFailure(e);
          }
          position += count;
          free.offer(bytes.array()); // after a break there may be no room, and no need
          checkDeadline();
        }
      }
    }
  }

  private void checkDeadline() {
    if (deadline != null && clock.instant().isAfter(deadline)) {
      throw new AgentException(
          ErrorKind.IMAGE_DOWNLOAD_TIMEOUT,
          "%s took longer than ipa-image-download-max-duration allows; %d of %d bytes had come"
              .formatted(shownUrl, position, length));
    }
  }

  private static void fill(
      InputStream body, BlockingQueue<byte[]> free, BlockingQueue<Item> filled) {
    try {
      try {
        while (true) {
          byte[] array = free.take();
          int count = readFully(body, array);
          if (count > 0) {
            filled.put(new Item.Bytes(ByteBuffer.wrap(array, 0, count), array));
          }
          if (count < array.length) {
            filled.put(new Item.End());
            return;
          }
        }
      } catch (PartialRead e) {
        filled.put(new Item.Bytes(ByteBuffer.wrap(e.bytes), e.bytes));
        filled.put(new Item.Failure(e.failure));
      } catch (IOException e) {
        filled.put(new Item.Failure(e));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the other side has stopped listening
    }
  }

  /** A break in the middle of a buffer: what had come is worth keeping. */
  private static final class PartialRead extends IOException {
    private static final long serialVersionUID = 1L;
    private final transient byte[] bytes;
    private final IOException failure;

    PartialRead(byte[] bytes, IOException failure) {
      super(failure);
      this.bytes = bytes;
      this.failure = failure;
    }
  }

  private static int readFully(InputStream in, byte[] buffer) throws IOException {
    int count = 0;
    try {
      while (count < buffer.length) {
        int n = in.read(buffer, count, buffer.length - count);
        if (n < 0) {
          break;
        }
        count += n;
      }
    } catch (IOException e) {
      throw count == 0 ? e : new PartialRead(java.util.Arrays.copyOf(buffer, count), e);
    }
    return count;
  }

  private String describe(IOException e) {
    return "%s broke off after %d%s bytes: %s"
        .formatted(shownUrl, position, length < 0 ? "" : " of " + length, e);
  }
}
