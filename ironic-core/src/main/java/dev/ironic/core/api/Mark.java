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
  /** It is not stored in a column to sort by. */
  UNSORTABLE,
  /** Older versions do not know it at all, instead of telling that it is too new. */
  UNKNOWN_BELOW,
  /** Its text must not be empty. */
  NOT_EMPTY,
  /** Secrets in it are hidden. */
  MASKED
}
