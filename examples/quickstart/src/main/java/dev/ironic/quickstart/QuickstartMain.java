package dev.ironic.quickstart;

import dev.ironic.lab.LabMachine;
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
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** The README's first command. */
public final class QuickstartMain implements Callable<Integer> {

  private static final String HOST_NAME = "hello-bare-metal";
  private static final Duration CLEANING = Duration.ofMinutes(10);
  private static final Duration DEPLOYMENT = Duration.ofMinutes(20);
  private static final Duration BOOT = Duration.ofMinutes(5);

  private final Options options;
  private final Screen screen;

  private QuickstartMain(Options options) {
    this.options = options;
    this.screen = new Screen(System.out, options.live, Clock.systemUTC());
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
    try {
      run();
      return 0;
    } catch (QuickstartException e) {
      screen.line("FAILED: " + e.getMessage());
      return 1;
    } catch (IOException e) {
      screen.line("FAILED: " + e);
      return 1;
    }
  }

  private void run() throws IOException {
    Path state =
        options.state == null
            ? Files.createTempDirectory("ironic-quickstart-")
            : Files.createDirectories(options.state).toAbsolutePath();
    screen.line("State and logs are in " + state);
    var machines = new Machines(options.root, state, screen);
    Options.MachineKind kind = options.machine == null ? machines.choose() : options.machine;
    Machines.Prepared prepared = machines.prepare(kind);
    try (var machine = prepared.machine();
        Services services =
            Services.start(options, state, machine.backend().hostAddress(), screen);
        var client = new IronicClient(services.url())) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(services, machine)));
      String node = enrol(client, prepared);
      var watch = new NodeWatch(client, screen, node);
      watch.provision(Map.of("target", "manage"), "manageable", Duration.ofMinutes(2));
      watch.provision(Map.of("target", "provide"), "available", CLEANING);
      watch
          .duration("automated clean", "prepare")
          .ifPresent(
              time ->
                  screen.line(
                      "The agent reported %d s after power-on".formatted(time.toSeconds())));
      deploy(client, watch, services, node, prepared);
      prove(kind, prepared);
      if (!options.keep) {
        watch.provision(Map.of("target", "deleted"), "available", CLEANING);
      }
      finish(watch, services, node);
    }
    if (options.state == null) {
      delete(state);
    }
  }

  /** Ctrl-C leaves nothing behind either. */
  private static void stop(Services services, LabMachine machine) {
    services.close();
    machine.close();
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
