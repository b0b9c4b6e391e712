package dev.ironic.core.policy;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who sends a request, and in whose name. Immutable.
 *
 * @param userId identifier of the user, or null where nobody is asked
 * @param userDomainId domain of the user
 * @param projectId project that the request is for, or null
 * @param projectName its name
 * @param projectDomainId its domain
 * @param domainId domain that the request is for, or null
 * @param systemScope {@code all} when the request is for the whole system, else null
 * @param adminProject whether the project is the one of administrators
 * @param roles names of roles in lower case, with those that they imply
 * @param unlimited whether everything is allowed, as it is where there are no roles
 */
public record Caller(
    @Nullable String userId,
    @Nullable String userDomainId,
    @Nullable String projectId,
    @Nullable String projectName,
    @Nullable String projectDomainId,
    @Nullable String domainId,
    @Nullable String systemScope,
    boolean adminProject,
    Set<String> roles,
    boolean unlimited) {

  private static final Set<String> ATTRIBUTES =
      Set.of(
          "user_id",
          "user_domain_id",
          "project_id",
          "tenant",
          "project_name",
          "project_domain_id",
          "domain_id",
          "system_scope",
          "is_admin_project",
          "is_admin",
          "is_public_api");

  private static final Map<String, String> IMPLIED =
      Map.of("admin", "manager", "manager", "member", "member", "reader");

  /** Adds the roles that others imply. */
  public Caller {
    var all = new LinkedHashSet<String>();
    for (String role : roles) {
      String next = role.toLowerCase(Locale.ROOT);
      while (next != null && all.add(next)) {
        next = IMPLIED.get(next);
      }
    }
    roles = Set.copyOf(all);
  }

  /** Somebody who may do everything. */
  public static Caller unlimited(@Nullable String userId) {
    return new Caller(userId, null, null, null, null, null, "all", true, Set.of("admin"), true);
  }

  /**
   * Somebody unknown at a door that is open to everybody, such as an agent. Without limits there,
   * but without a role, too.
   */
  public static Caller anybody() {
    return new Caller(null, null, null, null, null, null, null, false, Set.of(), true);
  }

  /** What the request is for; empty for nothing in particular. */
  Optional<String> scope() {
    if (systemScope != null) {
      return Optional.of("system");
    }
    if (domainId != null) {
      return Optional.of("domain");
    }
    return projectId == null ? Optional.empty() : Optional.of("project");
  }

  /** The properties that rules can name. */
  static boolean hasAttribute(String name) {
    return ATTRIBUTES.contains(name);
  }

  /** A property by the name that rules use; null when the caller lacks it. */
  @Nullable String attribute(String name) {
    return switch (name) {
      case "user_id" -> userId;
      case "user_domain_id" -> userDomainId;
      case "project_id", "tenant" -> projectId;
      case "project_name" -> projectName;
      case "project_domain_id" -> projectDomainId;
      case "domain_id" -> domainId;
      case "system_scope" -> systemScope;
      case "is_admin_project" -> adminProject ? "True" : "False";
      case "is_admin" -> unlimited ? "True" : "False";
      case "is_public_api" -> "False";
      default -> null;
    };
  }
}
