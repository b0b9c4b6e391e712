package dev.ironic.core.events;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** Writes events to the log, each as a line of JSON. Thread-safe. */
final class EventLog implements EventListener {

  private static final Logger LOG = LoggerFactory.getLogger("dev.ironic.events");

  @Override
  public void on(Event event) {
    if (LOG.isInfoEnabled()) {
      LOG.info("{}", JsonMapper.shared().writeValueAsString(event.asMap()));
    }
  }
}
