package dev.ironic.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IronicConfigTest {

  @TempDir Path folder;

  private IronicConfig load(String... texts) throws IOException {
    var files = new java.util.ArrayList<Path>();
    for (String text : texts) {
      files.add(Files.writeString(folder.resolve("ironic" + files.size() + ".conf"), text));
    }
    return IronicConfig.load(List.copyOf(files));
  }

  @Test
  void readsGroupsCommentsQuotesAndContinuedValues() throws IOException {
    IronicConfig config =
        load(
            """
            # comment
            [DEFAULT]
            enabled_hardware_types = ipmi,
                redfish
            ; another
            host: "quoted name"
            [conductor]
            workers_pool_size=42
            """);

    assertThat(config.list("DEFAULT", "enabled_hardware_types", List.of()))
        .containsExactly("ipmi", "redfish");
    assertThat(config.text("DEFAULT", "host")).contains("quoted name");
    assertThat(config.integer("conductor", "workers_pool_size", 1)).isEqualTo(42);
  }

  @Test
  void fallsBackToTheOptionsOwnDefaultThenToTheCallers() {
    IronicConfig config = IronicConfig.defaults();

    assertThat(config.integer("conductor", "workers_pool_size", 1)).isEqualTo(300);
    assertThat(config.seconds("conductor", "heartbeat_interval", Duration.ZERO))
        .isEqualTo(Duration.ofSeconds(10));
    assertThat(config.integer("my_driver", "retries", 7)).isEqualTo(7);
    assertThat(config.text("my_driver", "retries")).isEmpty();
  }

  @Test
  void replacesReferencesAlsoAcrossGroupsAndInDefaults() throws IOException {
    IronicConfig config =
        load(
            """
            [DEFAULT]
            state_path = /srv/ironic
            [api]
            port = 7000
            [deploy]
            http_url = http://host:${api.port}/$$x
            """);

    assertThat(config.text("database", "connection"))
        .contains("sqlite:////srv/ironic/ironic.sqlite");
    assertThat(config.text("deploy", "http_url")).contains("http://host:7000/$x");
  }

  @Test
  void laterFilesOverrideEarlierOnes() throws IOException {
    IronicConfig config = load("[api]\nport = 1\nmax_limit = 5", "[api]\nport = 2");

    assertThat(config.integer("api", "port", 0)).isEqualTo(2);
    assertThat(config.integer("api", "max_limit", 0)).isEqualTo(5);
  }

  @Test
  void warnsOfAnUnknownOptionWithTheNearestName() throws IOException {
    assertThat(load("[conductor]\nworker_pool_size = 3").warnings())
        .singleElement()
        .asString()
        .contains("[conductor] worker_pool_size", "[conductor] workers_pool_size");
  }

  @Test
  void refusesAValueOfTheWrongKindNamingOptionAndValue() {
    assertThatThrownBy(() -> load("[conductor]\nworkers_pool_size = many"))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "[conductor] workers_pool_size has the value 'many'; it must be a whole number");
    assertThatThrownBy(() -> load("[conductor]\nworkers_pool_size = 1"))
        .hasMessageContaining("at least 3");
    assertThatThrownBy(() -> load("[DEFAULT]\nauth_strategy = magic"))
        .hasMessageContaining("one of noauth, keystone, http_basic");
  }

  @Test
  void refusesReferencesInACircle() {
    assertThatThrownBy(() -> load("[DEFAULT]\nhost = $my_ip\nmy_ip = $host"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("refers to itself");
  }

  @Test
  void tellsWhichKnownOptionsNobodyRead() throws IOException {
    IronicConfig config = load("[conductor]\nworkers_pool_size = 5\nheartbeat_interval = 3");
    config.integer("conductor", "workers_pool_size", 0);

    assertThat(config.unread(Set.of())).containsExactly("[conductor] heartbeat_interval");
  }

  @Test
  void masksSecretsInItsTextForm() throws IOException {
    IronicConfig config =
        load(
            """
            [deploy]
            image_server_password = hunter2
            [database]
            connection = postgresql://ironic:hunter2@db/ironic
            """);

    assertThat(config.toString()).doesNotContain("hunter2").contains("******");
  }

  @Test
  void takesOldNames() throws IOException {
    IronicConfig config = load("[cinder]\nauth_plugin = password");

    assertThat(config.text("cinder", "auth_type")).contains("password");
    assertThat(config.warnings()).singleElement().asString().contains("[cinder] auth_type");
  }

  @Test
  void keepsAllValuesOfAnOptionThatIsThereSeveralTimes() throws IOException {
    IronicConfig config =
        load(
            """
            [ipmi]
            additional_retryable_ipmi_errors = first, with a comma
            additional_retryable_ipmi_errors = second
            """);
    assertThat(config.values("ipmi", "additional_retryable_ipmi_errors"))
        .containsExactly("first, with a comma", "second");
    assertThat(config.values("my_driver", "unset")).isEmpty();
  }

  @Test
  void readsMaps() {
    IronicConfig config = IronicConfig.of(Map.of("x", Map.of("pairs", "deploy.a:10, deploy.b:0")));

    assertThat(config.map("x", "pairs"))
        .containsExactlyInAnyOrderEntriesOf(Map.of("deploy.a", "10", "deploy.b", "0"));
  }
}
