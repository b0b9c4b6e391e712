package dev.ironic.chaos.yard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.chaos.yard.YardEntry.Phase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BmcYardTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration LATE = Duration.ofSeconds(3);

  private final AtomicReference<Instant> time = new AtomicReference<>(START);
  @TempDir private Path folder;

  @Test
  void whatWasDecidedLongAgoIsNotPerformed() throws IOException {
    try (BmcYard yard = yard()) {
      assertThat(say(yard, START.minus(LATE), "power on")).isEqualTo("ok on");
      assertThat(say(yard, START.minus(LATE).minusMillis(1), "power off")).isEqualTo("expired");
      assertThat(yard.machine("n1").on()).isTrue();
      assertThat(yard.log())
          .extracting(YardEntry::words, YardEntry::phase)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple("power on", Phase.BEGIN),
              org.assertj.core.groups.Tuple.tuple("power on", Phase.END),
              org.assertj.core.groups.Tuple.tuple("power off", Phase.EXPIRED));
    }
    assertThat(Files.readAllLines(folder.resolve("yard.log"))).hasSize(3);
  }

  @Test
  void worksInTheRamdiskOnly() throws IOException {
    try (BmcYard yard = yard()) {
      assertThat(say(yard, START, "begin write n1")).startsWith("refused");
      say(yard, START, "boot ramdisk");
      say(yard, START, "power on");
      assertThat(say(yard, START, "begin write n1")).startsWith("ok");
      assertThat(say(yard, START, "job write n1")).isEqualTo("ok running");
      time.set(START.plusSeconds(1));
      assertThat(say(yard, START, "job write n1")).isEqualTo("ok done");
      say(yard, START, "configure host");
      assertThat(yard.machine("n1").disk()).isEqualTo("system of n1 for host");
      say(yard, START, "boot disk");
      say(yard, START, "power off");
      say(yard, START, "power on");
      assertThat(yard.machine("n1"))
          .isEqualTo(new MachineState(true, "disk", "system of n1 for host", 2));
      assertThat(say(yard, START, "wipe table")).startsWith("refused");
    }
  }

  @Test
  void heldJobsDoNotEnd() throws IOException {
    try (BmcYard yard = yard()) {
      say(yard, START, "boot ramdisk");
      say(yard, START, "power on");
      yard.hold((node, job) -> node.equals("n1") && job.equals("sync"));
      say(yard, START, "begin sync");
      time.set(START.plusSeconds(1));
      assertThat(say(yard, START, "job sync")).isEqualTo("ok running");
      yard.release();
      assertThat(say(yard, START, "job sync")).isEqualTo("ok done");
      assertThat(say(yard, START, "job wipe")).isEqualTo("ok unknown");
    }
  }

  private BmcYard yard() throws IOException {
    var pace = new BmcYard.Pace(Duration.ofMillis(1), Duration.ofMillis(5), Duration.ZERO);
    return new BmcYard(folder.resolve("yard.log"), pace, 1, LATE, time::get, duration -> {});
  }

  private static String say(BmcYard yard, Instant decided, String words) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), yard.address().getPort())) {
      String kind = List.of("power", "job").contains(words.split(" ")[0]) ? "read" : "command";
      String line =
          String.join("\t", "n1", "c@1", "1", Long.toString(decided.toEpochMilli()), kind, words);
      socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
          .readLine();
    }
  }
}
