package dev.ironic.api;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Tells what the HTTP server itself refuses (a request line it cannot read, headers that are too
 * large) in the form of all other errors.
 */
final class JettyErrors extends ErrorHandler {

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    String text = message == null || message.isBlank() ? "The request cannot be read" : message;
    byte[] body = ErrorBody.fault(code, text);
    response.getHeaders().put(new HttpField(HttpHeader.CONTENT_TYPE, "application/json"));
    // Where a request ends that could not be read, nobody knows.
    response.getHeaders().put(HttpFields.CONNECTION_CLOSE);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
  }
}
