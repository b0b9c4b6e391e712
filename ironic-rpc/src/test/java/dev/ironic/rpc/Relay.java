package dev.ironic.rpc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TCP relay that can go silent without closing anything, as a firewall does that forgets its
 * connections, and that can break connections.
 */
final class Relay implements AutoCloseable {

  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final int target;
  private final List<Link> links = new CopyOnWriteArrayList<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private final StringBuffer seen = new StringBuffer();

  Relay(int target) throws IOException {
    this.target = target;
    Thread.ofVirtual().start(this::accept);
  }

  String address() {
    return "tcp://127.0.0.1:" + listener.getLocalPort();
  }

  int connections() {
    return accepted.get();
  }

  /** All that has passed, in both directions, a character for each byte. */
  String seen() {
    return seen.toString();
  }

  /** From now on nothing passes on the connections there are; new ones work. */
  void silenceConnections() {
    links.forEach(link -> link.silent = true);
  }

  /** Breaks the connections there are; new ones work. */
  void breakConnections() {
    links.forEach(Link::close);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    breakConnections();
  }

  private void accept() {
    try {
      while (true) {
        Socket near = listener.accept();
        accepted.incrementAndGet();
        connect(near);
      }
    } catch (IOException e) {
      // Closed: the end of the test.
    }
  }

  private void connect(Socket near) throws IOException {
    Socket far;
    try {
      far = new Socket(InetAddress.getLoopbackAddress(), target);
    } catch (IOException e) {
      near.close();
      return;
    }
    var link = new Link(near, far);
    links.add(link);
    Thread.startVirtualThread(() -> link.pump(near, far));
    Thread.startVirtualThread(() -> link.pump(far, near));
  }

  private final class Link {
    private final Socket near;
    private final Socket far;
    private volatile boolean silent;

    Link(Socket near, Socket far) {
      this.near = near;
      this.far = far;
    }

    void pump(Socket from, Socket to) {
      byte[] buffer = new byte[8192];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          if (!silent) {
            seen.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
            out.write(buffer, 0, n);
          }
        }
      } catch (IOException e) {
        // One side has closed.
      }
      if (!silent) {
        close();
      }
    }

    void close() {
      try {
        near.close();
        far.close();
      } catch (IOException e) {
        // Closed already.
      }
    }
  }
}
