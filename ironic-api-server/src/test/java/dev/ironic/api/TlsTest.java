package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** HTTPS with certificates from PEM files. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsTest {

  private Path pki;

  /** The JDK's own program makes certificates; openssl would have to be there. */
  @BeforeAll
  void makeCertificates(@TempDir Path folder) throws Exception {
    pki = folder;
    certificate("first", 1);
    certificate("second", 2);
    certificate("client", 3);
  }

  private void certificate(String name, int serial) throws Exception {
    String store = pki.resolve(name + ".p12").toString();
    keytool(
        "-genkeypair",
        "-keystore",
        store,
        "-storepass",
        "changeit",
        "-alias",
        name,
        "-keyalg",
        serial == 2 ? "EC" : "RSA",
        "-dname",
        "CN=localhost",
        "-ext",
        "san=ip:127.0.0.1,dns:localhost",
        "-ext",
        "bc:c");
    keytool(
        "-exportcert",
        "-rfc",
        "-keystore",
        store,
        "-storepass",
        "changeit",
        "-alias",
        name,
        "-file",
        pki.resolve(name + ".crt").toString());
    var keys =
        java.security.KeyStore.getInstance(new java.io.File(store), "changeit".toCharArray());
    var key = keys.getKey(name, "changeit".toCharArray());
    Files.writeString(
        pki.resolve(name + ".key"),
        "-----BEGIN PRIVATE KEY-----\n"
            + java.util.Base64.getMimeEncoder().encodeToString(key.getEncoded())
            + "\n-----END PRIVATE KEY-----\n");
  }

  private static void keytool(String... arguments) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
  }

  private ApiRig start(Path folder, Map<String, String> api, Map<String, String> ssl) {
    var options = new HashMap<>(api);
    options.put("enable_ssl_api", "true");
    return new ApiRig(folder, Map.of("api", options, "ssl", ssl));
  }

  private Map<String, String> files(Path folder, String name) throws IOException {
    place(folder, name);
    return Map.of(
        "cert_file", folder.resolve("cert.pem").toString(),
        "key_file", folder.resolve("key.pem").toString());
  }

  private void place(Path folder, String name) throws IOException {
    Files.write(folder.resolve("key.pem"), Files.readAllBytes(pki.resolve(name + ".key")));
    Files.write(folder.resolve("cert.pem"), Files.readAllBytes(pki.resolve(name + ".crt")));
  }

  private HttpClient client(String trusted, @Nullable String own, String protocol) {
    SSLContext context =
        Certificates.context(
            own == null
                ? null
                : Certificates.keyManager(pki.resolve(own + ".crt"), pki.resolve(own + ".key")),
            Certificates.trustManager(pki.resolve(trusted + ".crt")));
    var parameters = new SSLParameters();
    parameters.setProtocols(new String[] {protocol});
    return HttpClient.newBuilder().sslContext(context).sslParameters(parameters).build();
  }

  private static HttpResponse<String> get(HttpClient client, URI uri) throws Exception {
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void servesHttpsWithTheCertificateOfTheFile(@TempDir Path folder) throws Exception {
    try (ApiRig rig = start(folder, files(folder, "first"), Map.of());
        HttpClient client = client("first", null, "TLSv1.3")) {
      assertThat(rig.uri("/").getScheme()).isEqualTo("https");
      HttpResponse<String> answer = get(client, rig.uri("/v1"));
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("\"https://127.0.0.1:" + rig.port() + "/v1/");
      try (HttpClient stranger = client("second", null, "TLSv1.3")) {
        assertThatThrownBy(() -> get(stranger, rig.uri("/v1"))).isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void takesFilesFromTheGroupSslToo(@TempDir Path folder) throws Exception {
    try (ApiRig rig = start(folder, Map.of(), files(folder, "first"));
        HttpClient client = client("first", null, "TLSv1.3")) {
      assertThat(get(client, rig.uri("/v1")).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aChangedCertificateIsUsedFromTheNextHandshakeOn(@TempDir Path folder) throws Exception {
    try (ApiRig rig = start(folder, files(folder, "first"), Map.of())) {
      assertThat(serial(rig, "first")).isEqualTo(serialOf("first"));
      place(folder, "second");
      assertThat(serial(rig, "second")).isEqualTo(serialOf("second"));
      Files.writeString(folder.resolve("cert.pem"), "not a certificate");
      assertThat(serial(rig, "second")).as("the older one stays").isEqualTo(serialOf("second"));
      Files.write(folder.resolve("cert.pem"), Files.readAllBytes(pki.resolve("first.crt")));
      assertThat(serial(rig, "second")).as("a key of another").isEqualTo(serialOf("second"));
      Files.write(folder.resolve("key.pem"), Files.readAllBytes(pki.resolve("first.key")));
      assertThat(serial(rig, "first")).isEqualTo(serialOf("first"));
    }
  }

  private BigInteger serial(ApiRig rig, String trusted) throws Exception {
    try (HttpClient client = client(trusted, null, "TLSv1.3")) {
      var session = get(client, rig.uri("/v1")).sslSession().orElseThrow();
      return ((X509Certificate) session.getPeerCertificates()[0]).getSerialNumber();
    }
  }

  private BigInteger serialOf(String name) throws Exception {
    try (var in = Files.newInputStream(pki.resolve(name + ".crt"))) {
      return ((X509Certificate)
              java.security.cert.CertificateFactory.getInstance("X.509").generateCertificate(in))
          .getSerialNumber();
    }
  }

  @Test
  void clientsNeedACertificateWhereAnAuthorityIsNamed(@TempDir Path folder) throws Exception {
    var ssl = Map.of("ca_file", pki.resolve("client.crt").toString());
    try (ApiRig rig = start(folder, files(folder, "first"), ssl)) {
      try (HttpClient client = client("first", "client", "TLSv1.3")) {
        assertThat(get(client, rig.uri("/v1")).statusCode()).isEqualTo(200);
      }
      for (String own : new @Nullable String[] {null, "second"}) {
        try (HttpClient client = client("first", own, "TLSv1.3")) {
          assertThatThrownBy(() -> get(client, rig.uri("/v1"))).isInstanceOf(IOException.class);
        }
      }
    }
  }

  @Test
  void olderProtocolsAreOfferedOnlyWhenAllowed(@TempDir Path folder) throws Exception {
    var api = new HashMap<>(files(folder, "first"));
    try (ApiRig rig = start(folder, api, Map.of());
        HttpClient client = client("first", null, "TLSv1.2")) {
      assertThatThrownBy(() -> get(client, rig.uri("/v1"))).isInstanceOf(IOException.class);
    }
    api.put("tls_minimum_version", "1.2");
    try (ApiRig rig = start(folder, api, Map.of());
        HttpClient client = client("first", null, "TLSv1.2")) {
      assertThat(get(client, rig.uri("/v1")).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void uselessFilesAreToldAtStart(@TempDir Path folder) throws Exception {
    var api = new HashMap<>(files(folder, "first"));
    assertRefused(folder, Map.of(), "cert_file");
    Files.writeString(folder.resolve("key.pem"), "-----BEGIN RSA PRIVATE KEY-----\nx\n-----END");
    assertRefused(folder, api, "openssl pkcs8");
    Files.write(folder.resolve("key.pem"), Files.readAllBytes(pki.resolve("second.key")));
    assertRefused(folder, api, "key.pem");
    place(folder, "first");
    api.put("tls_ciphers", "TLS_OF_TOMORROW");
    assertRefused(folder, api, "TLS_OF_TOMORROW");
  }

  private void assertRefused(Path folder, Map<String, String> api, String words) {
    assertThatThrownBy(() -> start(folder, api, Map.of()).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(words);
  }
}
