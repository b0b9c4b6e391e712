package dev.ironic.core.conductor;

/** Work is left where it is because the conductor stops; the journal tells how to go on. */
final class StoppedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  StoppedException(String what) {
    super(what + " is left to the next owner of the node: this conductor stops");
  }
}
