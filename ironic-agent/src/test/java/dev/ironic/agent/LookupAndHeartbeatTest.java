package dev.ironic.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ironic.agent.json.JsonMap;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LookupAndHeartbeatTest {

  @TempDir Path folder;

  @Test
  void looksItselfUpAndBeatsAtOnce() throws Exception {
    try (FakeIronic api = new FakeIronic();
        ProcessMachine machine = new ProcessMachine(folder, api, 1 << 20)) {
      await().until(() -> !api.heartbeats.isEmpty());

      assertThat(api.lookups).containsExactly("addresses=" + ProcessMachine.MAC);
      assertThat(api.versions).containsExactly("lookup 1.62", "heartbeat 1.68");
      JsonMap beat = api.heartbeats.getFirst();
      assertThat(beat.text("callback_url")).isEqualTo("https://127.0.0.1:" + machine.agent.port());
      assertThat(beat.text("agent_token")).isEqualTo(FakeIronic.TOKEN);
      assertThat(beat.text("agent_version")).isNotBlank();
      assertThat(beat.text("agent_verify_ca")).isEqualTo(machine.agent.certificatePem());
    }
  }

  @Test
  void certificateNamesTheAddressAndIsValid() throws Exception {
    try (FakeIronic api = new FakeIronic();
        ProcessMachine machine = new ProcessMachine(folder, api, 1 << 20)) {
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(
                      new ByteArrayInputStream(
                          machine.agent.certificatePem().getBytes(StandardCharsets.US_ASCII)));

      certificate.checkValidity();
      certificate.verify(certificate.getPublicKey());
      assertThat(((ECPublicKey) certificate.getPublicKey()).getParams().getOrder().bitLength())
          .isEqualTo(384);
      assertThat(certificate.getSigAlgName()).isEqualTo("SHA512withECDSA");
      assertThat(certificate.getCriticalExtensionOIDs()).containsExactly("2.5.29.17");
      assertThat(certificate.getSubjectAlternativeNames()).containsExactly(List.of(7, "127.0.0.1"));
    }
  }

  @Test
  void servesOnlyTls13UnlessLookupSaysOtherwise() throws Exception {
    try (FakeIronic api = new FakeIronic();
        ProcessMachine machine = new ProcessMachine(folder, api, 1 << 20)) {
      assertThat(handshake(machine.agent.port(), "TLSv1.3")).isEqualTo("TLSv1.3");
      assertThatThrownBy(() -> handshake(machine.agent.port(), "TLSv1.2"))
          .isInstanceOf(SSLHandshakeException.class);
    }
    try (FakeIronic api = new FakeIronic()) {
      api.config.putAll(
          Map.of(
              "tls_min_version", "1.2",
              "tls_cipher_suites", "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384"));
      try (ProcessMachine machine = new ProcessMachine(folder, api, 1 << 20)) {
        assertThat(handshake(machine.agent.port(), "TLSv1.2")).isEqualTo("TLSv1.2");
      }
    }
  }

  @Test
  void asksAgainUntilTheNodeIsKnown() throws Exception {
    try (FakeIronic api = new FakeIronic()) {
      api.unknownLookups.set(3);
      try (ProcessMachine machine = new ProcessMachine(folder, api, 1 << 20)) {
        assertThat(api.lookups).hasSize(4);
        assertThat(machine.pauses).hasSize(4); // one before everything, three between lookups
        assertThat(machine.pauses.getLast()).isLessThan(java.time.Duration.ofSeconds(9));
      }
    }
  }

  @Test
  void aFinishedCommandMakesItBeatEarly() throws Exception {
    try (FakeIronic api = new FakeIronic();
        ProcessMachine machine = new ProcessMachine(folder, api, 1 << 20)) {
      await().until(() -> api.heartbeats.size() == 1);
      machine.call(
          "clean.execute_clean_step",
          Map.of(
              "step", Map.of("step", "erase_devices_metadata"),
              "node", Map.of(),
              "ports", List.of()));

      // The pause without it would be 90 seconds and more.
      await().atMost(java.time.Duration.ofSeconds(8)).until(() -> api.heartbeats.size() == 2);
    }
  }

  @Test
  void refusesToLiveWithAConcealedToken() throws Exception {
    try (FakeIronic api = new FakeIronic()) {
      api.config.put("agent_token", "******");

      assertThatThrownBy(() -> new ProcessMachine(folder, api, 1 << 20))
          .hasMessageContaining("no usable agent token");
    }
  }

  @Test
  void aPreSharedTokenNeedsNoneFromLookup() throws Exception {
    try (FakeIronic api = new FakeIronic()) {
      api.config.put("agent_token", "******");
      String token = "pre-shared-pre-shared-pre-shared-pre-shared";
      try (ProcessMachine machine =
          new ProcessMachine(
              folder,
              "ipa-api-url=" + api.url() + "/v1/ ipa-agent-token=" + token,
              token,
              1 << 20)) {
        await().until(() -> !api.heartbeats.isEmpty());
        assertThat(api.heartbeats.getFirst().text("agent_token")).isEqualTo(token);
        assertThat(machine.commands().list("commands")).isEmpty();
      }
    }
  }

  @Test
  void advertisesWhatItIsToldTo() throws Exception {
    try (FakeIronic api = new FakeIronic();
        ProcessMachine machine =
            new ProcessMachine(
                folder,
                "ipa-advertise-port=41234 ipa-api-url=" + api.url(),
                FakeIronic.TOKEN,
                1 << 20)) {
      await().until(() -> !api.heartbeats.isEmpty());

      assertThat(machine.agent.port()).isNotEqualTo(41234);
      assertThat(api.heartbeats.getFirst().text("callback_url"))
          .isEqualTo("https://127.0.0.1:41234");
    }
  }

  private static String handshake(int port, String protocol) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anybody()}, null);
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setEnabledProtocols(new String[] {protocol});
      socket.startHandshake();
      return socket.getSession().getProtocol();
    }
  }

  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
