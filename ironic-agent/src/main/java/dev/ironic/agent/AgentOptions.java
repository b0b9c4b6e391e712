package dev.ironic.agent;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All the agent was told: kernel parameters and command line. Immutable.
 *
 * @param apiUrls where the bare metal API is, tried in turn; empty means standalone
 * @param token the pre-shared token, or null if lookup shall bring it
 * @param requestId sent to the API as request id
 * @param listenHost address to listen on, null for all
 * @param listenPort port to listen on, 0 for any free one
 * @param tls how to serve
 * @param advertise under which address others reach the agent
 * @param lookupTimeout after this without an answer the agent gives up
 * @param lookupInterval the first pause between two lookups
 * @param apiVersion an API microversion to use without asking, such as "1.68"
 * @param insecure believe every TLS server
 * @param caFile the authorities to believe, null for the JDK's
 * @param requestTimeout limit for one call to the API
 * @param download how to fetch images
 * @param ignoreBootloaderFailure do not fail on boot loader errors
 * @param guardSpecialFilesystems refuse to erase cluster file systems
 * @param initializationDelay wait before anything
 * @param diskWaitAttempts how often to look for a disk
 * @param diskWaitDelay the time between
 * @param inspectionUrls where to post inspection data; empty means none
 * @param ntpServer the clock to follow, null for none
 * @param bootInterface the raw BOOTIF value, or null
 * @param debug log more
 * @param disks files that are the disks of a process machine; empty on real machines
 * @param macs MAC addresses of a process machine
 * @param powerByExitCode end the process instead of the machine
 */
public record AgentOptions(
    List<URI> apiUrls,
    @Nullable Secret token,
    @Nullable String requestId,
    @Nullable String listenHost,
    int listenPort,
    Tls tls,
    Advertise advertise,
    Duration lookupTimeout,
    Duration lookupInterval,
    @Nullable String apiVersion,
    boolean insecure,
    @Nullable Path caFile,
    Duration requestTimeout,
    Downloads download,
    boolean ignoreBootloaderFailure,
    boolean guardSpecialFilesystems,
    Duration initializationDelay,
    int diskWaitAttempts,
    Duration diskWaitDelay,
    List<URI> inspectionUrls,
    @Nullable String ntpServer,
    @Nullable String bootInterface,
    boolean debug,
    List<Path> disks,
    List<String> macs,
    boolean powerByExitCode) {

  /**
   * How the agent serves.
   *
   * @param minVersion lowest version, "1.2" or "1.3"; null leaves it to the conductor, then 1.3
   * @param cipherSuites suites for TLS 1.2, separated by colons or commas; null for the JDK's
   * @param curve key curve of the certificate: p256, p384, p521
   */
  public record Tls(@Nullable String minVersion, @Nullable String cipherSuites, String curve) {}

  /**
   * Under which address others reach the agent.
   *
   * @param host address or name; null means found out
   * @param port null means the port listened on
   * @param protocol http or https; null means what is served
   * @param networkInterface take the address of this interface
   * @param attempts tries to find the own address
   * @param pause time between two tries
   */
  public record Advertise(
      @Nullable String host,
      @Nullable Integer port,
      @Nullable String protocol,
      @Nullable String networkInterface,
      int attempts,
      Duration pause) {}

  /**
   * How images are fetched.
   *
   * @param silence how long connecting, or the next byte, may take
   * @param retries tries after the first
   * @param pause time between two tries
   * @param maxDuration limit for a whole image, zero for none
   */
  public record Downloads(Duration silence, int retries, Duration pause, Duration maxDuration) {}

  /** Parameters of the same family that this agent does not act on; saying so beats silence. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "ipa-collect-lldp",
          "ipa-lldp-timeout",
          "ipa-inspection-dhcp-wait-timeout",
          "ipa-inspection-dhcp-all-interfaces",
          "ipa-enable-vlan-interfaces",
          "ipa-inject-files-priority",
          "ipa-inspection-benchmarks",
          "ipa-use-mdns");

  /** Reads the kernel parameters and the command line into one. */
  static final class Reader {
    private final KernelParameters kernel;
    private final Set<String> known = new TreeSet<>();

    Reader(KernelParameters kernel) {
      this.kernel = kernel;
    }

    AgentOptions read(CommandLine cli) {
      Path caFile = cli.caFile();
      String caParameter = text("ipa-ca-file");
      if (caFile == null && caParameter != null) {
        caFile = Path.of(caParameter);
      }
      String token = text("ipa-agent-token");
      return new AgentOptions(
          urls("ipa-api-url"),
          token == null ? null : new Secret(token),
          text("ipa-global-request-id"),
          text("ipa-listen-host"),
          number("ipa-listen-port", 9999, 0, 65535),
          new Tls(
              tlsVersion("ipa-tls-min-version"),
              text("ipa-tls-cipher-suites"),
              oneOf("ipa-tls-certificate-curve", "p384", Set.of("p256", "p384", "p521"))),
          new Advertise(
              text("ipa-advertise-host"),
              has("ipa-advertise-port") ? number("ipa-advertise-port", 9999, 1, 65535) : null,
              protocol("ipa-advertise-protocol"),
              text("ipa-network-interface"),
              number("ipa-ip-lookup-attempts", 6, 1, 10_000),
              seconds("ipa-ip-lookup-timeout", 10)),
          seconds("ipa-lookup-timeout", 600),
          seconds("ipa-lookup-interval", 1),
          text("ipa-ironic-api-version"),
          flag("ipa-insecure", false),
          caFile,
          seconds("ipa-http-request-timeout", 30),
          new Downloads(
              seconds("ipa-image-download-connection-timeout", 60),
              number("ipa-image-download-connection-retries", 9, 0, 10_000),
              seconds("ipa-image-download-connection-retry-interval", 10),
              seconds("ipa-image-download-max-duration", 0)),
          flag("ipa-ignore-bootloader-failure", false),
          flag("ipa-guard-special-filesystems", true),
          seconds("ipa-hardware-initialization-delay", 0),
          number("ipa-disk-wait-attempts", 10, 1, 10_000),
          seconds("ipa-disk-wait-delay", 3),
          urls("ipa-inspection-callback-url"),
          text("ipa-ntp-server"),
          text("BOOTIF"),
          flag("ipa-debug", false),
          cli.disks(),
          cli.macs(),
          cli.powerByExitCode() || !cli.disks().isEmpty());
    }

    /** What the operator should know about words that have no effect. */
    List<String> warnings() {
      List<String> warnings = new ArrayList<>();
      for (String name : kernel.names()) {
        if (WITHOUT_EFFECT.contains(name)) {
          warnings.add("kernel parameter " + name + " has no effect in this agent");
        } else if (name.startsWith("ipa-") && !known.contains(name) && !isOptional(name)) {
          warnings.add("unknown kernel parameter " + name + " (known: " + known + ")");
        }
      }
      return warnings;
    }

    private static boolean isOptional(String name) {
      // Read where they are acted on, or harmless beside the callback URL they belong to.
      return Set.of("ipa-inspection-collectors", "ipa-advertise-port").contains(name);
    }

    private boolean has(String name) {
      known.add(name);
      return text(name) != null;
    }

    private @Nullable String text(String name) {
      known.add(name);
      String value = kernel.get(name);
      return value == null || value.isEmpty() ? null : value;
    }

    private int number(String name, int absent, int least, int most) {
      String value = text(name);
      if (value == null) {
        return absent;
      }
      try {
        int number = Integer.parseInt(value);
        if (number >= least && number <= most) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Falls through to the refusal below, which names the value.
      }
      throw refused(name, value, "a whole number from " + least + " to " + most);
    }

    private Duration seconds(String name, int absent) {
      return Duration.ofSeconds(number(name, absent, 0, Integer.MAX_VALUE / 1000));
    }

    private boolean flag(String name, boolean absent) {
      String value = text(name);
      return value == null
          ? absent
          : switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "1", "yes", "on", "t", "y" -> true;
            case "false", "0", "no", "off", "f", "n" -> false;
            default -> throw refused(name, value, "true or false");
          };
    }

    private String oneOf(String name, String absent, Set<String> choices) {
      String value = text(name);
      if (value == null) {
        return absent;
      }
      String lower = value.toLowerCase(Locale.ROOT);
      if (!choices.contains(lower)) {
        throw refused(name, value, "one of " + new TreeSet<>(choices));
      }
      return lower;
    }

    private @Nullable String tlsVersion(String name) {
      return has(name) ? oneOf(name, "1.3", Set.of("1.2", "1.3")) : null;
    }

    private @Nullable String protocol(String name) {
      return has(name) ? oneOf(name, "https", Set.of("http", "https")) : null;
    }

    private List<URI> urls(String name) {
      String value = text(name);
      List<URI> urls = new ArrayList<>();
      if (value == null) {
        return urls;
      }
      for (String part : value.split(",", -1)) {
        try {
          URI url = new URI(part.strip());
          if (url.getHost() != null && Set.of("http", "https").contains(url.getScheme())) {
            urls.add(url);
            continue;
          }
        } catch (java.net.URISyntaxException e) {
          // Falls through to the refusal below, which names the value.
        }
        throw refused(name, part.strip(), "an http or https URL (mDNS is not supported)");
      }
      return List.copyOf(urls);
    }

    private static IllegalArgumentException refused(String name, String value, String wanted) {
      return new IllegalArgumentException(
          "kernel parameter " + name + "=" + value + " is not usable: it must be " + wanted);
    }
  }
}
