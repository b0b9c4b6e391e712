package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Node;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** The traits of nodes. */
final class TraitCalls {

  /** The namespaces of the standard traits, and the one that is free. */
  private static final Pattern TRAIT =
      Pattern.compile("(CUSTOM|HW|COMPUTE|STORAGE|MISC|OWNER)_[A-Z0-9_]+");

  private static final int MAX_LENGTH = 255;

  private final Lookups lookups;

  TraitCalls(Lookups lookups) {
    this.lookups = lookups;
  }

  void register(Map<String, Handler> handlers) {
    handlers.put("node.trait.list", this::list);
    handlers.put("node.trait.replace", this::replace);
    handlers.put("node.trait.add", this::add);
    handlers.put("node.trait.clear", this::clear);
    handlers.put("node.trait.remove", this::remove);
  }

  private Answer list(ApiRequest request) {
    Node node = lookups.node(request);
    return Answer.document(200, Map.of("traits", node.traits()));
  }

  private Answer replace(ApiRequest request) {
    var traits = new LinkedHashSet<String>();
    for (Object trait : (List<?>) Objects.requireNonNull(Bodies.members(request).get("traits"))) {
      traits.add(checked(String.valueOf(trait)));
    }
    Node node = lookups.node(request);
    conductorAdd(request, node, traits, true);
    return Answer.empty(204);
  }

  private Answer add(ApiRequest request) {
    Bodies.expectNone(request);
    Node node = lookups.node(request);
    String trait = checked(request.path("trait"));
    conductorAdd(request, node, Set.of(trait), false);
    return Answer.empty(204).at(request.base() + "/v1/nodes/" + node.uuid() + "/traits/" + trait);
  }

  private void conductorAdd(ApiRequest request, Node node, Set<String> traits, boolean replace) {
    lookups.locator().forNode(node).addNodeTraits(request.context(), node.uuid(), traits, replace);
  }

  private Answer clear(ApiRequest request) {
    Node node = lookups.node(request);
    lookups.locator().forNode(node).removeNodeTraits(request.context(), node.uuid(), null);
    return Answer.empty(204);
  }

  private Answer remove(ApiRequest request) {
    Node node = lookups.node(request);
    lookups
        .locator()
        .forNode(node)
        .removeNodeTraits(request.context(), node.uuid(), Set.of(request.path("trait")));
    return Answer.empty(204);
  }

  /** A trait in the right form, or a refusal. */
  static String checked(String trait) {
    if (trait.length() > MAX_LENGTH || !TRAIT.matcher(trait).matches()) {
      throw new IronicException(
          Fault.INVALID_PARAMETER_VALUE,
          "'"
              + trait
              + "' is no trait: it must be a standard trait or match CUSTOM_[A-Z0-9_]+, with at"
              + " most 255 characters");
    }
    return trait;
  }
}
