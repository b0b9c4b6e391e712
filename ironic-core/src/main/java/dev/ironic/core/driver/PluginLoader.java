package dev.ironic.core.driver;

import dev.ironic.driver.DriverPlugin;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Set;

/**
 * Loads the classes of one driver jar, or of one folder of jars. They see the JDK, the SPI and the
 * logging and null-annotation APIs; everything else they have to bring, and no two plug-ins meet.
 */
final class PluginLoader extends URLClassLoader {

  PluginLoader(String name, URL[] jars) {
    super(name, jars, new SharedClasses());
  }

  /** The few packages that a plug-in and the conductor have in common. */
  private static final class SharedClasses extends ClassLoader {

    private static final Set<String> PACKAGES =
        Set.of("dev.ironic.driver", "dev.ironic.driver.internal", "org.jspecify.annotations");

    private final ClassLoader host = DriverPlugin.class.getClassLoader();

    SharedClasses() {
      super("shared driver classes", ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      int dot = name.lastIndexOf('.');
      String packageName = dot < 0 ? "" : name.substring(0, dot);
      if (PACKAGES.contains(packageName)
          || packageName.equals("org.slf4j")
          || packageName.startsWith("org.slf4j.")) {
        return host.loadClass(name);
      }
      throw new ClassNotFoundException(name);
    }
  }
}
