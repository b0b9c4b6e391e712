package dev.ironic.api;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Tells of requests that are no HTTP, which never reach the gateway, in the form of all errors.
 * Thread-safe.
 */
final class TransportErrors implements Request.Handler {

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status =
        request.getAttribute(ErrorHandler.ERROR_STATUS) instanceof Integer code ? code : 500;
    String text =
        Objects.toString(
            request.getAttribute(ErrorHandler.ERROR_MESSAGE), "The request can't be understood");
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    byte[] body = ErrorBody.fault(status, text);
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }
}
