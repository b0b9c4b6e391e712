package dev.ironic.agent.image;

import dev.ironic.agent.command.AgentException;
import dev.ironic.agent.command.ErrorKind;
import dev.ironic.agent.command.Progress;
import dev.ironic.agent.disk.Disk;
import dev.ironic.agent.disk.DiskEraser;
import dev.ironic.agent.hardware.BlockDevice;
import dev.ironic.agent.ironic.NodeContext;
import dev.ironic.agent.system.Tools;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes whole-disk images: raw ones while they arrive, others by way of a file. */
public final class ImageWriter {

  private static final Logger log = LoggerFactory.getLogger(ImageWriter.class);

  // Often enough that the report does not run far ahead of the medium.
  private static final long FLUSH_EVERY = 256L << 20;
  private static final Duration CONVERSION_LIMIT = Duration.ofHours(6);

  private final ImageDownloader downloader;
  private final NodeContext node;
  private final Tools tools;
  private final Path scratch;

  /**
   * Creates it.
   *
   * @param scratch folder for images that can't be written while they arrive
   */
  public ImageWriter(ImageDownloader downloader, NodeContext node, Tools tools, Path scratch) {
    this.downloader = downloader;
    this.node = node;
    this.tools = tools;
    this.scratch = scratch;
  }

  /**
   * Replaces a disk's content by an image.
   *
   * @throws AgentException if the image can't be had, is not what it should be, or does not fit
   */
  public void write(ImageInfo image, BlockDevice device, Progress progress)
      throws IOException, InterruptedException {
    if (image.partitionImage()) {
      throw new AgentException(
          ErrorKind.INVALID_IMAGE,
          "image %s is a partition image, which this agent can't write; use a whole-disk image"
              .formatted(image.id()));
    }
    if (image.stream() && "raw".equals(image.format())) {
      try (Disk disk = Disk.open(device.path(), device.size(), device.logicalSector())) {
        downloader.fetch(image, new ToDisk(image, disk, progress));
        disk.forgetDiscard();
        disk.flush();
      }
    } else {
      writeByFile(image, device, progress);
    }
  }

  private void writeByFile(ImageInfo image, BlockDevice device, Progress progress)
      throws IOException, InterruptedException {
    Files.createDirectories(scratch);
    Path file = Files.createTempFile(scratch, "image-", ".download");
    try {
      try (ToFile sink = new ToFile(image, file, progress)) {
        downloader.fetch(image, sink);
      }
      String format =
          node.deepInspectionDisabled()
              ? image.format() == null ? "raw" : image.format()
              : ImageFormat.inspect(file, image.format(), node.permittedImageFormats());
      switch (format) {
        case "raw", "gpt" -> copy(image, file, device, progress);
        case "qcow2" -> convert(image, file, device, progress);
        default ->
            throw new AgentException(
                ErrorKind.INVALID_IMAGE,
                "image " + image.id() + " has the format " + format + "; use raw or qcow2");
      }
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static void copy(ImageInfo image, Path file, BlockDevice device, Progress progress)
      throws IOException {
    try (Disk disk = Disk.open(device.path(), device.size(), device.logicalSector());
        FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      ToDisk sink = new ToDisk(image, disk, progress);
      sink.begin(in.size());
      ByteBuffer buffer = ByteBuffer.allocate(2 << 20);
      long position = 0;
      while (in.read(buffer.clear(), position) > 0) {
        buffer.flip();
        int count = buffer.remaining();
        sink.accept(position, buffer);
        position += count;
      }
      disk.forgetDiscard();
      disk.flush();
    }
  }

  private void convert(ImageInfo image, Path file, BlockDevice device, Progress progress)
      throws IOException, InterruptedException {
    long size = ImageFormat.qcow2Size(file);
    checkFits(image, size, device.path(), device.size());
    if (!tools.present("qemu-img")) {
      throw new AgentException(
          ErrorKind.IMAGE_WRITE,
          "image %s is qcow2 and qemu-img is not installed here; install it or use a raw image"
              .formatted(image.id()));
    }
    boolean known;
    try (Disk disk = Disk.open(device.path(), device.size(), device.logicalSector())) {
      DiskEraser.eraseMetadata(disk);
      known = disk.discard();
      disk.flush();
    }
    progress.bytes("converting", 0, size);
    if (known) {
      // A file that was just emptied needs no zeroes, and keeps its length with -n.
      tools.require(
          CONVERSION_LIMIT,
          "qemu-img",
          "convert",
          "-f",
          "qcow2",
          "-O",
          "raw",
          "-n",
          "--target-is-zero",
          file.toString(),
          device.path().toString());
    } else {
      tools.require(
          CONVERSION_LIMIT,
          "qemu-img",
          "convert",
          "-f",
          "qcow2",
          "-O",
          "host_device",
          "-t",
          "directsync",
          "-S",
          "0",
          "-W",
          file.toString(),
          device.path().toString());
    }
    progress.bytes("converting", size, size);
    log.info("image {} converted to {}", image.id(), device.name());
  }

  private static void checkFits(ImageInfo image, long bytes, Path disk, long diskSize) {
    if (bytes > diskSize) {
      throw new AgentException(
          ErrorKind.IMAGE_WRITE,
          ("image %s has %d bytes, the disk %s only %d; nothing was written. Use a larger disk"
                  + " (root device hints) or a smaller image.")
              .formatted(image.id(), bytes, disk, diskSize));
    }
  }

  /** Streams onto a disk. */
  private static final class ToDisk implements Transfer.Sink {
    private final ImageInfo image;
    private final Disk disk;
    private final Progress progress;
    private long total = -1;
    private long nextFlush = FLUSH_EVERY;

    ToDisk(ImageInfo image, Disk disk, Progress progress) {
      this.image = image;
      this.disk = disk;
      this.progress = progress;
    }

    @Override
    public void begin(long length) throws IOException {
      checkFits(image, length, disk.path(), disk.size());
      if (!disk.discard()) {
        DiskEraser.eraseMetadata(disk);
      }
      total = length;
      nextFlush = FLUSH_EVERY;
      progress.bytes("writing", 0, total);
    }

    @Override
    public void accept(long offset, ByteBuffer data) throws IOException {
      long end = offset + data.remaining();
      if (end > disk.size()) {
        throw new AgentException(
            ErrorKind.IMAGE_WRITE,
            "image %s has more than the %d bytes of the disk %s"
                .formatted(image.id(), disk.size(), disk.path()));
      }
      disk.writeSparse(offset, data);
      if (end >= nextFlush) {
        disk.flush();
        nextFlush = end + FLUSH_EVERY;
      }
      progress.bytes("writing", end, total);
    }
  }

  /** Stores in a file. */
  private static final class ToFile implements Transfer.Sink, AutoCloseable {
    private final ImageInfo image;
    private final Path file;
    private final FileChannel channel;
    private final Progress progress;
    private long total = -1;

    ToFile(ImageInfo image, Path file, Progress progress) throws IOException {
      this.image = image;
      this.file = file;
      this.channel = FileChannel.open(file, StandardOpenOption.WRITE);
      this.progress = progress;
    }

    @Override
    public void begin(long length) throws IOException {
      channel.truncate(0);
      long free = Files.getFileStore(file).getUsableSpace();
      if (length > free) {
        throw new AgentException(
            ErrorKind.IMAGE_DOWNLOAD_OUT_OF_SPACE,
            "image %s has %d bytes, %s has only %d left; use stream_raw_images with a raw image"
                .formatted(image.id(), length, file.getParent(), free));
      }
      total = length;
    }

    @Override
    public void accept(long offset, ByteBuffer data) throws IOException {
      long position = offset;
      while (data.hasRemaining()) {
        position += channel.write(data, position);
      }
      progress.bytes("downloading", position, total);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
