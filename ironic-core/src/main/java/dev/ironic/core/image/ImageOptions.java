package dev.ironic.core.image;

import dev.ironic.driver.DriverConfig;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The options about images, read once. Options of the original keep their names and meanings; those
 * of the built-in web server are ours.
 *
 * @param fileUrlAllowedPaths folders that {@code file://} images may come from
 * @param grubConfigPath where the boot loader's configuration is on a medium
 * @param kernelAppendParams kernel parameters for virtual media
 * @param apiCaFile a CA that the agent needs for the API
 * @param httpUrl where {@code httpRoot} is served by somebody else
 * @param externalHttpUrl the same, as BMCs reach it
 * @param externalCallbackUrl the API as agents booted from virtual media reach it
 * @param dhcpForInspection whether static network settings are kept from ramdisks that inspect
 * @param httpRoot the folder that is served
 * @param imageFolder the folder in it for instance images
 * @param mode the permission bits of published media
 * @param tftpRoot the folder that a TFTP server serves
 * @param bootFileMode the permission bits of boot files
 * @param bootFolderMode the permission bits of their folders; empty to leave them
 * @param masterImages the cache of instance images; empty for none
 * @param masterMedia the cache of media; empty for none
 * @param masterRamdisks the cache of kernels and ramdisks; empty for none
 * @param imageCache its limits
 * @param mediaCache its limits
 * @param downloads how many at once
 * @param instanceSource {@code http} or {@code local}
 * @param mediaSource {@code http} or {@code local}: what happens with finished media
 * @param forceRaw whether images are converted when they are cached
 * @param streamRaw whether the agent writes raw images while it downloads
 * @param md5 whether MD5 will do as checksum
 * @param checksumFiles whether a checksum may be the URL of a file
 * @param verify whether cached images are compared with their checksum
 * @param inspect whether the format of cached images is checked
 * @param alwaysInspect whether images are fetched for that alone
 * @param formats the formats permitted
 * @param agentMemory MiB that the agent needs besides an image in memory
 * @param web how to fetch
 * @param serverPort the port of the built-in web server: 0 for any; empty for no server
 * @param serverBind the address it listens on
 * @param serverAdvertise the host name that machines find it under
 */
record ImageOptions(
    List<Path> fileUrlAllowedPaths,
    String grubConfigPath,
    String kernelAppendParams,
    Optional<Path> apiCaFile,
    Optional<URI> httpUrl,
    Optional<URI> externalHttpUrl,
    Optional<URI> externalCallbackUrl,
    boolean dhcpForInspection,
    Path httpRoot,
    String imageFolder,
    int mode,
    Path tftpRoot,
    int bootFileMode,
    Optional<Integer> bootFolderMode,
    Optional<Path> masterImages,
    Optional<Path> masterMedia,
    Optional<Path> masterRamdisks,
    ImageCache.Limits imageCache,
    ImageCache.Limits mediaCache,
    int downloads,
    String instanceSource,
    String mediaSource,
    boolean forceRaw,
    boolean streamRaw,
    boolean md5,
    boolean checksumFiles,
    boolean verify,
    boolean inspect,
    boolean alwaysInspect,
    List<String> formats,
    int agentMemory,
    Web web,
    Optional<Integer> serverPort,
    String serverBind,
    String serverAdvertise) {

  /**
   * How images are fetched.
   *
   * @param verify {@code true}, {@code false}, or the path of a CA file
   * @param tlsMinimum the lowest TLS version, such as {@code 1.3}
   * @param timeout for connecting and for the first byte
   * @param user for basic authentication; empty for none
   */
  record Web(
      String verify,
      String tlsMinimum,
      Duration timeout,
      Optional<String> user,
      Optional<Secret> password) {}

  private static final String ROOT_DEFAULT = "/httpboot";
  private static final String TFTP_DEFAULT = "/tftpboot";
  private static final String IMAGES_DEFAULT = "/var/lib/ironic/master_images";
  private static final String MEDIA_DEFAULT = "/var/lib/ironic/master_iso_images";
  private static final String RAMDISKS_DEFAULT = "/tftpboot/master_images";

  /**
   * Reads the options.
   *
   * @param stateDir takes the place of the default folders when no other web server is configured,
   *     so that a conductor works without root's rights and two of them do not meet
   */
  static ImageOptions from(DriverConfig config, Path stateDir) {
    Optional<URI> httpUrl = config.text("deploy", "http_url").map(ImageOptions::base);
    boolean own = httpUrl.isEmpty();
    boolean basic =
        config.text("deploy", "image_server_auth_strategy").orElse("noauth").equals("http_basic");
    Web web =
        new Web(
            config.text("DEFAULT", "webserver_verify_ca").orElse("True"),
            config.text("DEFAULT", "webserver_tls_minimum_version").orElse("1.3"),
            config.seconds("DEFAULT", "webserver_connection_timeout", Duration.ofSeconds(60)),
            basic ? config.text("deploy", "image_server_user") : Optional.empty(),
            basic
                ? config.text("deploy", "image_server_password").map(Secret::of)
                : Optional.empty());
    return new ImageOptions(
        config.list("conductor", "file_url_allowed_paths", List.of()).stream()
            .map(Path::of)
            .toList(),
        config.text("DEFAULT", "grub_config_path").orElse("EFI/BOOT/grub.cfg"),
        config.text("redfish", "kernel_append_params").orElse(""),
        config.text("agent", "api_ca_file").map(Path::of),
        httpUrl,
        config.text("deploy", "external_http_url").map(ImageOptions::base),
        config.text("deploy", "external_callback_url").map(ImageOptions::base),
        config.flag("inspector", "force_dhcp", false),
        folder(config, "deploy", "http_root", ROOT_DEFAULT, own, stateDir.resolve("http")).get(),
        config.text("deploy", "http_image_subdir").orElse("agent_images"),
        permission(config),
        folder(config, "pxe", "tftp_root", TFTP_DEFAULT, own, stateDir.resolve("tftpboot"))
            .orElse(stateDir.resolve("tftpboot")),
        config.integer("pxe", "file_permission", 0644),
        config
            .text("pxe", "dir_permission")
            .map(text -> config.integer("pxe", "dir_permission", 0)),
        folder(
            config,
            "pxe",
            "instance_master_path",
            IMAGES_DEFAULT,
            own,
            stateDir.resolve("master_images")),
        folder(
            config,
            "deploy",
            "iso_master_path",
            MEDIA_DEFAULT,
            own,
            stateDir.resolve("master_iso_images")),
        folder(
            config,
            "pxe",
            "tftp_master_path",
            RAMDISKS_DEFAULT,
            own,
            stateDir.resolve("master_ramdisks")),
        limits(config, "pxe", "image_cache_size", "image_cache_ttl"),
        limits(config, "deploy", "iso_cache_size", "iso_cache_ttl"),
        config.flag("DEFAULT", "parallel_image_downloads", true)
            ? config.integer("DEFAULT", "image_download_concurrency", 20)
            : 1,
        config.text("agent", "image_download_source").orElse("http"),
        config.text("deploy", "ramdisk_image_download_source").orElse("local"),
        config.flag("DEFAULT", "force_raw_images", true),
        config.flag("agent", "stream_raw_images", true),
        config.flag("agent", "allow_md5_checksum", true),
        !config.flag("conductor", "disable_support_for_checksum_files", false),
        !config.flag("conductor", "disable_file_checksum", false),
        !config.flag("conductor", "disable_deep_image_inspection", false),
        config.flag("conductor", "conductor_always_validates_images", false),
        config.list("conductor", "permitted_image_formats", List.of("raw", "gpt", "qcow2", "iso")),
        config.integer("agent", "memory_consumed_by_agent", 0),
        web,
        config.text("deploy", "http_server_port").map(ImageOptions::port),
        config.text("deploy", "http_server_bind").orElse("0.0.0.0"),
        config
            .text("deploy", "http_server_advertise")
            .or(() -> config.text("DEFAULT", "my_ip"))
            .orElse("127.0.0.1"));
  }

  /** A URL without a slash at its end, so that paths can be appended. */
  static URI base(String url) {
    URI uri;
    try {
      uri = URI.create(url.replaceFirst("/+$", ""));
    } catch (IllegalArgumentException e) {
      throw new DriverException(
          DriverException.Kind.INVALID_PARAMETER, "'" + url + "' is not a URL", e);
    }
    if (uri.getHost() == null) {
      throw DriverException.invalid("'" + url + "' is not an http or https URL with a host");
    }
    return uri;
  }

  private static Optional<Path> folder(
      DriverConfig config, String group, String option, String original, boolean own, Path ours) {
    String set = config.text(group, option).orElse(original);
    if (set.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(own && set.equals(original) ? ours : Path.of(set));
  }

  private static ImageCache.Limits limits(
      DriverConfig config, String group, String size, String age) {
    return new ImageCache.Limits(
        (long) config.integer(group, size, 20480) << 20,
        Duration.ofMinutes(config.integer(group, age, 10080)));
  }

  private static int permission(DriverConfig config) {
    return config.integer("redfish", "file_permission", 0644);
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text.strip());
      if (port >= 0 && port < 65536) {
        return port;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw DriverException.invalid(
        "[deploy] http_server_port is '" + text + "'; give 0 to 65535, or leave it unset");
  }
}
