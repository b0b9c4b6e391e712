package dev.ironic.core.driver;

import dev.ironic.driver.DriverPlugin;
import dev.ironic.driver.SpiVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Where drivers come from: plug-ins given, those that a class loader finds, and folders of jars. A
 * jar in a folder is a plug-in; a subfolder is a plug-in with the jars that it needs. Not
 * thread-safe; closing it closes the class loaders made for the folders.
 */
public final class DriverSources implements AutoCloseable {

  /**
   * A plug-in and where it was found.
   *
   * @param plugin the entry point
   * @param origin for messages: a class name or a path
   */
  record Found(DriverPlugin plugin, String origin) {}

  private final List<Found> found = new ArrayList<>();
  private final List<PluginLoader> loaders = new ArrayList<>();

  /** Adds a plug-in. */
  public DriverSources plugin(DriverPlugin plugin) {
    add(plugin, plugin.getClass().getName());
    return this;
  }

  /** Adds all plug-ins that are registered as services with a class loader. */
  public DriverSources services(ClassLoader loader) {
    for (DriverPlugin plugin : ServiceLoader.load(DriverPlugin.class, loader)) {
      add(plugin, originOf(plugin));
    }
    return this;
  }

  /**
   * Adds the plug-ins of a folder.
   *
   * @throws IllegalArgumentException when it cannot be read, or holds a jar that is no plug-in
   */
  public DriverSources folder(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          "Driver folder " + folder + " is not a directory; create it or correct the setting");
    }
    for (Path entry : entries(folder)) {
      if (Files.isDirectory(entry)) {
        load(entry, entries(entry).stream().filter(DriverSources::isJar).toList());
      } else if (isJar(entry)) {
        load(entry, List.of(entry));
      }
    }
    return this;
  }

  List<Found> found() {
    return List.copyOf(found);
  }

  private void load(Path origin, List<Path> jars) {
    if (jars.isEmpty()) {
      return;
    }
    var loader =
        new PluginLoader(
            "driver " + origin.getFileName(),
            jars.stream().map(DriverSources::url).toArray(URL[]::new));
    loaders.add(loader);
    int before = found.size();
    try {
      ServiceLoader.load(DriverPlugin.class, loader)
          .forEach(plugin -> add(plugin, origin.toString()));
    } catch (ServiceConfigurationError | LinkageError e) {
      throw new IllegalArgumentException(
          "Driver %s cannot be loaded: %s".formatted(origin, e.getMessage()), e);
    }
    if (found.size() == before) {
      throw new IllegalArgumentException(
          "Driver %s names no plug-in in META-INF/services/%s"
              .formatted(origin, DriverPlugin.class.getName()));
    }
  }

  private void add(DriverPlugin plugin, String origin) {
    if (!plugin.spiVersion().runsOn(SpiVersion.CURRENT)) {
      throw new IllegalArgumentException(
          "Driver %s was written for version %s of the driver SPI; this conductor has %s"
              .formatted(origin, plugin.spiVersion(), SpiVersion.CURRENT));
    }
    found.add(new Found(plugin, origin));
  }

  private static String originOf(DriverPlugin plugin) {
    var source = plugin.getClass().getProtectionDomain().getCodeSource();
    return source == null ? plugin.getClass().getName() : source.getLocation().toString();
  }

  private static boolean isJar(Path path) {
    return path.getFileName().toString().endsWith(".jar");
  }

  private static List<Path> entries(Path folder) {
    var entries = new ArrayList<Path>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(entries::add);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read driver folder " + folder, e);
    }
    entries.sort(null);
    return entries;
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("Cannot use " + jar + " as a driver jar", e);
    }
  }

  @Override
  public void close() {
    for (PluginLoader loader : loaders) {
      try {
        loader.close();
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot close " + loader.getName(), e);
      }
    }
  }
}
