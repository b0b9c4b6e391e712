package dev.ironic.agent.command;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A failure with its class on the wire. The details go to the conductor's last_error. */
public final class AgentException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final ErrorKind kind;

  private final String details;

  /** Creates it; the details say what was wrong, with which value, and what to do. */
  public AgentException(ErrorKind kind, String details) {
    this(kind, details, null);
  }

  /** Creates it with the cause kept for the log. */
  public AgentException(ErrorKind kind, String details, @Nullable Throwable cause) {
    super(kind.message() + ": " + details, cause);
    this.kind = kind;
    this.details = details;
  }

  /** The class on the wire. */
  public ErrorKind kind() {
    return kind;
  }

  /** What happened, without the short message. */
  public String details() {
    return details;
  }

  /** The error object of a command result. */
  public Map<String, Object> toWire() {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("type", kind.type());
    wire.put("code", kind.code());
    wire.put("message", kind.message());
    wire.put("details", details);
    return wire;
  }
}
