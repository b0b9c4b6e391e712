package dev.ironic.driver.redfish;

import dev.ironic.driver.DriverException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A document that a BMC sent.
 *
 * @param path where it came from
 * @param etag its tag, if it has one
 * @param document its properties
 */
record RedfishResource(String path, Optional<String> etag, Map<?, ?> document) {

  Optional<String> text(String name) {
    return document.get(name) instanceof String text && !text.isEmpty()
        ? Optional.of(text)
        : Optional.empty();
  }

  Optional<Boolean> flag(String name) {
    return document.get(name) instanceof Boolean flag ? Optional.of(flag) : Optional.empty();
  }

  /** A part of it; empty when absent. */
  RedfishResource part(String name) {
    return new RedfishResource(
        path, etag, document.get(name) instanceof Map<?, ?> map ? map : Map.of());
  }

  /** The texts of a list. */
  List<String> texts(String name) {
    return items(name)
        .flatMap(item -> item instanceof String text ? Stream.of(text) : Stream.empty())
        .toList();
  }

  /** The objects of a list. */
  List<RedfishResource> parts(String name) {
    return items(name)
        .flatMap(
            item ->
                item instanceof Map<?, ?> map
                    ? Stream.of(new RedfishResource(path, Optional.empty(), map))
                    : Stream.empty())
        .toList();
  }

  /** Where a property points to. */
  Optional<String> link(String name) {
    return part(name).text("@odata.id");
  }

  /** Where the members of a list point to. */
  List<String> links(String name) {
    return parts(name).stream().flatMap(part -> part.text("@odata.id").stream()).toList();
  }

  /** Where to send an action. */
  Optional<String> action(String name) {
    return part("Actions").part("#" + name).text("target");
  }

  /** The values that an action allows for a parameter; empty where it does not tell. */
  List<String> allowed(String action, String parameter) {
    return part("Actions").part("#" + action).texts(parameter + "@Redfish.AllowableValues");
  }

  /** Where a property points to; an error where it is missing. */
  String requiredLink(String name) {
    return link(name)
        .orElseThrow(
            () ->
                DriverException.failed(
                    "The BMC's resource %s lacks the link %s".formatted(path, name), null));
  }

  private Stream<?> items(String name) {
    return document.get(name) instanceof List<?> list
        ? list.stream().filter(Objects::nonNull)
        : Stream.empty();
  }
}
