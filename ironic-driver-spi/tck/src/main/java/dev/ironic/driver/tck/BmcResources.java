package dev.ironic.driver.tck;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The tree of resources of the fake BMC. Thread-safe. */
final class BmcResources {

  private static final String ROOT = BmcDocuments.ROOT;

  private final Map<String, BmcMachine> machines = new ConcurrentSkipListMap<>();
  private final BmcDocuments documents;
  private final BmcSessions sessions;
  private final BmcFaults faults;

  BmcResources(BmcDocuments documents, BmcSessions sessions, BmcFaults faults) {
    this.documents = documents;
    this.sessions = sessions;
    this.faults = faults;
  }

  BmcMachine add(String id, MachineControl control) {
    var machine = new BmcMachine(id, control);
    if (machines.putIfAbsent(id, machine) != null) {
      throw new IllegalArgumentException("There is a machine " + id + " already");
    }
    return machine;
  }

  void remove(String id) {
    machines.remove(id);
  }

  /**
   * Answers one authorised request.
   *
   * @param ifMatch the header, or null
   */
  RedfishAnswer answer(String method, String path, Map<?, ?> body, @Nullable String ifMatch) {
    String tail = path.substring(ROOT.length()).replaceAll("/+$", "");
    String[] parts = tail.isEmpty() ? new String[0] : tail.substring(1).split("/", -1);
    RedfishAnswer answer =
        parts.length == 0
            ? get(method, documents.root(faults.sessionsOffered()))
            : switch (parts[0]) {
              case "SessionService" -> sessionService(method, parts, body);
              case "UpdateService" ->
                  parts.length == 1 ? get(method, documents.updateService()) : null;
              case "Systems", "Managers", "Chassis" -> ofMachine(method, parts, body, ifMatch);
              default -> null;
            };
    return answer == null ? RedfishAnswer.notFound(path) : answer;
  }

  private static RedfishAnswer get(String method, Map<String, Object> document) {
    return method.equals("GET") ? RedfishAnswer.ok(document) : notAllowed(method);
  }

  private static RedfishAnswer notAllowed(String method) {
    return RedfishAnswer.error(
        405, "OperationNotAllowed", "The HTTP method %s is not allowed here.".formatted(method));
  }

  private @Nullable RedfishAnswer sessionService(String method, String[] parts, Map<?, ?> body) {
    if (!faults.sessionsOffered()) {
      return null;
    }
    return switch (parts.length) {
      case 1 -> get(method, documents.sessionService());
      case 2 ->
          switch (method) {
            case "POST" -> sessions.create(body);
            case "GET" ->
                RedfishAnswer.ok(
                    BmcDocuments.collection(
                        BmcSessions.PATH,
                        "SessionCollection",
                        sessions.ids().stream().map(id -> BmcSessions.PATH + "/" + id).toList()));
            default -> notAllowed(method);
          };
      case 3 ->
          switch (method) {
            case "GET" -> sessions.get(parts[2]);
            case "DELETE" -> sessions.delete(parts[2]);
            default -> notAllowed(method);
          };
      default -> null;
    };
  }

  private @Nullable RedfishAnswer ofMachine(
      String method, String[] parts, Map<?, ?> body, @Nullable String ifMatch) {
    String kind = parts[0];
    if (parts.length == 1) {
      String type =
          switch (kind) {
            case "Systems" -> "ComputerSystemCollection";
            case "Managers" -> "ManagerCollection";
            default -> "ChassisCollection";
          };
      return get(
          method,
          BmcDocuments.collection(
              ROOT + "/" + kind,
              type,
              machines.keySet().stream().map(id -> ROOT + "/" + kind + "/" + id).toList()));
    }
    BmcMachine machine = machines.get(parts[1]);
    if (machine == null) {
      return null;
    }
    String rest = String.join("/", List.of(parts).subList(2, parts.length));
    if (rest.startsWith("VirtualMedia")) {
      boolean here =
          documents
              .mediaPath(parts[1])
              .equals(ROOT + "/" + kind + "/" + parts[1] + "/VirtualMedia");
      return here ? media(method, machine, parts, body) : null;
    }
    return switch (kind + "/" + rest) {
      case "Systems/" ->
          resource(method, machine, documents.system(machine), ifMatch, BmcSchema.SYSTEM, body);
      case "Systems/SecureBoot" ->
          resource(
              method, machine, documents.secureBoot(machine), ifMatch, BmcSchema.SECURE_BOOT, body);
      case "Systems/EthernetInterfaces" ->
          get(
              method,
              BmcDocuments.collection(
                  ROOT + "/Systems/" + machine.id() + "/EthernetInterfaces",
                  "EthernetInterfaceCollection",
                  documents.ethernetPaths(machine)));
      case "Systems/Actions/ComputerSystem.Reset" -> reset(method, machine, body);
      case "Systems/SecureBoot/Actions/SecureBoot.ResetKeys" ->
          action(method, BmcSchema.RESET_KEYS, body, List.of("ResetKeysType"))
              .orElseGet(
                  () -> {
                    machine.patchSecureBoot(false);
                    return RedfishAnswer.noContent();
                  });
      case "Managers/" -> get(method, documents.manager(machine));
      case "Chassis/" -> get(method, documents.chassis(machine));
      case "Chassis/Thermal" -> get(method, documents.thermal(machine));
      default -> {
        boolean card = kind.equals("Systems") && parts.length == 4;
        var document =
            card && parts[2].equals("EthernetInterfaces")
                ? documents.ethernet(machine, parts[3])
                : null;
        yield document == null ? null : get(method, document);
      }
    };
  }

  private RedfishAnswer resource(
      String method,
      BmcMachine machine,
      Map<String, Object> document,
      @Nullable String ifMatch,
      Map<String, BmcSchema.Rule> writable,
      Map<?, ?> body) {
    String strong = "\"" + machine.version() + "\"";
    return switch (method) {
      case "GET" -> {
        String tag = faults.weakEtags() ? "W/" + strong : strong;
        var withTag = new LinkedHashMap<>(document);
        withTag.put("@odata.etag", tag);
        yield new RedfishAnswer(200, Map.of("ETag", tag), withTag);
      }
      case "PATCH" -> {
        if (ifMatch == null && faults.etagsRequired()) {
          yield RedfishAnswer.error(
              428, "PreconditionRequired", "A precondition header or annotation is required.");
        }
        if (ifMatch != null && !ifMatch.equals("*") && !ifMatch.equals(strong)) {
          yield RedfishAnswer.error(
              412, "PreconditionFailed", "The ETag supplied did not match the current resource.");
        }
        yield BmcSchema.refusePatch(writable, body)
            .orElseGet(
                () -> {
                  patch(machine, body);
                  return RedfishAnswer.noContent();
                });
      }
      default -> notAllowed(method);
    };
  }

  private static void patch(BmcMachine machine, Map<?, ?> body) {
    if (body.get("Boot") instanceof Map<?, ?> boot) {
      machine.patchBoot(boot);
    }
    if (body.get("IndicatorLED") instanceof String state) {
      machine.patchIndicator(state);
    }
    if (body.get("SecureBootEnable") instanceof Boolean enabled) {
      machine.patchSecureBoot(enabled);
    }
  }

  private static Optional<RedfishAnswer> action(
      String method, Map<String, BmcSchema.Rule> rules, Map<?, ?> body, List<String> required) {
    return method.equals("POST")
        ? BmcSchema.refuseAction(rules, body, required)
        : Optional.of(notAllowed(method));
  }

  private static RedfishAnswer reset(String method, BmcMachine machine, Map<?, ?> body) {
    return action(method, BmcSchema.RESET, body, List.of("ResetType"))
        .orElseGet(
            () -> {
              machine.reset(String.valueOf(body.get("ResetType")));
              return RedfishAnswer.noContent();
            });
  }

  private @Nullable RedfishAnswer media(
      String method, BmcMachine machine, String[] parts, Map<?, ?> body) {
    String folder = documents.mediaPath(machine.id());
    if (parts.length == 3) {
      return get(
          method,
          BmcDocuments.collection(
              folder,
              "VirtualMediaCollection",
              machine.devices().keySet().stream().map(name -> folder + "/" + name).toList()));
    }
    String name = parts[3];
    BmcMachine.Device device = machine.devices().get(name);
    if (device == null) {
      return null;
    }
    if (parts.length == 4) {
      return get(method, documents.media(machine, name, device));
    }
    return switch (String.join("/", List.of(parts).subList(4, parts.length))) {
      case "Actions/VirtualMedia.InsertMedia" ->
          action(method, BmcSchema.INSERT_MEDIA, body, List.of("Image"))
              .orElseGet(() -> insert(machine, name, String.valueOf(body.get("Image"))));
      case "Actions/VirtualMedia.EjectMedia" ->
          action(method, BmcSchema.NOTHING, body, List.of())
              .orElseGet(
                  () -> {
                    machine.eject(name);
                    return RedfishAnswer.noContent();
                  });
      default -> null;
    };
  }

  private static RedfishAnswer insert(BmcMachine machine, String name, String url) {
    if (!url.matches("(?i)(https?|nfs|cifs|smb)://.+")) {
      return RedfishAnswer.error(
          400,
          "ActionParameterValueFormatError",
          "The value '%s' for the parameter Image is of a different format than it can accept."
              .formatted(url),
          url,
          "Image");
    }
    try {
      machine.insert(name, url);
      return RedfishAnswer.noContent();
    } catch (IllegalStateException e) {
      return RedfishAnswer.error(
          409, "ResourceInUse", "The change to the resource failed: " + e.getMessage());
    } catch (IOException e) {
      return RedfishAnswer.error(
          400,
          "CouldNotEstablishConnection",
          "The service failed to establish a connection with the URI %s: %s"
              .formatted(url, e.getMessage()),
          url);
    }
  }
}
