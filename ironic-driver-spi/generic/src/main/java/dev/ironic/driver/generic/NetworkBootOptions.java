package dev.ironic.driver.generic;

import dev.ironic.driver.BootMode;
import dev.ironic.driver.DriverConfig;
import dev.ironic.driver.DriverException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The options of booting over the network, most of them of the group {@code [pxe]}.
 *
 * @param tftpServer the TFTP server as machines reach it
 * @param loaders the boot loaders
 * @param configFolder the folder of the files that are named by MAC address
 * @param grubConfigPath where GRUB looks for its first configuration
 * @param kernelAppendParams what the ramdisk's kernel line gets in addition
 * @param fallbackScript the iPXE script for machines that have none; empty for none
 * @param downloadTimeout milliseconds that iPXE waits for a file; 0 for its own limit
 * @param localBootFallback whether machines that boot their disk get a network boot that does so
 * @param bootRetryTimeout after which a ramdisk that did not come up is booted again; empty for
 *     never
 * @param allPorts whether ports that are not for booting get files, too
 * @param defaultBootMode the mode of machines that do not tell theirs
 * @param debug whether the agent logs in detail
 */
record NetworkBootOptions(
    String tftpServer,
    Loaders loaders,
    String configFolder,
    String grubConfigPath,
    String kernelAppendParams,
    Optional<String> fallbackScript,
    int downloadTimeout,
    boolean localBootFallback,
    Optional<Duration> bootRetryTimeout,
    boolean allPorts,
    BootMode defaultBootMode,
    boolean debug) {

  /**
   * Boot loaders.
   *
   * @param pxe by boot mode
   * @param ipxe by boot mode
   * @param pxeByArchitecture by architecture and mode, such as {@code aarch64-uefi}, or by
   *     architecture alone
   * @param ipxeByArchitecture likewise
   * @param files the files to serve: name to path on this conductor
   */
  record Loaders(
      Map<BootMode, String> pxe,
      Map<BootMode, String> ipxe,
      Map<String, String> pxeByArchitecture,
      Map<String, String> ipxeByArchitecture,
      Map<String, String> files) {

    /** The loader of a machine. */
    String of(boolean wantsIpxe, String architecture, BootMode mode) {
      Map<String, String> special = wantsIpxe ? ipxeByArchitecture : pxeByArchitecture;
      return Optional.ofNullable(special.get(architecture + "-" + mode.wireName()))
          .or(() -> Optional.ofNullable(special.get(architecture)))
          .or(() -> Optional.ofNullable((wantsIpxe ? ipxe : pxe).get(mode)))
          .orElseThrow();
    }
  }

  static NetworkBootOptions from(DriverConfig config) {
    return new NetworkBootOptions(
        text(config, "tftp_server").or(() -> config.text("DEFAULT", "my_ip")).orElse("127.0.0.1"),
        new Loaders(
            Map.of(
                BootMode.BIOS, text(config, "pxe_bootfile_name").orElse("pxelinux.0"),
                BootMode.UEFI, text(config, "uefi_pxe_bootfile_name").orElse("bootx64.efi")),
            Map.of(
                BootMode.BIOS, text(config, "ipxe_bootfile_name").orElse("undionly.kpxe"),
                BootMode.UEFI, text(config, "uefi_ipxe_bootfile_name").orElse("snponly.efi")),
            pairs(config, "pxe_bootfile_name_by_arch"),
            pairs(config, "ipxe_bootfile_name_by_arch"),
            pairs(config, "loader_file_paths")),
        text(config, "pxe_config_subdir").orElse("pxelinux.cfg"),
        config.text("DEFAULT", "grub_config_path").orElse("EFI/BOOT/grub.cfg"),
        config.text("pxe", "kernel_append_params").orElse("nofb vga=normal"),
        text(config, "ipxe_fallback_script"),
        config.integer("pxe", "ipxe_timeout", 0),
        config.flag("pxe", "enable_netboot_fallback", false),
        text(config, "boot_retry_timeout")
            .map(set -> config.seconds("pxe", "boot_retry_timeout", Duration.ZERO)),
        config.flag("neutron", "add_all_ports", false),
        config
            .text("deploy", "default_boot_mode")
            .flatMap(BootMode::ofWireName)
            .orElse(BootMode.UEFI),
        config.flag("DEFAULT", "debug", false));
  }

  private static Optional<String> text(DriverConfig config, String option) {
    return config.text("pxe", option).map(String::strip).filter(value -> !value.isEmpty());
  }

  private static Map<String, String> pairs(DriverConfig config, String option) {
    var pairs = new LinkedHashMap<String, String>();
    for (String pair : config.list("pxe", option, List.of())) {
      if (pair.isBlank()) {
        continue;
      }
      int colon = pair.indexOf(':');
      if (colon < 1) {
        throw DriverException.invalid(
            "[pxe]%s holds '%s'; write pairs like name:value, separated by commas"
                .formatted(option, pair));
      }
      pairs.put(pair.substring(0, colon).strip(), pair.substring(colon + 1).strip());
    }
    return pairs;
  }
}
