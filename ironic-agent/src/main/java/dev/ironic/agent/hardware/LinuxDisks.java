package dev.ironic.agent.hardware;

import dev.ironic.agent.json.Json;
import dev.ironic.agent.json.JsonMap;
import dev.ironic.agent.system.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The block devices of a Linux system, by lsblk and what udev noted. */
final class LinuxDisks {

  private static final Logger log = LoggerFactory.getLogger(LinuxDisks.class);

  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final String COLUMNS =
      "KNAME,MODEL,SIZE,ROTA,TYPE,SERIAL,WWN,LOG-SEC,PHY-SEC,TRAN,VENDOR,HCTL,RO,LABEL,MAJ:MIN";
  private static final Set<String> TYPES = Set.of("disk", "mpath", "raid0", "raid1", "raid5");

  private final Tools tools;

  LinuxDisks(Tools tools) {
    this.tools = tools;
  }

  List<BlockDevice> list() throws IOException, InterruptedException {
    // The exit code tells of devices that vanished meanwhile; the output is good all the same.
    Tools.Output output =
        tools.run(LIMIT, "lsblk", "--bytes", "--nodeps", "--json", "--output", COLUMNS);
    if (output.out().isBlank()) {
      throw new IOException("lsblk told nothing: " + output.err().strip());
    }
    Map<String, String> byPath = byPath();
    List<BlockDevice> devices = new ArrayList<>();
    for (Object entry :
        Json.readMap(output.out().getBytes(StandardCharsets.UTF_8)).list("blockdevices")) {
      if (entry instanceof Map<?, ?> map) {
        BlockDevice device = device(JsonMap.of(map), byPath);
        if (device != null) {
          devices.add(device);
        }
      }
    }
    log.debug("disks: {}", devices);
    return devices;
  }

  private static @Nullable BlockDevice device(JsonMap row, Map<String, String> byPath) {
    String kernelName = row.text("kname", "");
    long size = row.number("size", 0);
    boolean disk = TYPES.contains(row.text("type", ""));
    boolean imaginary =
        Stream.of("fd", "ram", "zram", "nbd", "loop").anyMatch(kernelName::startsWith);
    if (!disk || imaginary || size == 0) {
      return null;
    }
    Map<String, String> udev = udev(row.text("maj:min", ""));
    String name = "/dev/" + kernelName;
    return new BlockDevice(
        name,
        Path.of(name),
        trimmed(row.text("model")),
        size,
        row.flag("rota", false),
        first(trimmed(row.text("wwn")), udev.get("ID_WWN")),
        first(udev.get("ID_SERIAL_SHORT"), trimmed(row.text("serial"))),
        trimmed(row.text("vendor")),
        udev.get("ID_WWN_WITH_EXTENSION"),
        udev.get("ID_WWN_VENDOR_EXTENSION"),
        row.text("hctl"),
        byPath.get(kernelName),
        (int) row.number("log-sec", 512),
        (int) row.number("phy-sec", 512),
        row.text("tran"),
        first(udev.get("ID_SERIAL"), trimmed(row.text("serial"))),
        row.flag("ro", false),
        first(row.text("label"), udev.get("ID_FS_LABEL")));
  }

  private static Map<String, String> udev(String numbers) {
    Map<String, String> properties = new HashMap<>();
    Path file = Path.of("/run/udev/data/b" + numbers);
    try {
      for (String line : Files.readAllLines(file)) {
        int equals = line.indexOf('=');
        if (line.startsWith("E:") && equals > 0) {
          properties.put(line.substring(2, equals), line.substring(equals + 1));
        }
      }
    } catch (IOException e) {
      log.debug("udev has no notes on {}", numbers);
    }
    return properties;
  }

  private static Map<String, String> byPath() {
    Map<String, String> links = new HashMap<>();
    try (Stream<Path> entries = Files.list(Path.of("/dev/disk/by-path"))) {
      for (Path link : entries.sorted().toList()) {
        links.putIfAbsent(link.toRealPath().getFileName().toString(), link.toString());
      }
    } catch (IOException e) {
      log.debug("there is no /dev/disk/by-path");
    }
    return links;
  }

  private static @Nullable String first(@Nullable String a, @Nullable String b) {
    return a == null ? b : a;
  }

  private static @Nullable String trimmed(@Nullable String text) {
    return text == null || text.isBlank() ? null : text.strip();
  }
}
