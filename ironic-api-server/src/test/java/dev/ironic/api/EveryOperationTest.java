package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each operation that the OpenAPI document names does what it is there for, at the newest version,
 * and its answer has the shape that the document promises.
 */
class EveryOperationTest {

  private ApiRig rig;

  @BeforeEach
  void start(@TempDir Path folder) {
    rig = ApiRig.capable(folder);
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @TestFactory
  List<DynamicTest> everyOperationDoesWhatItIsFor() {
    var walk = new Walk(rig);
    var nodes = new NodeWalk(walk);
    var catalogue = new CatalogueWalk(walk);
    return List.of(
        dynamicTest("the API describes itself", nodes::discovery),
        dynamicTest("nodes are made, found, changed and deleted", nodes::nodes),
        dynamicTest("the hardware does what it is told", nodes::hardware),
        dynamicTest("virtual media come and go", nodes::virtualMedia),
        dynamicTest("vendor methods get what was sent", nodes::vendorMethods),
        dynamicTest("traits are added, replaced and removed", nodes::traits),
        dynamicTest("virtual interfaces are attached to ports", nodes::virtualInterfaces),
        dynamicTest("settings of the BIOS are kept", nodes::biosSettings),
        dynamicTest("what failed stands in the history", nodes::history),
        dynamicTest("chassis hold nodes", catalogue::chassis),
        dynamicTest("ports and their groups belong to nodes", catalogue::ports),
        dynamicTest("volumes belong to nodes", catalogue::volumes),
        dynamicTest("shards are counted", catalogue::shards),
        dynamicTest("an allocation finds the node that fits", catalogue::allocations),
        dynamicTest("a deploy template adds its steps", catalogue::deployTemplates),
        dynamicTest("a runbook is carried out on nodes with its traits", catalogue::runbooks),
        dynamicTest("inspection rules change what was inspected", catalogue::inspectionRules),
        dynamicTest("events of the network are taken", catalogue::events),
        dynamicTest("a conductor gives its work away", nodes::drain),
        dynamicTest("no operation is left out", () -> assertThat(walk.unused()).isEmpty()));
  }
}
