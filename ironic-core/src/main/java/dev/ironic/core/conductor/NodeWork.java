package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.driver.DriverException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The shapes in which operations work on a node: reading, under its lock, and under its lock with a
 * part that goes on in a worker after the answer. Errors of drivers become errors of users here.
 * Thread-safe.
 */
final class NodeWork {

  private final TaskManager tasks;

  NodeWork(TaskManager tasks) {
    this.tasks = tasks;
  }

  /** Works without lock. */
  <R> R shared(RequestContext context, String nodeUuid, String purpose, Function<Task, R> work) {
    return told(
        () -> {
          try (Task task = tasks.shared(context, nodeUuid, purpose)) {
            return work.apply(task);
          }
        });
  }

  /** Works under the lock; what is done for a node counts as an update of it. */
  void locked(RequestContext context, String nodeUuid, String purpose, Consumer<Task> work) {
    lockedResult(context, nodeUuid, purpose, returningNothing(work));
  }

  /** Works under the lock, with a result; what is done for a node counts as an update of it. */
  <R> R lockedResult(
      RequestContext context, String nodeUuid, String purpose, Function<Task, R> work) {
    return told(
        () -> {
          try (Task task = tasks.exclusive(context, nodeUuid, purpose)) {
            R result = work.apply(task);
            task.touch();
            return result;
          }
        });
  }

  /** Works under the lock of a node whose driver this conductor may lack, with a result. */
  <R> R lockedWithoutDriver(
      RequestContext context, String nodeUuid, String purpose, Function<Task, R> work) {
    return told(
        () -> {
          try (Task task = tasks.exclusiveWithoutDriver(context, nodeUuid, purpose)) {
            return work.apply(task);
          }
        });
  }

  /** Works under the lock in one transaction, with a result; the driver is not looked at. */
  <R> R inOneGo(RequestContext context, String nodeUuid, String purpose, Function<Task, R> work) {
    return told(() -> tasks.inOneGo(context, nodeUuid, purpose, work));
  }

  /** Works under the lock, or without it where a shared look is enough. */
  <R> R with(
      RequestContext context,
      String nodeUuid,
      String purpose,
      boolean exclusive,
      Function<Task, R> work) {
    return exclusive
        ? lockedResult(context, nodeUuid, purpose, work)
        : shared(context, nodeUuid, purpose, work);
  }

  /**
   * Works under the lock if it can be had at once.
   *
   * @return false when somebody else holds it; the work did not run then
   */
  boolean tryLocked(RequestContext context, String nodeUuid, String purpose, Consumer<Task> work) {
    Task task;
    try {
      task = tasks.exclusiveNow(context, nodeUuid, purpose);
    } catch (IronicException e) {
      if (e.fault() == Fault.NODE_LOCKED) {
        return false;
      }
      throw e;
    }
    try (task) {
      told(
          () -> {
            work.accept(task);
            return true;
          });
    }
    return true;
  }

  /**
   * Checks under the lock, then goes on in a worker that inherits it.
   *
   * @param what the work in words, for {@code Async execution of <what> failed}
   */
  void lockedThenWorker(
      RequestContext context,
      String nodeUuid,
      String what,
      Consumer<Task> check,
      Consumer<Task> work) {
    locked(
        context,
        nodeUuid,
        what,
        task -> {
          check.accept(task);
          task.handOver(what, work);
        });
  }

  /** Checks without lock, then goes on in a worker without it. */
  void sharedThenWorker(
      RequestContext context,
      String nodeUuid,
      String what,
      Consumer<Task> check,
      Consumer<Task> work) {
    shared(context, nodeUuid, what, returningNothing(check));
    tasks
        .workers()
        .start(
            Workers.Share.RESERVED,
            what,
            () -> tasks.work(tasks.shared(context, nodeUuid, what), what, work));
  }

  private static Function<Task, Boolean> returningNothing(Consumer<Task> work) {
    return task -> {
      work.accept(task);
      return true;
    };
  }

  private static <R> R told(Supplier<R> work) {
    try {
      return work.get();
    } catch (DriverException e) {
      throw IronicException.of(e);
    }
  }
}
