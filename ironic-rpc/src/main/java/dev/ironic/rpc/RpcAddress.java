package dev.ironic.rpc;

import org.jspecify.annotations.Nullable;

/**
 * Where a conductor is reached, as it stands in the database: {@code tcp://192.0.2.7:8089}, and
 * where it encrypts, its public key behind a {@code #}. So callers know the key without anybody
 * copying it.
 *
 * @param endpoint for the socket
 * @param publicKey 64 hexadecimal digits; null without encryption
 */
record RpcAddress(String endpoint, @Nullable String publicKey) {

  static RpcAddress parse(String text) {
    int mark = text.indexOf('#');
    return mark < 0
        ? new RpcAddress(text, null)
        : new RpcAddress(text.substring(0, mark), text.substring(mark + 1));
  }

  @Override
  public String toString() {
    return publicKey == null ? endpoint : endpoint + "#" + publicKey;
  }
}
