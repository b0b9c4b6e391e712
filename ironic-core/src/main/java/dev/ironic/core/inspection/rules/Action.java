package dev.ironic.core.inspection.rules;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One action of a rule.
 *
 * @param effect what it does
 * @param args its arguments by name, not filled in
 * @param loop what it is done for; null for once
 */
record Action(Effect effect, Map<String, @Nullable Object> args, @Nullable Object loop) {

  /** Reads an action as a rule has it. */
  static Action of(Map<String, @Nullable Object> action) {
    RuleParts.checkMembers("an action", action, "loop");
    String op = RuleParts.op("an action", action);
    Effect effect =
        Effect.ofWireName(op)
            .orElseThrow(
                () -> {
                  var names = new TreeSet<String>();
                  for (Effect one : Effect.values()) {
                    names.add(one.wireName());
                  }
                  return RuleError.of("op of an action must be one of %s, not '%s'", names, op);
                });
    return new Action(
        effect,
        effect.signature().named("the action " + op, action.get("args")),
        RuleParts.loop(action));
  }

  /** Does it. */
  void run(RuleRun run) {
    switch (loop) {
      case Map<?, ?> map -> once(run, run.scope().with(map));
      case List<?> items -> items.forEach(item -> once(run, run.scope().with(item)));
      case null, default -> once(run, run.scope());
    }
  }

  private void once(RuleRun run, Scope scope) {
    var filled = new LinkedHashMap<String, @Nullable Object>();
    args.forEach(
        (name, value) ->
            filled.put(
                name,
                scope.looping() || Signature.isFormatted(name)
                    ? Template.fill(value, scope)
                    : value));
    effect.run(run, new EffectArguments(filled));
  }
}
