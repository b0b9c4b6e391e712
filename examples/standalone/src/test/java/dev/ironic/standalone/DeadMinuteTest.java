package dev.ironic.standalone;

import dev.ironic.lab.LabMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A BMC that restarts in the middle of a deployment, as long as they take, and no wait shortened.
 */
@Execution(ExecutionMode.CONCURRENT)
class DeadMinuteTest {

  @Test
  void isSurvived(@TempDir Path folder) throws IOException {
    try (var lab = new FaultLab(folder, "");
        LabMachine machine = lab.machine("minute");
        ImageHost images = lab.images()) {
      String node = lab.available(machine, "minute");
      lab.deployInPart(node, images);
      machine.bmc().die();
      images.letPass();
      CompletableFuture.runAsync(
          machine.bmc()::revive, CompletableFuture.delayedExecutor(1, TimeUnit.MINUTES));
      lab.awaitDeployed(node, machine);
    }
  }
}
