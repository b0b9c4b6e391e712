package dev.ironic.chaos.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A piece of network between two parties that can go bad: it can hold back everything, as a network
 * does that loses packets, or break and refuse connections, and it can be mended. Thread-safe.
 */
public final class TcpProxy implements AutoCloseable {

  private enum Mode {
    PASSING,
    STALLED,
    CUT
  }

  private final ServerSocket listener;
  private final int target;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Mode mode = Mode.PASSING;

  /**
   * Opens a way to a port of this machine.
   *
   * @param target the port that connections lead to
   */
  public TcpProxy(int target) throws IOException {
    this.target = target;
    listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  /** Where it listens. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Holds back all that is sent, without closing anything. */
  public void stall() {
    become(Mode.STALLED);
  }

  /** Breaks all connections and takes no new ones. */
  public void cut() {
    become(Mode.CUT);
    open.forEach(TcpProxy::shut);
  }

  /** Lets everything pass, what was held back first. */
  public void mend() {
    become(Mode.PASSING);
  }

  private void become(Mode next) {
    lock.lock();
    try {
      mode = next;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits while stalled; false when cut. */
  private boolean mayPass() throws InterruptedException {
    lock.lock();
    try {
      while (mode == Mode.STALLED) {
        changed.await();
      }
      return mode == Mode.PASSING;
    } finally {
      lock.unlock();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket near = listener.accept();
        threads.execute(() -> connect(near));
      }
    } catch (IOException e) {
      // Closed: the end.
    }
  }

  private void connect(Socket near) {
    open.add(near);
    try {
      if (!mayPass()) {
        done(near);
        return;
      }
      Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
      open.add(far);
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      threads.execute(() -> pump(near, far));
      threads.execute(() -> pump(far, near));
    } catch (IOException e) {
      // Nobody listens there at the moment, as behind any network.
      done(near);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      done(near);
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[16384];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (!mayPass()) {
          break;
        }
        out.write(buffer, 0, n);
      }
      mayPass(); // a lost network tells nobody that the other side has closed
    } catch (IOException e) {
      // One side has closed.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      done(from);
      done(to);
    }
  }

  private void done(Socket socket) {
    open.remove(socket);
    shut(socket);
  }

  private static void shut(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed then.
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
    threads.shutdownNow();
    threads.close();
  }
}
