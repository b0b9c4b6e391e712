package dev.ironic.core.config;

import org.jspecify.annotations.Nullable;

/**
 * A configuration that cannot be used. The message names the file or option, the value (unless it
 * is a secret) and what is expected.
 */
public final class ConfigException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Creates an error. */
  public ConfigException(String message) {
    this(message, null);
  }

  /** Creates an error with a cause. */
  public ConfigException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
