package dev.ironic.driver.generic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ironic.driver.DriverException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DhcpOptionTest {

  private static final String HTTP = "http://192.0.2.1:8080/";

  @Test
  void theOptionsAreThoseThatDhcpServersHaveAlwaysBeenGiven() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream("dhcp-options.json"))) {
      JsonNode rows = new JsonMapper().readTree(in);
      assertThat(rows.size()).isEqualTo(8);
      for (JsonNode row : rows) {
        NetworkBootKind kind =
            Arrays.stream(NetworkBootKind.values())
                .filter(each -> each.interfaceName().equals(row.get("kind").asString()))
                .findFirst()
                .orElseThrow();
        String loader = kind.ipxe() ? "snponly.efi" : "bootx64.efi";
        List<DhcpOption> options =
            DhcpOption.of(
                kind,
                kind.loaderByUrl() ? HTTP + loader : loader,
                HTTP + "boot.ipxe",
                "192.0.2.1",
                row.get("tags").asBoolean());
        assertThat(options)
            .as("%s", row)
            .containsExactlyElementsOf(
                row.get("options")
                    .valueStream()
                    .map(
                        option ->
                            new DhcpOption(
                                option.get(0).asString(),
                                option.get(1).asString(),
                                option.get(2).asInt()))
                    .toList());
      }
    }
  }

  @Test
  void aBootFileThatDhcpCannotCarryIsRefused() {
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(
            () ->
                DhcpOption.of(
                    NetworkBootKind.IPXE,
                    "snponly.efi",
                    "http://%s.example/boot.ipxe".formatted("x".repeat(50)),
                    "192.0.2.1",
                    true))
        .withMessageContaining("longer than the 64 characters");
  }
}
