package dev.ironic.core.policy;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A parsed rule. Immutable. */
sealed interface Expression {

  /**
   * What a rule is checked against.
   *
   * @param rules the other rules
   * @param caller who asks
   * @param target properties of what is asked for
   */
  record Scene(
      Map<String, Expression> rules,
      Caller caller,
      Map<String, ? extends @Nullable String> target) {

    /** A property of the target or else of the caller; null if there is none, or it is null. */
    @Nullable String value(String name) {
      String value = target.get(name);
      return value == null ? caller.attribute(name) : value;
    }
  }

  /** Whether it holds. */
  boolean holds(Scene scene);

  /** Everybody. */
  record Always() implements Expression {
    @Override
    public boolean holds(Scene scene) {
      return true;
    }
  }

  /** Nobody. */
  record Never() implements Expression {
    @Override
    public boolean holds(Scene scene) {
      return false;
    }
  }

  /** All of several. */
  record All(List<Expression> parts) implements Expression {
    @Override
    public boolean holds(Scene scene) {
      return parts.stream().allMatch(part -> part.holds(scene));
    }
  }

  /** At least one of several. */
  record Any(List<Expression> parts) implements Expression {
    @Override
    public boolean holds(Scene scene) {
      return parts.stream().anyMatch(part -> part.holds(scene));
    }
  }

  /** The opposite. */
  record Not(Expression part) implements Expression {
    @Override
    public boolean holds(Scene scene) {
      return !part.holds(scene);
    }
  }

  /** Another rule; one that does not exist never holds. */
  record Named(String rule) implements Expression {
    @Override
    public boolean holds(Scene scene) {
      Expression other = scene.rules().get(rule);
      return other != null && other.holds(scene);
    }
  }

  /** A role of the caller. */
  record Role(Text name) implements Expression {
    @Override
    public boolean holds(Scene scene) {
      String wanted = name.in(scene);
      return wanted != null && scene.caller().roles().contains(wanted.toLowerCase(Locale.ROOT));
    }
  }

  /** A property of the caller that has a value. */
  record Attribute(String name, Text wanted) implements Expression {
    @Override
    public boolean holds(Scene scene) {
      String value = scene.caller().attribute(name);
      // only the word None means nothing: an object that nobody owns belongs to nobody
      return value == null ? wanted.isNone() : value.equals(wanted.in(scene));
    }
  }

  /** A literal that a property of the target has. */
  record Literal(String literal, Text wanted) implements Expression {
    @Override
    public boolean holds(Scene scene) {
      return literal.equals(wanted.in(scene));
    }
  }

  /**
   * A word that may be the name of a property, {@code %(name)s}.
   *
   * @param text the word, or the name
   * @param isName whether it is a name
   */
  record Text(String text, boolean isName) {

    @Nullable String in(Scene scene) {
      return isName ? scene.value(text) : text;
    }

    boolean isNone() {
      return !isName && text.equals("None");
    }
  }

  /** Names of the rules that it refers to. */
  default Set<String> references() {
    return switch (this) {
      case Named named -> Set.of(named.rule());
      case Not not -> not.part().references();
      case All all -> references(all.parts());
      case Any any -> references(any.parts());
      case Always always -> Set.of();
      case Never never -> Set.of();
      case Role role -> Set.of();
      case Attribute attribute -> Set.of();
      case Literal literal -> Set.of();
    };
  }

  private static Set<String> references(List<Expression> parts) {
    var all = new java.util.LinkedHashSet<String>();
    parts.forEach(part -> all.addAll(part.references()));
    return all;
  }
}
