package dev.ironic.driver.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ironic.driver.DriverException;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.Repeat;
import dev.ironic.driver.Step;
import dev.ironic.driver.StepKind;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every deploy interface has to keep. */
public abstract class DeployInterfaceContract {

  /** A task whose node uses the deploy interface under test. */
  protected abstract TestNodeTask task();

  @Test
  void offersACoreStep() {
    TestNodeTask task = task();
    assertThat(task.deploy().steps(task, StepKind.DEPLOY))
        .anySatisfy(
            step -> {
              assertThat(step.qualifiedName()).isEqualTo("deploy.deploy");
              assertThat(step.priority()).isEqualTo(100);
            });
  }

  @Test
  void stepsBelongToDeployAndAreNamedOnce() {
    TestNodeTask task = task();
    for (StepKind kind : StepKind.values()) {
      var names = new HashSet<String>();
      for (Step step : task.deploy().steps(task, kind)) {
        assertThat(step.interfaceKind()).isEqualTo(InterfaceKind.DEPLOY);
        assertThat(names.add(step.name())).as("%s is offered once", step.name()).isTrue();
      }
    }
  }

  @Test
  void refusesAStepThatItDoesNotOffer() {
    TestNodeTask task = task();
    var unknown =
        new Step(
            InterfaceKind.DEPLOY,
            "no_such_step",
            1,
            false,
            true,
            Repeat.IDEMPOTENT,
            Map.of(),
            Map.of());
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> task.deploy().executeStep(task, StepKind.DEPLOY, unknown));
  }

  @Test
  void cleaningUpMayBeRepeated() {
    TestNodeTask task = task();
    assertThatCode(
            () -> {
              task.deploy().cleanUp(task);
              task.deploy().cleanUp(task);
            })
        .doesNotThrowAnyException();
  }
}
