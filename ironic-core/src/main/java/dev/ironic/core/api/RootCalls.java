package dev.ironic.core.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The documents that tell what the service is. */
final class RootCalls {

  /** The collections, each with the version that first has it. */
  private static final Map<String, Integer> COLLECTIONS = collections();

  private static Map<String, Integer> collections() {
    var since = new LinkedHashMap<String, Integer>();
    since.put("chassis", 1);
    since.put("nodes", 1);
    since.put("ports", 1);
    since.put("drivers", 1);
    since.put("portgroups", 23);
    since.put("volume", 32);
    since.put("lookup", 22);
    since.put("heartbeat", 22);
    since.put("conductors", 49);
    since.put("allocations", 52);
    since.put("events", 54);
    since.put("deploy_templates", 55);
    since.put("shards", 82);
    since.put("runbooks", 92);
    since.put("inspection_rules", 96);
    since.put("continue_inspection", 84);
    return since;
  }

  void register(Map<String, Handler> handlers) {
    handlers.put("root.get", this::root);
    handlers.put("v1.get", this::v1);
  }

  private Answer root(ApiRequest request) {
    Map<String, @Nullable Object> version = version(request);
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("name", "OpenStack Ironic API");
    document.put(
        "description",
        "Ironic is an OpenStack project which enables the provision and management of baremetal"
            + " machines.");
    document.put("default_version", version);
    document.put("versions", List.of(version));
    return Answer.document(200, document);
  }

  private Map<String, @Nullable Object> version(ApiRequest request) {
    var version = new LinkedHashMap<String, @Nullable Object>();
    version.put("id", "v1");
    version.put("links", List.of(Map.of("href", request.base() + "/v1/", "rel", "self")));
    version.put("status", "CURRENT");
    version.put("min_version", ApiVersion.MIN.toString());
    version.put("version", ApiVersion.MAX.toString());
    return version;
  }

  private Answer v1(ApiRequest request) {
    View view = View.plain(request);
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("id", "v1");
    document.put(
        "links",
        List.of(
            Map.of("href", request.base() + "/v1/", "rel", "self"),
            Map.of(
                "href",
                "https://docs.openstack.org/api-ref/baremetal/",
                "rel",
                "describedby",
                "type",
                "text/html")));
    document.put(
        "media_types",
        Map.of("base", "application/json", "type", "application/vnd.openstack.ironic.v1+json"));
    document.put("version", version(request));
    COLLECTIONS.forEach(
        (name, since) -> {
          if (request.version().atLeast(since)) {
            document.put(name, view.links(name + "/"));
          }
        });
    return Answer.document(200, document);
  }
}
