package dev.ironic.lab;

import java.nio.file.Path;

/** What a machine boots when its power comes on. */
public sealed interface BootSource {

  /**
   * A medium in its virtual CD drive; after a restart of its own it boots its disk.
   *
   * @param file the medium
   */
  record Iso(Path file) implements BootSource {}

  /** Its disk. */
  record Disk() implements BootSource {}
}
