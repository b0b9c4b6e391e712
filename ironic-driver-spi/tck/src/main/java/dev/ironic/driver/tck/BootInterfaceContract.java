package dev.ironic.driver.tck;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every boot interface has to keep: each call may be repeated, and clean-up needs nothing. */
public abstract class BootInterfaceContract {

  private static final Map<String, @Nullable String> PARAMETERS =
      Map.of("ipa-api-url", "http://192.0.2.1:6385");

  /** A task whose node uses the boot interface under test. */
  protected abstract TestNodeTask task();

  @Test
  void validatesAGoodNode() {
    TestNodeTask task = task();
    assertThatCode(() -> task.boot().validate(task)).doesNotThrowAnyException();
  }

  @Test
  void preparingTheRamdiskMayBeRepeated() {
    TestNodeTask task = task();
    task.boot().prepareRamdisk(task, PARAMETERS);
    assertThatCode(() -> task.boot().prepareRamdisk(task, PARAMETERS)).doesNotThrowAnyException();
  }

  @Test
  void cleaningUpWhatIsNotThereDoesNothing() {
    TestNodeTask task = task();
    assertThatCode(
            () -> {
              task.boot().cleanUpRamdisk(task);
              task.boot().cleanUpInstance(task);
            })
        .doesNotThrowAnyException();
  }

  @Test
  void goesFromRamdiskToInstanceAndBack() {
    TestNodeTask task = task();
    assertThatCode(
            () -> {
              task.boot().prepareRamdisk(task, PARAMETERS);
              task.boot().prepareInstance(task);
              task.boot().prepareInstance(task);
              task.boot().cleanUpRamdisk(task);
              task.boot().cleanUpInstance(task);
            })
        .doesNotThrowAnyException();
  }
}
