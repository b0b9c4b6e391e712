package dev.ironic.rpc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * The one thread that owns a set of ZeroMQ sockets. Others hand work over to it; a byte in a pipe
 * wakes it, at most one at a time.
 */
final class SocketThread implements AutoCloseable {

  /** How long a new connection may take until it is ready for messages. */
  static final Duration HANDSHAKE = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(SocketThread.class);
  private static final long TICK_MILLIS = 250;

  private final Thread thread;
  private final Queue<Runnable> work = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean awake = new AtomicBoolean();
  private final Pipe pipe;
  private final Runnable tick;
  private volatile boolean closing;

  // Touched by the thread only.
  private final Map<ZMQ.Socket, Consumer<ZMQ.Socket>> sockets = new HashMap<>();
  private final ZContext context = new ZContext();
  private boolean changed;

  /**
   * Starts the thread.
   *
   * @param tick called a few times a second, on the thread
   */
  SocketThread(String name, Runnable tick) {
    this.tick = tick;
    try {
      pipe = Pipe.open();
      pipe.source().configureBlocking(false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread = Thread.ofPlatform().daemon().name(name).start(this::run);
  }

  /** Hands work over; it runs on the thread, in order. */
  void execute(Runnable task) {
    work.add(task);
    if (awake.compareAndSet(false, true)) {
      try {
        pipe.sink().write(ByteBuffer.wrap(new byte[1]));
      } catch (IOException e) {
        if (!closing) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  /**
   * Opens a socket; to be called on the thread.
   *
   * @param readable called on the thread for each message that has come
   */
  ZMQ.Socket open(SocketType type, Consumer<ZMQ.Socket> readable) {
    ZMQ.Socket socket = context.createSocket(type);
    socket.setLinger(0);
    socket.setHWM(0);
    // Now and then a connection is made on which nothing is ever read; it is given up soon.
    socket.setHandshakeIvl((int) HANDSHAKE.toMillis());
    // Whoever is silent for so long is cut off, so that nothing is kept for a peer that is gone.
    socket.setHeartbeatIvl(2_000);
    socket.setHeartbeatTimeout(6_000);
    sockets.put(socket, readable);
    changed = true;
    return socket;
  }

  /** Closes a socket; to be called on the thread. */
  void close(ZMQ.Socket socket) {
    sockets.remove(socket);
    changed = true;
    socket.close();
  }

  @Override
  public void close() {
    closing = true;
    execute(() -> {});
    try {
      thread.join();
      pipe.sink().close();
      pipe.source().close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      log.debug("Closing the wake-up pipe", e);
    }
  }

  private void run() {
    try {
      while (!closing) {
        turn();
      }
      runWork();
    } finally {
      context.close();
    }
  }

  private void turn() {
    try (ZMQ.Poller poller = context.createPoller(sockets.size() + 1)) {
      int wakeUp = poller.register(pipe.source(), ZMQ.Poller.POLLIN);
      var watched = new HashMap<Integer, ZMQ.Socket>();
      sockets.keySet().forEach(s -> watched.put(poller.register(s, ZMQ.Poller.POLLIN), s));
      changed = false;
      while (!closing && !changed) {
        poller.poll(TICK_MILLIS);
        if (poller.pollin(wakeUp)) {
          drainPipe();
        }
        watched.forEach(
            (index, socket) -> {
              Consumer<ZMQ.Socket> readable = sockets.get(socket);
              if (readable != null && poller.pollin(index)) {
                guarded(() -> readable.accept(socket));
              }
            });
        runWork();
        guarded(tick);
      }
    }
  }

  private void runWork() {
    awake.set(false);
    for (Runnable task = work.poll(); task != null; task = work.poll()) {
      guarded(task);
    }
  }

  private void drainPipe() {
    try {
      pipe.source().read(ByteBuffer.allocate(64));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      log.error("A message could not be handled", e);
    }
  }
}
