package dev.ironic.driver.tck;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ironic.driver.DriverException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every boot interface has to keep: each call may be repeated, and clean-up needs nothing. */
public abstract class BootInterfaceContract {

  private static final Map<String, @Nullable String> PARAMETERS =
      Map.of("ipa-api-url", "http://192.0.2.1:6385");

  /** A task whose node uses the boot interface under test. */
  protected abstract TestNodeTask task();

  /** Whether a ramdisk can be started at all; one that cannot has to say so. */
  protected boolean startsRamdisks() {
    return true;
  }

  @Test
  void refusesARamdiskThatItCannotStart() {
    assumeFalse(startsRamdisks(), "this boot interface starts ramdisks");
    TestNodeTask task = task();
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> task.boot().prepareRamdisk(task, PARAMETERS))
        .matches(e -> e.kind() == DriverException.Kind.UNSUPPORTED);
  }

  @Test
  void validatesAGoodNode() {
    TestNodeTask task = task();
    assertThatCode(() -> task.boot().validate(task)).doesNotThrowAnyException();
  }

  @Test
  void preparingTheRamdiskMayBeRepeated() {
    assumeTrue(startsRamdisks(), "this boot interface starts no ramdisk");
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
  void preparingTheInstanceMayBeRepeated() {
    TestNodeTask task = task();
    assertThatCode(
            () -> {
              task.boot().prepareInstance(task);
              task.boot().prepareInstance(task);
              task.boot().cleanUpInstance(task);
            })
        .doesNotThrowAnyException();
  }

  @Test
  void goesFromRamdiskToInstanceAndBack() {
    assumeTrue(startsRamdisks(), "this boot interface starts no ramdisk");
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
