package dev.ironic.core.policy;

import dev.ironic.driver.DriverConfig;
import java.nio.file.Path;

/**
 * How rules are enforced.
 *
 * @param file an operator's rules; may be missing where nobody named it
 * @param fileRequired whether it must exist
 * @param enforceScope whether what a request is for must fit the rule
 * @param enforceNewDefaults whether the older forms of rules are out of use
 * @param elevatedService whether services may reach every node
 * @param serviceProject name of the project that services belong to
 */
public record PolicyOptions(
    Path file,
    boolean fileRequired,
    boolean enforceScope,
    boolean enforceNewDefaults,
    boolean elevatedService,
    String serviceProject) {

  private static final Path FOLDER = Path.of("/etc/ironic");

  /** Reads them. */
  public static PolicyOptions from(DriverConfig config) {
    String file = config.text("oslo_policy", "policy_file").orElse("");
    return new PolicyOptions(
        FOLDER.resolve(file.isEmpty() ? "policy.yaml" : file),
        !file.isEmpty(),
        config.flag("oslo_policy", "enforce_scope", true),
        config.flag("oslo_policy", "enforce_new_defaults", true),
        config.flag("DEFAULT", "rbac_service_role_elevated_access", false),
        config.text("DEFAULT", "rbac_service_project_name").orElse("service"));
  }
}
