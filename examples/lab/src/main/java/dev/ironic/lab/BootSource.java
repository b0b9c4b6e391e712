package dev.ironic.lab;

import java.nio.file.Path;

/** What a machine boots when its power comes on or when it restarts itself. */
public sealed interface BootSource {

  /**
   * A medium in its virtual CD drive.
   *
   * @param file the medium
   */
  record Iso(Path file) implements BootSource {}

  /** Its disk. */
  record Disk() implements BootSource {}
}
