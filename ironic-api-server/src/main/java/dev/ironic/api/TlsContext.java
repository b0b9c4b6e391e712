package dev.ironic.api;

import dev.ironic.core.config.ReloadedFile;
import java.net.Socket;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/** Makes a TLS server whose certificates change with their files, from the next handshake on. */
final class TlsContext {

  private TlsContext() {}

  /**
   * For Jetty.
   *
   * @throws IllegalArgumentException for files that are of no use
   */
  static SslContextFactory.Server factory(TlsOptions options) {
    Path authorities = options.clientAuthorities();
    var factory = new SslContextFactory.Server();
    SSLContext context =
        Certificates.context(
            new Keys(options), authorities == null ? null : new Clients(authorities));
    checkCiphers(context, options);
    factory.setSslContext(context);
    factory.setNeedClientAuth(authorities != null);
    factory.setIncludeProtocols(options.protocols().toArray(String[]::new));
    factory.setExcludeProtocols();
    if (!options.ciphers().isEmpty()) {
      factory.setExcludeCipherSuites();
      factory.setIncludeCipherSuites(options.ciphers().toArray(String[]::new));
    }
    factory.setSniRequired(false);
    return factory;
  }

  private static void checkCiphers(SSLContext context, TlsOptions options) {
    var known = java.util.Set.of(context.getSupportedSSLParameters().getCipherSuites());
    for (String cipher : options.ciphers()) {
      if (!known.contains(cipher)) {
        throw new IllegalArgumentException(
            "[api] tls_ciphers: "
                + cipher
                + " is unknown; use names such as TLS_AES_256_GCM_SHA384, separated by colons");
      }
    }
  }

  /** The certificate of the moment. A change is taken once both files go together. */
  private static final class Keys extends X509ExtendedKeyManager {

    private final ReloadedFile<X509ExtendedKeyManager> byCertificate;
    private final ReloadedFile<X509ExtendedKeyManager> byKey;
    private volatile X509ExtendedKeyManager latest;
    private volatile X509ExtendedKeyManager lastByCertificate;
    private volatile X509ExtendedKeyManager lastByKey;

    Keys(TlsOptions options) {
      ReloadedFile.Reader<X509ExtendedKeyManager> reader =
          file -> Certificates.keyManager(options.certificates(), options.key());
      byCertificate = new ReloadedFile<>(options.certificates(), reader);
      byKey = new ReloadedFile<>(options.key(), reader);
      lastByCertificate = byCertificate.get();
      lastByKey = byKey.get();
      latest = lastByCertificate;
    }

    /** Of the two readings the one that changed last: it has seen the state of both files. */
    @SuppressWarnings("ReferenceEquality") // a file that was read again gives another object
    private X509ExtendedKeyManager now() {
      X509ExtendedKeyManager first = byCertificate.get();
      X509ExtendedKeyManager second = byKey.get();
      synchronized (this) {
        if (first != lastByCertificate) {
          lastByCertificate = first;
          latest = first;
        }
        if (second != lastByKey) {
          lastByKey = second;
          latest = second;
        }
        return latest;
      }
    }

    @Override
    public String @Nullable [] getClientAliases(String type, Principal[] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
      return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal[] issuers) {
      return now().getServerAliases(type, issuers);
    }

    @Override
    public @Nullable String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      return now().chooseServerAlias(type, issuers, socket);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
        String type, Principal[] issuers, SSLEngine engine) {
      return now().chooseEngineServerAlias(type, issuers, engine);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
      return latest.getCertificateChain(alias);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
      return latest.getPrivateKey(alias);
    }
  }

  /** Who may connect. */
  private static final class Clients extends X509ExtendedTrustManager {

    private final ReloadedFile<X509ExtendedTrustManager> file;

    Clients(Path authorities) {
      file = new ReloadedFile<>(authorities, Certificates::trustManager);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      file.get().checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      file.get().checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      file.get().checkClientTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      throw new CertificateException("This context is for servers");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("This context is for servers");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("This context is for servers");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return file.get().getAcceptedIssuers();
    }
  }
}
