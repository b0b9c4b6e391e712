package dev.ironic.core.inspection.rules;

import dev.ironic.core.inspection.InspectionFailure;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What an action can do. */
@SuppressWarnings("ImmutableEnumChecker") // The behaviours have no state.
enum Effect {
  FAIL(
      "fail",
      Signature.of("msg"),
      (run, args) -> {
        throw new InspectionFailure(args.text("msg"));
      }),
  LOG_MESSAGE("log", Signature.of("msg").or("level"), (run, args) -> log(args)),
  SET_ATTRIBUTE(
      "set-attribute",
      Signature.of("path", "value"),
      (run, args) ->
          run.changeNode(
              node -> NodeAttributes.NODE.set(node, args.text("path"), args.value("value")))),
  EXTEND_ATTRIBUTE(
      "extend-attribute",
      Signature.of("path", "value").or("unique"),
      (run, args) ->
          run.changeNode(
              node ->
                  NodeAttributes.NODE.extend(
                      node, args.text("path"), args.value("value"), args.flag("unique")))),
  DEL_ATTRIBUTE(
      "del-attribute",
      Signature.of("path"),
      (run, args) -> run.changeNode(node -> NodeAttributes.NODE.remove(node, args.text("path")))),
  SET_CAPABILITY(
      "set-capability",
      Signature.of("name", "value"),
      (run, args) -> run.setCapability(args.text("name"), PythonText.of(args.value("value")))),
  UNSET_CAPABILITY(
      "unset-capability",
      Signature.of("name"),
      (run, args) -> run.unsetCapability(args.text("name"))),
  ADD_TRAIT("add-trait", Signature.of("name"), (run, args) -> run.addTrait(args.text("name"))),
  REMOVE_TRAIT(
      "remove-trait", Signature.of("name"), (run, args) -> run.removeTrait(args.text("name"))),
  SET_PLUGIN_DATA(
      "set-plugin-data",
      Signature.of("path", "value").or(Signature.PLUGIN_DATA),
      (run, args) -> run.setPluginData(args.text("path"), args.value("value"))),
  EXTEND_PLUGIN_DATA(
      "extend-plugin-data",
      Signature.of("path", "value").or("unique", Signature.PLUGIN_DATA),
      (run, args) ->
          run.extendPluginData(args.text("path"), args.value("value"), args.flag("unique"))),
  UNSET_PLUGIN_DATA(
      "unset-plugin-data",
      Signature.of("path").or(Signature.PLUGIN_DATA),
      (run, args) -> run.unsetPluginData(args.text("path"))),
  SET_PORT_ATTRIBUTE(
      "set-port-attribute",
      Signature.of("port_id", "path", "value"),
      (run, args) ->
          run.changePort(
              args.text("port_id"),
              port -> NodeAttributes.PORT.set(port, args.text("path"), args.value("value")))),
  EXTEND_PORT_ATTRIBUTE(
      "extend-port-attribute",
      Signature.of("port_id", "path", "value").or("unique"),
      (run, args) ->
          run.changePort(
              args.text("port_id"),
              port ->
                  NodeAttributes.PORT.extend(
                      port, args.text("path"), args.value("value"), args.flag("unique")))),
  DEL_PORT_ATTRIBUTE(
      "del-port-attribute",
      Signature.of("port_id", "path"),
      (run, args) ->
          run.changePort(
              args.text("port_id"), port -> NodeAttributes.PORT.remove(port, args.text("path")))),
  API_CALL(
      "api-call",
      Signature.of("url").or("headers", "proxies", "timeout", "retries", "backoff_factor"),
      (run, args) -> ApiCall.of(args).send());

  private static final Logger LOG = LoggerFactory.getLogger(Effect.class);

  private final String wireName;
  private final Signature signature;
  private final BiConsumer<RuleRun, EffectArguments> work;

  Effect(String wireName, Signature signature, BiConsumer<RuleRun, EffectArguments> work) {
    this.wireName = wireName;
    this.signature = signature;
    this.work = work;
  }

  static Optional<Effect> ofWireName(String name) {
    for (Effect effect : values()) {
      if (effect.wireName.equals(name)) {
        return Optional.of(effect);
      }
    }
    return Optional.empty();
  }

  String wireName() {
    return wireName;
  }

  Signature signature() {
    return signature;
  }

  /** The arguments as clients are shown them. */
  Map<String, @Nullable Object> shown(Map<String, @Nullable Object> args) {
    if (!signature.knows(Signature.PLUGIN_DATA)) {
      return args;
    }
    var shown = new LinkedHashMap<>(args);
    shown.put(Signature.PLUGIN_DATA, Map.of());
    return shown;
  }

  void run(RuleRun run, EffectArguments args) {
    work.accept(run, args);
  }

  private static void log(EffectArguments args) {
    String level = args.value("level") == null ? "info" : args.text("level");
    Level known =
        switch (level.toLowerCase(Locale.ROOT)) {
          case "debug" -> Level.DEBUG;
          case "info" -> Level.INFO;
          case "warning" -> Level.WARN;
          case "error", "critical" -> Level.ERROR;
          default ->
              throw RuleError.of(
                  "level must be one of debug, info, warning, error, critical, not '%s'", level);
        };
    LOG.atLevel(known).log(args.text("msg"));
  }
}
