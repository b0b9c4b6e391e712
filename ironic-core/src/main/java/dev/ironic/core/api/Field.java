package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.SerializedString;

/**
 * One row of a resource's table.
 *
 * @param wire its name on the wire, ready to be written
 * @param since minor version that first shows it
 * @param component the record's component that holds it; null if it is computed
 * @param otherwise its value when none is given, or when a patch removes it
 * @param maxLength greatest length of a text; 0 for no limit
 * @param oneOf the texts allowed; empty for any
 * @param check refuses values that have the right type and still are of no use; null for none
 * @param shown what the wire shows
 * @param setter the record with a new value
 * @param needs the record's components that a computed field is made of; empty if that is not told
 * @param sortedBy what the store sorts a computed field by; null for its component, if it has one
 * @param changedBy policy of those who may change it; null for that of changing the object
 */
@RecordBuilder
record Field<T extends Record>(
    SerializedString wire,
    FieldType type,
    int since,
    Set<Mark> marks,
    @Nullable String component,
    @Nullable Object otherwise,
    int maxLength,
    List<String> oneOf,
    @Nullable Consumer<Object> check,
    @Nullable BiFunction<T, View, @Nullable Object> shown,
    @Nullable BiFunction<T, @Nullable Object, T> setter,
    Set<String> needs,
    @Nullable String sortedBy,
    @Nullable String changedBy)
    implements FieldBuilder.With<T> {

  static <T extends Record> Field<T> field(String name, FieldType type, int since, Mark... marks) {
    var set = EnumSet.noneOf(Mark.class);
    set.addAll(List.of(marks));
    Object otherwise = set.contains(Mark.NULLABLE) ? null : type.empty();
    return new Field<>(
        new SerializedString(name),
        type,
        since,
        set,
        camelCase(name),
        otherwise,
        0,
        List.of(),
        null,
        null,
        null,
        Set.of(),
        null,
        null);
  }

  /** Its name on the wire. */
  String name() {
    return wire.getValue();
  }

  /** The same field with one more mark. */
  Field<T> also(Mark mark) {
    var more = EnumSet.of(mark);
    more.addAll(marks);
    return with(b -> b.marks(more));
  }

  /** The same field, held by another component. */
  Field<T> in(String newComponent) {
    return with(b -> b.component(newComponent));
  }

  /** The same field with another value when none is given. */
  Field<T> otherwise(Object value) {
    return with(b -> b.otherwise(value));
  }

  /** The same field with a greatest length. */
  Field<T> max(int length) {
    return with(b -> b.maxLength(length));
  }

  /** The same field that allows only these texts. */
  Field<T> oneOf(String... values) {
    return with(b -> b.oneOf(List.of(values)));
  }

  /** The same field, whose values have to pass a check besides their type. */
  Field<T> checkedBy(Consumer<Object> newCheck) {
    return with(b -> b.check(newCheck));
  }

  /** The same field, computed for the wire. */
  Field<T> computed(BiFunction<T, View, @Nullable Object> newShown) {
    return with(b -> b.component(null).shown(newShown));
  }

  /** The same field, made of these components of the record and of what every row has. */
  Field<T> madeOf(String... components) {
    return with(b -> b.needs(Set.of(components)));
  }

  /** The same computed field, sorted by what the store knows by this name. */
  Field<T> sortedBy(String newSortedBy) {
    return with(b -> b.sortedBy(newSortedBy));
  }

  /** The same field, changed by those only whom this policy allows to. */
  Field<T> changedBy(String rule) {
    return with(b -> b.changedBy(rule));
  }

  /** The same field, held by its component but shown differently. */
  Field<T> shownAs(BiFunction<T, View, @Nullable Object> newShown) {
    return with(b -> b.shown(newShown));
  }

  /** The same field, written by a function. */
  Field<T> setBy(BiFunction<T, @Nullable Object, T> newSetter) {
    return with(b -> b.setter(newSetter));
  }

  /** The same field with secrets masked; these keys always, unless empty. */
  Field<T> masked(RecordAccess<T> access, String... also) {
    return maskedUnless("show_password", access, also);
  }

  /**
   * The same field with secrets masked.
   *
   * @param rule policy of those who see the secrets
   * @param also keys that are always masked, unless empty
   */
  Field<T> maskedUnless(String rule, RecordAccess<T> access, String... also) {
    Set<String> keys = Set.of(also);
    String held = java.util.Objects.requireNonNull(component);
    var more = EnumSet.of(Mark.MASKED);
    more.addAll(marks);
    return with(b -> b.marks(more))
        .shownAs(
            (row, view) -> {
              Object value = access.read(row, held);
              return view.permit().seesSecrets(rule) ? value : Masking.mask(value, keys);
            });
  }

  /** The same field, shown to those only whom a rule allows to see it. */
  Field<T> onlyFor(String rule, Object instead) {
    var inner = java.util.Objects.requireNonNull(shown);
    return shownAs((row, view) -> view.permit().allows(rule) ? inner.apply(row, view) : instead);
  }

  boolean is(Mark mark) {
    return marks.contains(mark);
  }

  /** Whether clients may ever set it. */
  boolean settable() {
    return is(Mark.CREATE) || is(Mark.PATCH);
  }

  /**
   * Checks an input value and brings it into its normal form.
   *
   * @throws IronicException 400
   */
  @Nullable Object accept(@Nullable Object value) {
    if (value == null) {
      if (is(Mark.NULLABLE)) {
        return null;
      }
      throw refusedNull();
    }
    if (type == FieldType.INTEGER && value instanceof String) {
      throw refused("'" + value + "' is a text and must be a number");
    }
    Object accepted = type.accept(name(), value);
    if (accepted instanceof String text) {
      if (maxLength > 0 && text.codePointCount(0, text.length()) > maxLength) {
        throw refused("it is longer than " + maxLength + " characters");
      }
      if (is(Mark.NOT_EMPTY) && text.isEmpty()) {
        throw refused("it must not be empty");
      }
      if (!oneOf.isEmpty() && !oneOf.contains(text)) {
        throw refused("'" + text + "' is not one of " + oneOf);
      }
    }
    if (check != null) {
      check.accept(accepted);
    }
    return accepted;
  }

  IronicException refusedNull() {
    return refused("None is not of type '" + type.name().toLowerCase(java.util.Locale.ROOT) + "'");
  }

  IronicException refused(String why) {
    return new IronicException(
        Fault.INVALID_PARAMETER_VALUE, "Invalid value for " + name() + ": " + why);
  }

  private static String camelCase(String name) {
    var text = new StringBuilder();
    for (String word : name.split("_", -1)) {
      text.append(
          text.isEmpty() || word.isEmpty()
              ? word
              : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return text.toString();
  }
}
