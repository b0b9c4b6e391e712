package dev.ironic.driver;

import java.util.function.Function;

/**
 * A named implementation of an interface kind, made only on conductors that enable it.
 *
 * @param kind which interface it implements
 * @param name the name that nodes and configuration use, for example {@code redfish}
 * @param factory makes the one instance of a conductor; may throw {@link DriverException} when it
 *     cannot work there, which stops the conductor's start with that message
 * @param <T> the interface of that kind
 */
public record InterfaceProvider<T extends HardwareInterface>(
    InterfaceKind kind, String name, Function<DriverContext, T> factory) {

  /** Checks that the name can stand in a configuration file. */
  public InterfaceProvider {
    if (!name.matches("[a-z0-9][a-z0-9._-]*")) {
      throw new IllegalArgumentException(
          "Interface name '" + name + "' must consist of a-z, 0-9, '.', '_' and '-'");
    }
  }

  /** Makes an instance and checks that it is of the right kind. */
  public HardwareInterface create(DriverContext context) {
    T instance = factory.apply(context);
    if (!kind.type().isInstance(instance)) {
      throw new IllegalStateException(
          "Interface '%s' is declared as %s but %s does not implement %s"
              .formatted(
                  name, kind.wireName(), instance.getClass().getName(), kind.type().getName()));
    }
    return instance;
  }
}
