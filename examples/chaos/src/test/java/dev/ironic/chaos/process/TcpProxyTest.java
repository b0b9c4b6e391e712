package dev.ironic.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {

  private ServerSocket echo;
  private TcpProxy proxy;

  @BeforeEach
  void open() throws IOException {
    echo = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::serve);
    proxy = new TcpProxy(echo.getLocalPort());
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    echo.close();
  }

  private void serve() {
    try {
      while (true) {
        Socket socket = echo.accept();
        Thread.startVirtualThread(
            () -> {
              try (socket) {
                socket.getInputStream().transferTo(socket.getOutputStream());
              } catch (IOException e) {
                // Broken, as intended.
              }
            });
      }
    } catch (IOException e) {
      // Closed: the end.
    }
  }

  @Test
  void passesOn() throws IOException {
    try (Socket socket = connect()) {
      assertThat(echoed(socket, 7)).isEqualTo(7);
    }
  }

  @Test
  void holdsBackWhatIsSentUntilItIsMended() throws IOException {
    try (Socket socket = connect()) {
      assertThat(echoed(socket, 1)).isEqualTo(1);
      proxy.stall();
      socket.setSoTimeout(100);
      assertThatThrownBy(() -> echoed(socket, 2)).isInstanceOf(SocketTimeoutException.class);
      proxy.mend();
      socket.setSoTimeout(20_000);
      assertThat(socket.getInputStream().read()).isEqualTo(2);
      assertThat(echoed(socket, 3)).isEqualTo(3);
    }
  }

  @Test
  void breaksAndRefusesUntilItIsMended() throws IOException {
    try (Socket socket = connect()) {
      assertThat(echoed(socket, 1)).isEqualTo(1);
      proxy.cut();
      assertThat(isBroken(socket)).isTrue();
    }
    try (Socket socket = connect()) {
      assertThat(isBroken(socket)).isTrue();
    }
    proxy.mend();
    try (Socket socket = connect()) {
      assertThat(echoed(socket, 5)).isEqualTo(5);
    }
  }

  private Socket connect() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static boolean isBroken(Socket socket) throws SocketTimeoutException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      return true;
    }
  }

  private static int echoed(Socket socket, int value) throws IOException {
    socket.getOutputStream().write(value);
    return socket.getInputStream().read();
  }
}
