package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ironic.core.config.IronicConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where a server listens that asks nobody for a password. */
class ServerOptionsTest {

  private static ServerOptions options(String strategy, Map<String, String> api) {
    return ServerOptions.from(
        IronicConfig.of(Map.of("DEFAULT", Map.of("auth_strategy", strategy), "api", api)));
  }

  @Test
  void withoutAuthenticationItServesItsOwnMachineOnly() {
    assertThat(options("noauth", Map.of()).host()).isEqualTo("127.0.0.1");
    assertThat(options("noauth", Map.of("host_ip", "0.0.0.0")).host()).isEqualTo("127.0.0.1");
    assertThat(options("noauth", Map.of("host_ip", "::")).host()).isEqualTo("127.0.0.1");
    assertThat(options("noauth", Map.of("host_ip", "127.0.0.5")).host()).isEqualTo("127.0.0.5");
    assertThat(options("noauth", Map.of("host_ip", "::1")).host()).isEqualTo("::1");
  }

  @Test
  void anotherAddressNeedsAWordOfTheOperator() {
    assertThatThrownBy(() -> options("noauth", Map.of("host_ip", "192.0.2.7")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("192.0.2.7")
        .hasMessageContaining("noauth_anywhere");
    for (String host : new String[] {"192.0.2.7", "0.0.0.0"}) {
      assertThat(options("noauth", Map.of("host_ip", host, "noauth_anywhere", "true")).host())
          .isEqualTo(host);
    }
  }

  @Test
  void withAuthenticationItListensWhereItIsTold() {
    assertThat(options("http_basic", Map.of()).host()).isEqualTo("0.0.0.0");
    assertThat(options("keystone", Map.of("host_ip", "192.0.2.7")).host()).isEqualTo("192.0.2.7");
  }
}
