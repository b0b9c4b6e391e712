package dev.ironic.agent.hardware;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The network interfaces of a Linux system, by /sys. */
final class LinuxNetwork {

  private static final Path NETWORKS = Path.of("/sys/class/net");

  private LinuxNetwork() {}

  static List<NetworkCard> list() throws IOException {
    List<NetworkCard> cards = new ArrayList<>();
    try (Stream<Path> entries = Files.list(NETWORKS)) {
      for (Path entry : entries.sorted().toList()) {
        NetworkCard card = card(entry);
        if (card != null) {
          cards.add(card);
        }
      }
    }
    return cards;
  }

  private static @Nullable NetworkCard card(Path entry) throws IOException {
    String name = entry.getFileName().toString();
    boolean real = Files.exists(entry.resolve("device"));
    boolean bond = Files.exists(entry.resolve("bonding"));
    boolean vlan = name.contains(".");
    String mac = read(entry.resolve("address"));
    // Addresses beginning with fa: are those of tunnels and virtual functions.
    if (!(real || bond || vlan) || mac == null || mac.length() != 17 || mac.startsWith("fa:")) {
      return null;
    }
    String speed = read(entry.resolve("speed"));
    return new NetworkCard(
        name,
        mac.toLowerCase(Locale.ROOT),
        address(name, Inet4Address.class),
        address(name, Inet6Address.class),
        "1".equals(read(entry.resolve("carrier"))),
        read(entry.resolve("device/vendor")),
        read(entry.resolve("device/device")),
        speed == null || speed.startsWith("-") ? null : Integer.valueOf(speed),
        real ? entry.resolve("device").toRealPath().getFileName().toString() : null,
        driver(entry));
  }

  private static @Nullable String driver(Path entry) throws IOException {
    Path link = entry.resolve("device/driver");
    return Files.exists(link) ? link.toRealPath().getFileName().toString() : null;
  }

  private static @Nullable String address(String name, Class<? extends InetAddress> kind)
      throws SocketException {
    NetworkInterface network = NetworkInterface.getByName(name);
    if (network == null) {
      return null;
    }
    return network
        .inetAddresses()
        .filter(a -> kind.isInstance(a) && !(a instanceof Inet6Address && a.isLinkLocalAddress()))
        .findFirst()
        .map(a -> a.getHostAddress().replaceAll("%.*", ""))
        .orElse(null);
  }

  // Many of these files exist but refuse to be read while the interface is down.
  static @Nullable String read(Path file) {
    try {
      String text = Files.readString(file).strip();
      return text.isEmpty() ? null : text;
    } catch (IOException e) {
      return null;
    }
  }
}
