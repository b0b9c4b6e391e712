package dev.ironic.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.core.conductor.ConductorService;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.Port;
import dev.ironic.core.model.Portgroup;
import dev.ironic.core.routing.ConductorLocator;
import dev.ironic.core.store.NodeLock;
import dev.ironic.core.store.Store;
import dev.ironic.driver.InterfaceKind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.EnumMap;
import java.util.Set;
import java.util.TreeSet;

/** Keeps objects for the tests of the API alone: what needs hardware is not offered. */
final class StoreConductor {

  private static final String HOST = "localhost";

  private final Store store;

  private StoreConductor(Store store) {
    this.store = store;
  }

  static ConductorLocator locator(Store store) {
    var conductor = new StoreConductor(store);
    ConductorService service =
        (ConductorService)
            Proxy.newProxyInstance(
                StoreConductor.class.getClassLoader(),
                new Class<?>[] {ConductorService.class},
                (proxy, method, arguments) -> {
                  try {
                    return StoreConductor.class
                        .getDeclaredMethod(method.getName(), method.getParameterTypes())
                        .invoke(conductor, arguments);
                  } catch (NoSuchMethodException e) {
                    throw new IronicException(
                        Fault.UNSUPPORTED_DRIVER_EXTENSION, method.getName() + " needs hardware");
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    return new ConductorLocator() {
      @Override
      public ConductorService forNode(Node node) {
        if (!node.driver().equals("fake-hardware")) {
          throw new IronicException(Fault.NO_VALID_HOST, "No conductor has " + node.driver());
        }
        return service;
      }

      @Override
      public String hostOf(Node node) {
        return HOST;
      }

      @Override
      public ConductorService forDriver(String driver) {
        return service;
      }

      @Override
      public ConductorService any() {
        return service;
      }
    };
  }

  Node createNode(RequestContext context, Node draft) {
    var interfaces = new EnumMap<InterfaceKind, String>(InterfaceKind.class);
    for (InterfaceKind kind : InterfaceKind.values()) {
      interfaces.put(kind, "fake");
    }
    interfaces.putAll(draft.interfaces());
    return store.nodes().insert(draft.with(b -> b.interfaces(interfaces)));
  }

  Node updateNode(RequestContext context, Node before, Node after, boolean reset) {
    NodeLock lock = store.nodes().reserve(before.uuid(), HOST);
    try {
      return store.nodes().update(lock, before, after);
    } finally {
      store.nodes().release(lock);
    }
  }

  void destroyNode(RequestContext context, String uuid) {
    NodeLock lock = store.nodes().reserve(uuid, HOST);
    store.nodes().delete(lock, store.nodes().get(uuid));
  }

  Port createPort(RequestContext context, Port draft) {
    return store.ports().insert(draft);
  }

  Port updatePort(RequestContext context, Port before, Port after) {
    return store.ports().update(before, after);
  }

  void destroyPort(RequestContext context, String uuid) {
    store.ports().delete(store.ports().get(uuid));
  }

  Portgroup updatePortgroup(RequestContext context, Portgroup before, Portgroup after) {
    return store.portgroups().update(before, after);
  }

  void destroyPortgroup(RequestContext context, String uuid) {
    store.portgroups().delete(store.portgroups().get(uuid));
  }

  void addNodeTraits(RequestContext context, String uuid, Set<String> traits, boolean replace) {
    NodeLock lock = store.nodes().reserve(uuid, HOST);
    try {
      store.nodes().setTraits(lock, new TreeSet<>(traits));
    } finally {
      store.nodes().release(lock);
    }
  }
}
