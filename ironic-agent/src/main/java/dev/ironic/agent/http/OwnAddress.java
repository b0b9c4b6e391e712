package dev.ironic.agent.http;

import dev.ironic.agent.AgentOptions;
import dev.ironic.agent.system.Sleeper;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the address under which the API and its conductors can reach this machine. */
public final class OwnAddress {

  private static final Logger log = LoggerFactory.getLogger(OwnAddress.class);

  private final AgentOptions.Advertise options;
  private final Sleeper sleeper;

  /** Creates it. */
  public OwnAddress(AgentOptions.Advertise options, Sleeper sleeper) {
    this.options = options;
    this.sleeper = sleeper;
  }

  /**
   * The given host, else the address of the given interface, else the one the system would use
   * towards the first API URL that has one.
   *
   * @return an address or a name, IPv6 without brackets
   * @throws IOException if there is none after all attempts
   */
  public String find(List<URI> apiUrls) throws IOException, InterruptedException {
    if (options.host() != null) {
      return options.host();
    }
    List<String> failures = new ArrayList<>();
    for (int attempt = 0; attempt < options.attempts(); attempt++) {
      if (attempt > 0) {
        sleeper.sleep(options.pause());
      }
      failures.clear();
      if (options.networkInterface() != null) {
        try {
          return ofInterface(options.networkInterface());
        } catch (IOException e) {
          failures.add(e.getMessage());
        }
      } else {
        for (URI url : apiUrls) {
          try {
            return towards(url);
          } catch (IOException | java.io.UncheckedIOException e) {
            failures.add(url + ": " + e.getMessage());
          }
        }
      }
      log.warn("the own address is not known yet: {}", failures);
    }
    throw new IOException(
        "the agent's own address could not be found "
            + failures
            + "; give it in the kernel parameter ipa-advertise-host");
  }

  private static String ofInterface(String name) throws IOException {
    NetworkInterface network = NetworkInterface.getByName(name);
    if (network == null) {
      throw new IOException("there is no network interface " + name);
    }
    return network
        .inetAddresses()
        .filter(Inet4Address.class::isInstance)
        .findFirst()
        .map(InetAddress::getHostAddress)
        .orElseThrow(() -> new IOException("the interface " + name + " has no IPv4 address"));
  }

  // Connecting a datagram socket sends nothing; it makes the system choose a source address.
  private static String towards(URI url) throws IOException {
    int port = url.getPort() < 0 ? (url.getScheme().equals("https") ? 443 : 80) : url.getPort();
    InetAddress[] targets;
    try {
      targets = InetAddress.getAllByName(url.getHost().replaceAll("[\\[\\]]", ""));
    } catch (UnknownHostException e) {
      throw new IOException("the name " + url.getHost() + " is not known", e);
    }
    for (InetAddress target : targets) {
      try (DatagramSocket socket = new DatagramSocket()) {
        socket.connect(new InetSocketAddress(target, port));
        InetAddress own = socket.getLocalAddress();
        if (!own.isAnyLocalAddress() && !own.isLinkLocalAddress()) {
          String text = own.getHostAddress();
          int zone = text.indexOf('%');
          return zone < 0 ? text : text.substring(0, zone);
        }
      } catch (java.net.SocketException | java.io.UncheckedIOException e) {
        log.debug("no route to {}", target, e);
      }
    }
    throw new IOException("no route to " + url.getHost());
  }
}
