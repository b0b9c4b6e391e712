package dev.ironic.driver.generic;

import dev.ironic.driver.DriverContext;
import dev.ironic.driver.NodeInfo;
import dev.ironic.driver.NodeTask;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts together what the agent needs to know to write an instance's image. */
final class ImageInfo {

  /** Settings that pass through as they are. */
  private static final List<String> OF_INSTANCE =
      List.of(
          "root_gb",
          "ephemeral_gb",
          "ephemeral_format",
          "preserve_ephemeral",
          "swap_mb",
          "disk_label",
          "image_type");

  private static final List<String> PROXIES =
      List.of("image_http_proxy", "image_https_proxy", "image_no_proxy");

  private ImageInfo() {}

  /** The parameters of {@code standby.prepare_image}. */
  static Map<String, @Nullable Object> of(
      NodeTask task, DriverContext context, AgentOptions options) {
    NodeInfo node = task.node();
    var info =
        new LinkedHashMap<String, @Nullable Object>(context.images().prepareInstanceImage(task));
    String configDrive = context.images().configDrive(task);
    info.put("node_uuid", node.uuid());
    info.put("stream_raw_images", options.streamRawImages());
    info.putIfAbsent("container_format", "bare");
    info.put("configdrive", configDrive);
    info.put("deploy_boot_mode", bootMode(node));
    info.put("boot_option", "local");
    for (String key : OF_INSTANCE) {
      Object value = node.instanceInfo().get(key);
      if (value != null) {
        info.putIfAbsent(key, value);
      }
    }
    megabytes(info, "root_gb", "root_mb");
    megabytes(info, "ephemeral_gb", "ephemeral_mb");
    boolean proxied = false;
    for (String key : PROXIES) {
      String value = node.driverInfoText(key).orElse(null);
      if (value == null) {
        continue;
      }
      switch (key) {
        case "image_http_proxy" -> proxied |= proxy(info, "http", value);
        case "image_https_proxy" -> proxied |= proxy(info, "https", value);
        default -> {
          if (proxied) {
            info.put("no_proxy", value);
          }
        }
      }
    }
    var params = new LinkedHashMap<String, @Nullable Object>();
    params.put("image_info", info);
    params.put("configdrive", configDrive);
    return params;
  }

  static String bootMode(NodeInfo node) {
    return node.internalText("deploy_boot_mode")
        .or(() -> Optional.ofNullable(node.bootMode()))
        .orElse("uefi");
  }

  private static boolean proxy(Map<String, @Nullable Object> info, String scheme, String value) {
    var proxies = new LinkedHashMap<String, @Nullable Object>();
    if (info.get("proxies") instanceof Map<?, ?> before) {
      before.forEach((key, each) -> proxies.put(String.valueOf(key), each));
    }
    proxies.put(scheme, value);
    info.put("proxies", proxies);
    return true;
  }

  private static void megabytes(Map<String, @Nullable Object> info, String gb, String mb) {
    if (info.get(gb) instanceof Number number) {
      info.putIfAbsent(mb, number.longValue() * 1024);
    }
  }
}
