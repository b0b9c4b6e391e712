package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Chassis;
import dev.ironic.core.model.ChassisBuilder;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Store;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Chassis. */
final class ChassisCalls {

  private final Store store;
  private final ApiOptions options;
  private final Shelf<Chassis> chassis;

  ChassisCalls(Lookups lookups, ApiOptions options) {
    this.store = lookups.store();
    this.options = options;
    this.chassis =
        new Shelf<>(CatalogueTables.CHASSIS, store.chassis(), Chassis::uuid, "chassis", false);
  }

  void register(Map<String, Handler> handlers) {
    handlers.put("chassis.list", request -> chassis.list(request, Query.ALL, options.maxLimit()));
    handlers.put(
        "chassis.list_detail", request -> chassis.list(request, Query.ALL, options.maxLimit()));
    handlers.put("chassis.create", this::create);
    handlers.put("chassis.show", chassis.shows(this::row));
    handlers.put("chassis.update", this::update);
    handlers.put("chassis.delete", this::delete);
  }

  private Chassis row(ApiRequest request) {
    return chassis.row(request.path("chassis_uuid"));
  }

  private Answer create(ApiRequest request) {
    Map<String, @Nullable Object> values = chassis.newValues(request);
    Chassis blank =
        ChassisBuilder.builder()
            .uuid((String) Objects.requireNonNull(values.get("uuid")))
            .extra(Map.of())
            .build();
    return chassis.created(
        request, store.chassis().insert(CatalogueTables.CHASSIS.with(blank, values)));
  }

  private Answer update(ApiRequest request) {
    JsonPatch patch = JsonPatch.read(request).permitted(CatalogueTables.CHASSIS, "uuid");
    Chassis before = row(request);
    Map<String, @Nullable Object> values = chassis.patched(request, patch, before);
    if (values.containsKey("uuid") && !before.uuid().equals(values.get("uuid"))) {
      throw new IronicException(Fault.PATCH_ERROR, "The UUID of a chassis can't be changed");
    }
    Chassis after = CatalogueTables.CHASSIS.with(before, values);
    return chassis.changed(request, store.chassis().update(before, after));
  }

  private Answer delete(ApiRequest request) {
    store.chassis().delete(row(request));
    return Answer.empty(204);
  }
}
