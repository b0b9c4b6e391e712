package dev.ironic.agent.hardware;

import dev.ironic.agent.command.AgentException;
import dev.ironic.agent.command.ErrorKind;
import dev.ironic.agent.json.Json;
import dev.ironic.agent.json.JsonMap;
import dev.ironic.agent.system.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Erasing by the drive's own command: NVMe format, ATA security erase. */
public final class SecureErase {

  private static final Logger log = LoggerFactory.getLogger(SecureErase.class);

  private static final Duration QUESTION = Duration.ofMinutes(1);
  private static final Duration ERASURE = Duration.ofHours(24);
  private static final long NVME_CAN_FORMAT = 0x2;
  private static final long NVME_CAN_CRYPTO_ERASE = 0x4;

  private final Tools tools;

  /** Creates it. */
  public SecureErase(Tools tools) {
    this.tools = tools;
  }

  /**
   * Erases the drive if it can do so itself.
   *
   * @param node with the conductor's wishes in driver_internal_info
   * @return false if it has no such command, or failed and the node allows to go on by overwriting
   * @throws AgentException if it failed and the node does not allow that
   */
  public boolean erase(BlockDevice device, JsonMap node) throws IOException, InterruptedException {
    JsonMap wishes = node.map("driver_internal_info");
    boolean nvme = device.name().startsWith("/dev/nvme");
    boolean wanted =
        nvme
            ? wishes.flag("agent_enable_nvme_secure_erase", true)
            : wishes.flag("agent_enable_ata_secure_erase", true);
    if (!wanted) {
      return false;
    }
    try {
      return nvme ? format(device) : ata(device);
    } catch (IOException e) {
      if (wishes.flag("agent_continue_if_secure_erase_failed", false)) {
        log.warn("secure erase of {} failed, it will be overwritten", device.name(), e);
        return false;
      }
      throw new AgentException(
          ErrorKind.BLOCK_DEVICE_ERASE,
          "secure erase of %s failed: %s; set agent_continue_if_secure_erase_failed to overwrite"
              .formatted(device.name(), e.getMessage()),
          e);
    }
  }

  private boolean format(BlockDevice device) throws IOException, InterruptedException {
    if (!tools.present("nvme")) {
      return false;
    }
    String out = tools.require(QUESTION, "nvme", "id-ctrl", device.name(), "-o", "json");
    JsonMap controller = Json.readMap(out.getBytes(StandardCharsets.UTF_8));
    if ((controller.number("oacs", 0) & NVME_CAN_FORMAT) == 0) {
      return false;
    }
    boolean crypto = (controller.number("fna", 0) & NVME_CAN_CRYPTO_ERASE) != 0;
    tools.require(ERASURE, "nvme", "format", device.name(), "-s", crypto ? "2" : "1", "-f");
    return true;
  }

  private boolean ata(BlockDevice device) throws IOException, InterruptedException {
    if (!tools.present("hdparm")) {
      return false;
    }
    String security = security(device);
    if (!security.contains("supported") || security.contains("not\tsupported")) {
      return false;
    }
    if (!security.contains("not\tfrozen")) {
      throw new IOException("the drive's security is frozen; power-cycle the machine");
    }
    if (!security.contains("not\tenabled")) {
      tools.run(
          QUESTION, "hdparm", "--user-master", "u", "--security-unlock", "NULL", device.name());
    }
    tools.require(
        QUESTION, "hdparm", "--user-master", "u", "--security-set-pass", "NULL", device.name());
    boolean enhanced = security.contains("supported: enhanced erase");
    tools.require(
        ERASURE,
        "hdparm",
        "--user-master",
        "u",
        enhanced ? "--security-erase-enhanced" : "--security-erase",
        "NULL",
        device.name());
    if (!security(device).contains("not\tenabled")) {
      throw new IOException("the drive's security is still enabled afterwards");
    }
    return true;
  }

  /** The section "Security" of what hdparm tells; empty for drives that are not ATA. */
  private String security(BlockDevice device) throws IOException, InterruptedException {
    String out = tools.run(QUESTION, "hdparm", "-I", device.name()).out();
    int start = out.indexOf("Security:");
    return start < 0 ? "" : out.substring(start).toLowerCase(Locale.ROOT);
  }
}
