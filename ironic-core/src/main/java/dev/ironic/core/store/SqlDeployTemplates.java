package dev.ironic.core.store;

import dev.ironic.core.model.DeployTemplate;
import dev.ironic.core.model.TemplateStep;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** Deploy templates with their steps in SQL. */
final class SqlDeployTemplates extends SqlRepository<DeployTemplate> {

  private final StepRows<TemplateStep> steps;

  SqlDeployTemplates(Database database, Clock clock) {
    super(database, clock, Tables.DEPLOY_TEMPLATES);
    steps =
        new StepRows<>(
            database.dialect(),
            "deploy_template_steps",
            "deploy_template_id",
            "priority",
            TemplateStep::new);
  }

  @Override
  protected List<DeployTemplate> complete(Session session, List<DeployTemplate> found) {
    Map<Long, List<TemplateStep>> byTemplate =
        steps.read(session, found.stream().map(DeployTemplate::id).toList());
    return found.stream()
        .map(row -> row.with(b -> b.steps(byTemplate.getOrDefault(row.id(), List.of()))))
        .toList();
  }

  @Override
  protected void writeChildren(Session session, DeployTemplate stored, DeployTemplate wanted) {
    steps.replace(
        session,
        stored.id(),
        wanted.steps().stream()
            .map(
                step ->
                    new StepRows.Values(
                        step.interfaceName(), step.step(), step.args(), step.priority()))
            .toList(),
        now());
  }

  @Override
  protected void beforeDelete(Session session, DeployTemplate row) {
    steps.delete(session, row.id());
  }
}
