package dev.ironic.quickstart;

import dev.ironic.lab.MachineBackend;
import dev.ironic.lab.SampleImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** The README's first command. */
public final class QuickstartMain implements Callable<Integer> {

  private static final String HOST_NAME = "hello-bare-metal";
  private static final Duration CLEANING = Duration.ofMinutes(10);
  private static final Duration DEPLOYMENT = Duration.ofMinutes(20);
  private static final Duration BOOT = Duration.ofMinutes(5);
  private static final Duration WRITING = Duration.ofMinutes(2);

  private final Options options;
  private final Screen screen;
  private final Leftovers leftovers;
  private volatile boolean succeeded;

  private QuickstartMain(Options options) {
    this.options = options;
    this.screen = new Screen(System.out, options.live, Clock.systemUTC());
    this.leftovers = new Leftovers(screen);
  }

  /** Runs the quickstart; see {@code --help}. */
  public static void main(String[] arguments) {
    System.setProperty("logback.configurationFile", "dev/ironic/quickstart/logback.xml");
    var options = new Options();
    var line = new CommandLine(options);
    int status =
        line.setExecutionStrategy(
                parsed -> {
                  Integer help = CommandLine.executeHelpRequest(parsed);
                  return help == null ? new QuickstartMain(options).call() : help;
                })
            .execute(arguments);
    System.exit(status);
  }

  @Override
  public Integer call() {
    // Ctrl-C leaves nothing behind either.
    Runtime.getRuntime().addShutdownHook(new Thread(leftovers::close));
    try {
      run();
      return 0;
    } catch (QuickstartException e) {
      return failed(e.getMessage());
    } catch (IOException e) {
      return failed(e.toString());
    } finally {
      leftovers.close();
    }
  }

  private int failed(@Nullable String why) {
    // What fails while everything is being stopped is no news.
    if (!leftovers.closed()) {
      screen.line("FAILED: " + why);
    }
    return 1;
  }

  private void run() throws IOException {
    Path state =
        options.state == null
            ? Files.createTempDirectory("ironic-quickstart-")
            : Files.createDirectories(options.state).toAbsolutePath();
    screen.line("State and logs are in " + state);
    if (options.state == null) {
      // After a failure or an interruption it tells what was the matter.
      leftovers.add(
          () -> {
            if (succeeded) {
              delete(state);
            }
          });
    }
    // Closed late: what is still there by then, such as a probe that was under way.
    leftovers.add(
        () -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly));
    var machines = new Machines(options.root, state, screen, leftovers);
    Options.MachineKind kind = options.machine == null ? machines.choose() : options.machine;
    Machines.Prepared prepared = machines.prepare(kind);
    MachineBackend backend = leftovers.add(prepared.machine()).backend();
    BootWatch boots = leftovers.add(BootWatch.start(backend, screen::elapsed));
    Services services = Services.start(options, state, backend.hostAddress(), screen, leftovers);
    // Goes first, so that no patience of the services can leave the machine behind.
    leftovers.add(() -> backend.stop(false));
    try (var client = new IronicClient(services.url())) {
      String node = enrol(client, prepared);
      var watch = new NodeWatch(client, screen, node);
      watch.provision(Map.of("target", "manage"), "manageable", Duration.ofMinutes(2));
      watch.provision(Map.of("target", "provide"), "available", CLEANING);
      deploy(client, watch, boots, services, node, prepared);
      prove(kind, prepared);
      tell(kind, boots);
      if (!options.keep) {
        watch.provision(Map.of("target", "deleted"), "available", CLEANING);
      }
      succeeded = true;
      finish(watch, services, node);
    }
  }

  private void tell(Options.MachineKind kind, BootWatch boots) {
    boots
        .time(BootWatch.AGENT)
        .ifPresent(time -> screen.line("The agent's first heartbeat came " + afterPowerOn(time)));
    if (kind == Options.MachineKind.process) {
      return; // nothing boots there
    }
    boots
        .time(BootWatch.SYSTEM)
        .ifPresent(time -> screen.line("The deployed system was up " + afterPowerOn(time)));
  }

  private static String afterPowerOn(Duration time) {
    return String.format(Locale.ROOT, "%.1f s after power-on", time.toMillis() / 1000.0);
  }

  private String enrol(IronicClient client, Machines.Prepared prepared) throws IOException {
    var driverInfo = new LinkedHashMap<String, Object>(prepared.machine().driverInfo(options.port));
    driverInfo.putAll(prepared.ramdisk());
    var body = new LinkedHashMap<String, Object>();
    body.put("name", "quickstart");
    body.put("driver", "redfish");
    body.put("driver_info", driverInfo);
    body.put("properties", Map.of("cpu_arch", "x86_64", "capabilities", "boot_mode:uefi"));
    JsonNode node = client.post("/v1/nodes", body);
    String uuid = node.path("uuid").asString();
    for (String mac : prepared.machine().macs()) {
      client.post("/v1/ports", Map.of("node_uuid", uuid, "address", mac));
    }
    screen.line("Enrolled node " + uuid);
    return uuid;
  }

  private void deploy(
      IronicClient client,
      NodeWatch watch,
      BootWatch boots,
      Services services,
      String node,
      Machines.Prepared prepared)
      throws IOException {
    var instance = new LinkedHashMap<String, Object>();
    instance.put("image_source", "file://" + prepared.image().toAbsolutePath());
    instance.put("image_os_hash_algo", "sha256");
    instance.put("image_os_hash_value", sha256(prepared.image()));
    instance.put("image_disk_format", "raw");
    client.patch(
        "/v1/nodes/" + node,
        new Object[] {Map.of("op", "add", "path", "/instance_info", "value", instance)});
    client.put(
        "/v1/nodes/" + node + "/states/provision",
        Map.of(
            "target",
            "active",
            "configdrive",
            Map.of("meta_data", Map.of("hostname", HOST_NAME), "user_data", "#!/bin/sh\n")));
    if (options.crash) {
      watch.awaitStep("write_image", "waiting", DEPLOYMENT);
      boots.await(BootWatch.WRITING, WRITING);
      screen.line("Killing the conductor while the image is being written");
      services.crashConductor();
      screen.line("A conductor was started again; nobody else does anything");
    }
    watch.await("active", DEPLOYMENT);
  }

  /** Shows that the machine runs what was deployed. */
  private void prove(Options.MachineKind kind, Machines.Prepared prepared) throws IOException {
    Path console = prepared.machine().backend().console();
    String sign = "DEPLOYED-OS-UP hostname=" + HOST_NAME;
    Duration end = screen.elapsed().plus(BOOT);
    while (true) {
      try (Stream<String> lines =
          Files.lines(console, java.nio.charset.StandardCharsets.ISO_8859_1)) {
        var found = lines.filter(line -> line.contains(sign)).findFirst();
        if (found.isPresent()) {
          screen.line("The machine's console says: " + found.get().strip());
          break;
        }
      }
      if (screen.elapsed().compareTo(end) > 0) {
        throw new QuickstartException(
            "The console never said '%s':%n%s".formatted(sign, Child.tail(console)));
      }
      screen.live("  waiting for the deployed system to boot", "boot");
      NodeWatch.sleep(Duration.ofMillis(500));
    }
    if (kind == Options.MachineKind.process) {
      SampleImage.compare(prepared.image(), prepared.machine().backend().disk());
      screen.line("The disk holds the image, byte for byte");
    }
  }

  private void finish(NodeWatch watch, Services services, String node) throws IOException {
    screen.line("Done. Where the time went:");
    watch.timeline().forEach(line -> screen.plain("    " + line));
    screen.plain(
        String.format(
            Locale.ROOT, "    %-44s %6.1f s", "all", screen.elapsed().toMillis() / 1000.0));
    screen.plain("");
    screen.plain("The API is at " + services.url() + (options.keep ? "" : " (with --keep)"));
    screen.plain("    export OS_AUTH_TYPE=none OS_ENDPOINT=" + services.url());
    screen.plain("    baremetal node show quickstart");
    screen.plain("    curl -s " + services.url() + "/v1/nodes/" + node + "/flows");
    screen.plain("    curl -s " + services.url() + "/v1/nodes/detail");
    if (options.keep) {
      screen.plain("Everything stays up until Ctrl-C.");
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static String sha256(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 20];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
