package dev.ironic.core.image;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A file or folder while a medium is being planned: its name in each of the two directory trees and
 * the sectors it was given. Confined to one thread.
 */
@SuppressWarnings({"EnumOrdinal", "ReferenceEquality"}) // extents by tree; this very content
final class IsoNode {

  /** A directory tree of the medium. */
  enum Tree {
    /** Restricted names, with the real ones in Rock Ridge fields. */
    PRIMARY,
    /** UCS-2 names for systems that do not know Rock Ridge. */
    JOLIET
  }

  static final int MAX_NAME = 64;
  private static final int MAX_PLAIN_NAME = 30;

  final String name;
  final @Nullable IsoNode parent;
  final @Nullable IsoContent content;
  final TreeMap<String, IsoNode> children = new TreeMap<>();
  private byte[] plainName = {0};
  private long fileSector;
  private final long[] directorySector = new long[Tree.values().length];
  private final long[] directorySize = new long[Tree.values().length];
  private final int[] pathNumber = new int[Tree.values().length];

  private IsoNode(String name, @Nullable IsoNode parent, @Nullable IsoContent content) {
    this.name = name;
    this.parent = parent;
    this.content = content;
  }

  static IsoNode root() {
    return new IsoNode("", null, null);
  }

  /** Adds a file, and the folders on its way. */
  IsoNode add(String path, IsoContent file) {
    String[] parts = path.split("/", -1);
    for (String part : parts) {
      if (part.isEmpty() || part.equals(".") || part.equals("..") || part.length() > MAX_NAME) {
        throw new IllegalArgumentException(
            "'"
                + path
                + "' is not a path for an ISO 9660 medium: give names of 1 to 64 characters,"
                + " separated by '/', without a leading '/'");
      }
    }
    IsoNode folder = this;
    for (int i = 0; i < parts.length; i++) {
      String part = parts[i];
      boolean last = i == parts.length - 1;
      IsoNode parentFolder = folder;
      IsoNode next =
          folder.children.computeIfAbsent(
              part, p -> new IsoNode(p, parentFolder, last ? file : null));
      if (last ? next.content != file : !next.isFolder()) {
        throw new IllegalArgumentException("'" + path + "' is on the medium already");
      }
      folder = next;
    }
    return folder;
  }

  boolean isFolder() {
    return content == null;
  }

  /** The length in bytes: of the file, or of the folder's records in a tree. */
  long size(Tree tree) {
    return content == null ? directorySize[tree.ordinal()] : content.size();
  }

  long sector(Tree tree) {
    return content == null ? directorySector[tree.ordinal()] : fileSector;
  }

  void placeFile(long sector) {
    fileSector = sector;
  }

  void placeFolder(Tree tree, long sector) {
    directorySector[tree.ordinal()] = sector;
  }

  void sizeFolder(Tree tree, long size) {
    directorySize[tree.ordinal()] = size;
  }

  int pathNumber(Tree tree) {
    return pathNumber[tree.ordinal()];
  }

  void numberPath(Tree tree, int number) {
    pathNumber[tree.ordinal()] = number;
  }

  /** The parent; the root is its own. */
  IsoNode parentOrSelf() {
    return parent == null ? this : parent;
  }

  /** The name as it stands in the records of a tree. */
  byte[] recordName(Tree tree) {
    return switch (tree) {
      case PRIMARY -> plainName;
      case JOLIET ->
          parent == null
              ? new byte[] {0}
              : (isFolder() ? name : name + ";1").getBytes(StandardCharsets.UTF_16BE);
    };
  }

  /** The children in the order the tree demands. */
  List<IsoNode> sorted(Tree tree) {
    List<IsoNode> nodes = new ArrayList<>(children.values());
    nodes.sort(Comparator.comparing(n -> n.recordName(tree), Arrays::compareUnsigned));
    return nodes;
  }

  /** Gives all nodes below this one distinct names made of A-Z, 0-9 and underscore. */
  void assignPlainNames() {
    Set<String> taken = new HashSet<>();
    for (IsoNode child : children.values()) {
      int dot = child.isFolder() ? -1 : child.name.lastIndexOf('.');
      String extension =
          dot < 0 || dot == child.name.length() - 1 ? "" : plain(child.name.substring(dot + 1), 8);
      String stem = plain(dot < 0 ? child.name : child.name.substring(0, dot), MAX_PLAIN_NAME - 9);
      String candidate = stem;
      for (int i = 1; !taken.add(candidate + "." + extension); i++) {
        candidate = stem.substring(0, Math.min(stem.length(), MAX_PLAIN_NAME - 13)) + "_" + i;
      }
      String full = child.isFolder() ? candidate : candidate + "." + extension + ";1";
      child.plainName = full.getBytes(StandardCharsets.US_ASCII);
      child.assignPlainNames();
    }
  }

  private static String plain(String text, int limit) {
    String clean = text.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9_]", "_");
    return clean.isEmpty() ? "_" : clean.substring(0, Math.min(clean.length(), limit));
  }
}
