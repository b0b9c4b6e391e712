package dev.ironic.driver.generic;

import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.PortInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a dnsmasq that watches two folders: one file of options per node, one file per port that
 * ties its MAC address to them. Thread-safe.
 *
 * @param options the folder of options, dnsmasq's {@code dhcp-optsdir}
 * @param hosts the folder of machines, dnsmasq's {@code dhcp-hostsdir}
 * @param leases the file in which dnsmasq keeps what it gave to whom
 * @param random makes the tags that tie machines and options together
 */
record Dnsmasq(Path options, Path hosts, Path leases, RandomGenerator random)
    implements DhcpProvider {

  private static final Logger LOG = LoggerFactory.getLogger(Dnsmasq.class);
  private static final String TAG = "dnsmasq_tag";

  @Override
  public boolean knowsTags() {
    return true;
  }

  @Override
  public void offer(NodeTask task, List<PortInfo> ports, List<DhcpOption> offered) {
    String tag =
        task.node().internalText(TAG).orElseGet(() -> "%016x".formatted(random.nextLong()));
    task.update(node -> node.internal(TAG, tag));
    write(
        optionsOf(task),
        offered.stream()
            .map(option -> "tag:%s,%s,%s\n".formatted(tag, option.name(), option.value()))
            .collect(Collectors.joining()));
    for (PortInfo port : ports) {
      write(host(port), "%s,set:%s,set:ironic\n".formatted(port.address(), tag));
    }
  }

  @Override
  public void withdraw(NodeTask task, List<PortInfo> ports) {
    if (task.node().internalText(TAG).isEmpty()) {
      return;
    }
    // dnsmasq reads changed files, but does not notice that one is gone.
    for (PortInfo port : ports) {
      write(host(port), port.address() + ",ignore\n");
    }
    try {
      Files.deleteIfExists(optionsOf(task));
    } catch (IOException e) {
      throw failure(optionsOf(task), e);
    }
    task.update(node -> node.removeInternal(TAG));
  }

  @Override
  public List<String> addresses(List<PortInfo> ports) {
    var found = new ArrayList<String>();
    try {
      for (String line : Files.readAllLines(leases)) {
        String[] words = line.strip().split("\\s+", -1);
        if (words.length > 2
            && ports.stream().anyMatch(port -> port.address().equalsIgnoreCase(words[1]))) {
          found.add(words[2]);
        }
      }
    } catch (NoSuchFileException e) {
      LOG.debug("No leases yet: {}", e.getMessage());
    } catch (IOException e) {
      LOG.warn("The leases of dnsmasq cannot be read: {}", e.toString());
    }
    return found;
  }

  private Path optionsOf(NodeTask task) {
    return options.resolve("ironic-%s.conf".formatted(task.node().uuid()));
  }

  private Path host(PortInfo port) {
    return hosts.resolve("ironic-%s.conf".formatted(port.address()));
  }

  private static void write(Path file, String text) {
    // dnsmasq passes over names that begin with a dot.
    Path part = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
    try {
      Files.writeString(part, text);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  private static DriverException failure(Path file, IOException cause) {
    return DriverException.failed(
        "dnsmasq cannot be told what to boot, since %s cannot be changed: %s; see [dnsmasq]dhcp_optsdir and dhcp_hostsdir"
            .formatted(file, cause),
        cause);
  }
}
