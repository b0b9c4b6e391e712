package dev.ironic.agent.extension;

import dev.ironic.agent.command.Command;
import dev.ironic.agent.command.Extension;
import dev.ironic.agent.image.Deployment;
import dev.ironic.agent.image.ImageInfo;
import dev.ironic.agent.ironic.NodeContext;
import dev.ironic.agent.system.Power;
import java.util.List;
import java.util.Set;

/** Writing images and ending the machine: extension {@code standby}. */
public final class StandbyExtension {

  private StandbyExtension() {}

  /** Builds it. */
  public static Extension create(Deployment deployment, NodeContext node, Power power) {
    return new Extension(
        "standby",
        List.of(
            Command.async(
                    "prepare_image",
                    Set.of("image_info"),
                    Set.of("configdrive"),
                    (params, progress) ->
                        deployment.write(
                            params.map("image_info"), params.text("configdrive"), progress))
                .checkedBy(params -> ImageInfo.parse(params.map("image_info"), node.md5Allowed())),
            Command.sync(
                "get_partition_uuids",
                Set.of(),
                Set.of(),
                (params, progress) -> deployment.partitionUuids()),
            Command.sync(
                "sync",
                Set.of(),
                Set.of(),
                (params, progress) -> {
                  power.sync();
                  return null;
                }),
            Command.async(
                "power_off",
                Set.of(),
                Set.of(),
                (params, progress) -> {
                  power.off();
                  return null;
                }),
            Command.async(
                "run_image",
                Set.of(),
                Set.of(),
                (params, progress) -> {
                  power.reboot();
                  return null;
                })));
  }
}
