package dev.ironic.driver.redfish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ironic.driver.DriverException;
import dev.ironic.driver.tck.TestConfig;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RedfishDriverInfoTest {

  private final RedfishOptions options = RedfishOptions.from(new TestConfig(Map.of()));

  @Test
  void readsAddresses() {
    assertAddress("bmc.example.org", "https://bmc.example.org", "/redfish/v1/");
    assertAddress("http://192.0.2.1:8000", "http://192.0.2.1:8000", "/redfish/v1/");
    assertAddress("https://h/redfish/v1", "https://h", "/redfish/v1");
    assertAddress("fd00::1", "https://[fd00::1]", "/redfish/v1/");
    assertAddress("https://[fd00::1]:8443", "https://[fd00::1]:8443", "/redfish/v1/");
  }

  @Test
  void hasDefaults() {
    RedfishDriverInfo info = parse(Map.of("redfish_address", "https://h"));
    assertThat(info.systemId()).isNull();
    assertThat(info.username()).isNull();
    assertThat(info.password()).isNull();
    assertThat(info.verifyCa()).isEqualTo(new RedfishDriverInfo.VerifyCa.Default());
    assertThat(info.authType()).isEqualTo("auto");
  }

  @Test
  void quotesTheSystem() {
    assertThat(
            parse(
                    Map.of(
                        "redfish_address",
                        "https://h",
                        "redfish_system_id",
                        "/redfish/v1/Systems/a b"))
                .systemId())
        .isEqualTo("/redfish/v1/Systems/a%20b");
  }

  @Test
  void readsHowToCheckTheCertificate() {
    assertThat(
            parse(Map.of("redfish_address", "https://h", "redfish_verify_ca", "false")).verifyCa())
        .isEqualTo(new RedfishDriverInfo.VerifyCa.Off());
  }

  @Test
  void namesWhatIsMissingOrWrong() {
    assertRefused(Map.of(), DriverException.Kind.MISSING_PARAMETER, "redfish_address");
    assertInvalid("redfish_address", 5);
    assertInvalid("redfish_address", "https://");
    assertInvalid("redfish_address", "ftp://h");
    assertInvalid("redfish_verify_ca", "/nonexistent");
    assertInvalid("redfish_verify_ca", 5);
    assertInvalid("redfish_auth_type", "x");
    assertInvalid("redfish_tls_minimum_version", "1.0");
  }

  @Test
  void doesNotShowThePassword() {
    assertThat(
            parse(Map.of("redfish_address", "https://h", "redfish_password", "geheim")).toString())
        .doesNotContain("geheim");
  }

  private void assertInvalid(String key, Object value) {
    Map<String, @Nullable Object> info =
        key.equals("redfish_address")
            ? Map.of(key, value)
            : Map.of("redfish_address", "https://h", key, value);
    assertRefused(info, DriverException.Kind.INVALID_PARAMETER, key);
  }

  private void assertRefused(
      Map<String, @Nullable Object> info, DriverException.Kind kind, String named) {
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> parse(info))
        .withMessageContaining(named)
        .matches(e -> e.kind() == kind);
  }

  private void assertAddress(String given, String address, String root) {
    RedfishDriverInfo info = parse(Map.of("redfish_address", given));
    assertThat(info.address()).isEqualTo(address);
    assertThat(info.rootPrefix()).isEqualTo(root);
  }

  private RedfishDriverInfo parse(Map<String, @Nullable Object> info) {
    return RedfishDriverInfo.parse(info, options);
  }
}
