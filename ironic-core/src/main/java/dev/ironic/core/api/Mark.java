package dev.ironic.core.api;

/** What is true of a field. */
enum Mark {
  /** It may be null. */
  NULLABLE,
  /** It may be given when the object is made. */
  CREATE,
  /** It must be given when the object is made. */
  REQUIRED,
  /** It may be changed by a patch. */
  PATCH,
  /** It is not in lists unless asked for whole objects. */
  DETAIL,
  /** It can't be asked for by its name. */
  NOT_CHOSEN,
  /** It is not stored in a column to sort by. */
  UNSORTABLE,
  /** Older versions do not know it at all, instead of telling that it is too new. */
  UNKNOWN_BELOW,
  /** When the object is made, even a null is too new for older versions. */
  NULL_GATED,
  /** When the object is made, older versions may say what it would hold anyway. */
  DEFAULT_UNGATED,
  /** Patches of any version may set it. */
  PATCH_UNGATED,
  /** Patches of older versions may not remove it, nor a part of it. */
  REMOVAL_GATED,
  /** Patches of older versions may not add to its parts, nor replace one. */
  PARTS_GATED,
  /** A patch that removes it leaves it as it is. */
  KEPT,
  /** Its text must not be empty. */
  NOT_EMPTY,
  /** Secrets in it are hidden. */
  MASKED
}
