package dev.ironic.standalone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The laws of the architecture that a machine can check. */
@AnalyzeClasses(packages = "dev.ironic", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String[] SERVERS = {
    "dev.ironic.api..", "dev.ironic.conductor..", "dev.ironic.standalone.."
  };

  @ArchTest
  static final ArchRule coreKnowsNoServerNoTransportAndNoContainer =
      noClasses()
          .that()
          .resideInAPackage("dev.ironic.core..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.ironic.rpc..",
              "dev.ironic.api..",
              "dev.ironic.conductor..",
              "io.javalin..",
              "org.eclipse.jetty..",
              "org.zeromq..",
              "com.google.inject..",
              "jakarta.inject..");

  @ArchTest
  static final ArchRule driversSeeTheSpiAlone =
      noClasses()
          .that()
          .resideInAnyPackage("dev.ironic.driver..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.ironic.core..", "dev.ironic.rpc..")
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage(SERVERS);

  @ArchTest
  static final ArchRule coreSeesNoDriverByName =
      noClasses()
          .that()
          .resideInAPackage("dev.ironic.core..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.ironic.driver.fake..",
              "dev.ironic.driver.generic..",
              "dev.ironic.driver.ipmi..",
              "dev.ironic.driver.redfish..",
              "dev.ironic.driver.tck..");

  @ArchTest
  static final ArchRule theSpiNeedsNothingButAnnotationsAndLogging =
      noClasses()
          .that()
          .resideInAnyPackage("dev.ironic.driver", "dev.ironic.driver.internal..")
          .should()
          .dependOnClassesThat()
          .resideOutsideOfPackages(
              "java..",
              "dev.ironic.driver",
              "dev.ironic.driver.internal..",
              "org.jspecify..",
              "org.slf4j..");

  @ArchTest
  static final ArchRule rpcKnowsNoServer =
      noClasses()
          .that()
          .resideInAPackage("dev.ironic.rpc..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(SERVERS);

  @ArchTest
  static final ArchRule theModelKnowsNothing =
      noClasses()
          .that()
          .resideInAPackage("dev.ironic.core.model..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.ironic.core.store..",
              "dev.ironic.core.conductor..",
              "dev.ironic.core.api..",
              "dev.ironic.core.routing..");

  @ArchTest
  static final ArchRule staticFieldsNeverChange =
      fields().that().areStatic().and().areNotPrivate().should().beFinal();

  @ArchTest
  static final ArchRule nothingIsInjectedIntoFields =
      noFields().should().beAnnotatedWith("com.google.inject.Inject");

  @ArchTest
  static final ArchRule theLibraryNeverEndsTheProcess =
      noClasses()
          .that()
          .resideInAnyPackage("dev.ironic.core..", "dev.ironic.rpc..", "dev.ironic.driver..")
          .should()
          .callMethod(System.class, "exit", int.class)
          .orShould()
          .callMethod(Runtime.class, "halt", int.class);
}
