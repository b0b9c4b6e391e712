package dev.ironic.core.events;

import dev.ironic.driver.DriverConfig;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears of events. */
@FunctionalInterface
public interface EventListener {

  /**
   * Takes an event. Called by several threads at a time, each of which waits until it returns; what
   * it throws is logged and otherwise ignored.
   */
  void on(Event event);

  /**
   * What {@code [oslo_messaging_notifications] driver} asks for: {@code log} (also where nothing is
   * set), {@code file} with the path in {@code [oslo_messaging_notifications] file}, or {@code
   * noop}; several may be set. There is no message bus: names of drivers for one are reported, and
   * the log is used.
   *
   * @throws IllegalArgumentException when {@code file} is asked for without a path
   */
  static EventListener from(DriverConfig config) {
    String group = "oslo_messaging_notifications";
    String path = config.text(group, "file").orElse("");
    List<EventListener> listeners =
        config.values(group, "driver").stream()
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .<EventListener>map(
                name ->
                    switch (name) {
                      case "file" -> {
                        if (path.isBlank()) {
                          throw new IllegalArgumentException(
                              "[%s] driver is 'file', but [%s] file does not say which"
                                  .formatted(group, group));
                        }
                        yield new EventFile(Path.of(path.strip()));
                      }
                      case "noop" -> event -> {};
                      case "log" -> new EventLog();
                      default -> {
                        Logger log = LoggerFactory.getLogger(EventListener.class);
                        log.warn(
                            "[{}] driver is '{}'; there are log, file and noop, and events go to"
                                + " the log",
                            group,
                            name);
                        yield new EventLog();
                      }
                    })
            .toList();
    return listeners.isEmpty()
        ? new EventLog()
        : event -> listeners.forEach(each -> each.on(event));
  }
}
