package dev.ironic.core.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** Permission bits of files, as numbers like 0644. */
final class Permissions {

  private Permissions() {}

  /** Sets them; does nothing where the file system has none. */
  static void set(Path file, int mode) throws IOException {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] all = PosixFilePermission.values();
    for (int i = 0; i < all.length; i++) {
      // The constants go from the owner's read bit down to the others' execute bit.
      if ((mode & (0400 >> i)) != 0) {
        permissions.add(all[i]);
      }
    }
    try {
      Files.setPosixFilePermissions(file, permissions);
    } catch (UnsupportedOperationException e) {
      // Not a POSIX file system; its defaults have to do.
    }
  }
}
