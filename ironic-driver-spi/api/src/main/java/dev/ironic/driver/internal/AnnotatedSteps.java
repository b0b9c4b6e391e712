package dev.ironic.driver.internal;

import dev.ironic.driver.CleanStep;
import dev.ironic.driver.DeployStep;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.HardwareInterface;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.Repeat;
import dev.ironic.driver.ServiceStep;
import dev.ironic.driver.Step;
import dev.ironic.driver.StepArgument;
import dev.ironic.driver.StepKind;
import dev.ironic.driver.StepResult;
import dev.ironic.driver.VerifyStep;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds and runs the steps that are annotated methods of an interface. */
public final class AnnotatedSteps {

  /** A step and the method that does it. */
  private record Annotated(Step step, Method method) {}

  /** The steps of classes; looked for once for each, as every flow asks all interfaces. */
  private static final ClassValue<Map<StepKind, List<Annotated>>> KNOWN =
      new ClassValue<>() {
        @Override
        protected Map<StepKind, List<Annotated>> computeValue(Class<?> type) {
          var steps = new EnumMap<StepKind, List<Annotated>>(StepKind.class);
          for (StepKind kind : StepKind.values()) {
            steps.put(kind, find(type, kind));
          }
          return steps;
        }
      };

  private AnnotatedSteps() {}

  private static List<Annotated> find(Class<?> type, StepKind kind) {
    InterfaceKind interfaceKind = kindOf(type);
    return Arrays.stream(type.getMethods())
        .filter(method -> !method.isBridge())
        .sorted((a, b) -> a.getName().compareTo(b.getName()))
        .flatMap(
            method ->
                describe(interfaceKind, method, kind)
                    .map(step -> new Annotated(step, method))
                    .stream())
        .toList();
  }

  private static List<Annotated> annotated(HardwareInterface owner, StepKind kind) {
    return KNOWN.get(owner.getClass()).getOrDefault(kind, List.of());
  }

  /** The annotated steps of a flow. */
  public static List<Step> of(HardwareInterface owner, StepKind kind) {
    return annotated(owner, kind).stream().map(Annotated::step).toList();
  }

  /** Runs an annotated step. */
  public static StepResult execute(
      HardwareInterface owner, NodeTask task, StepKind kind, Step step) {
    Method method =
        annotated(owner, kind).stream()
            .filter(candidate -> candidate.step().name().equals(step.name()))
            .map(Annotated::method)
            .findFirst()
            .orElseThrow(
                () ->
                    DriverException.invalid(
                        "There is no %s step %s".formatted(kind.wireName(), step.qualifiedName())));
    Object result =
        method.getParameterCount() == 1
            ? Invocation.call(method, owner, task)
            : Invocation.call(method, owner, task, step.args());
    return result instanceof StepResult stepResult ? stepResult : StepResult.done();
  }

  private static InterfaceKind kindOf(Class<?> type) {
    return Arrays.stream(InterfaceKind.values())
        .filter(kind -> kind.type().isAssignableFrom(type))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(type + " implements no interface kind"));
  }

  private static Optional<Step> describe(InterfaceKind owner, Method method, StepKind kind) {
    return switch (kind) {
      case CLEAN ->
          Optional.ofNullable(method.getAnnotation(CleanStep.class))
              .map(
                  a ->
                      step(
                          owner,
                          method,
                          a.name(),
                          a.priority(),
                          a.abortable(),
                          a.requiresRamdisk(),
                          a.repeat(),
                          a.args()));
      case DEPLOY ->
          Optional.ofNullable(method.getAnnotation(DeployStep.class))
              .map(
                  a ->
                      step(
                          owner,
                          method,
                          a.name(),
                          a.priority(),
                          a.abortable(),
                          true,
                          a.repeat(),
                          a.args()));
      case VERIFY ->
          Optional.ofNullable(method.getAnnotation(VerifyStep.class))
              .map(
                  a ->
                      step(
                          owner,
                          method,
                          a.name(),
                          a.priority(),
                          false,
                          false,
                          a.repeat(),
                          a.args()));
      case SERVICE ->
          Optional.ofNullable(method.getAnnotation(ServiceStep.class))
              .map(
                  a ->
                      step(
                          owner,
                          method,
                          a.name(),
                          a.priority(),
                          a.abortable(),
                          a.requiresRamdisk(),
                          a.repeat(),
                          a.args()));
    };
  }

  private static Step step(
      InterfaceKind owner,
      Method method,
      String name,
      int priority,
      boolean abortable,
      boolean requiresRamdisk,
      Repeat repeat,
      StepArgument[] args) {
    var argsInfo = new LinkedHashMap<String, Step.Argument>();
    for (StepArgument arg : args) {
      argsInfo.put(arg.name(), new Step.Argument(arg.description(), arg.required()));
    }
    Map<String, @Nullable Object> noArgs = Map.of();
    return new Step(
        owner,
        name.isEmpty() ? SnakeCase.of(method.getName()) : name,
        priority,
        abortable,
        requiresRamdisk,
        repeat,
        argsInfo,
        noArgs);
  }
}
