package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import java.util.Map;

/** Describes the API itself, to programs and to people. */
final class DescriptionCalls {

  private final OpenApi openApi;

  DescriptionCalls(OpenApi openApi) {
    this.openApi = openApi;
  }

  void register(Map<String, Handler> handlers) {
    handlers.put("openapi.get", this::document);
    handlers.put("docs.get", this::page);
  }

  private Answer document(ApiRequest request) {
    return Answer.document(200, openApi.document(version(request, request.version())));
  }

  private Answer page(ApiRequest request) {
    ApiVersion version = version(request, ApiVersion.MAX);
    return Answer.html(new DocsPage(openApi.document(version), version).html());
  }

  /** A link can't carry a header, so the query may name the version. */
  private static ApiVersion version(ApiRequest request, ApiVersion otherwise) {
    String wanted = request.query("version");
    if (wanted == null) {
      return otherwise;
    }
    return switch (ApiVersion.negotiate(null, wanted)) {
      case ApiVersion.Negotiated.Agreed(ApiVersion version) -> version;
      case ApiVersion.Negotiated.Refused(ApiVersion.Refusal refusal) ->
          throw new IronicException(Fault.INVALID_PARAMETER_VALUE, refusal.text());
    };
  }
}
