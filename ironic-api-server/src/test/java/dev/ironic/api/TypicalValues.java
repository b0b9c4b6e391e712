package dev.ironic.api;

import java.util.List;
import java.util.Map;

/** Values, as JSON, of members whose schema does not tell what the server wants in them. */
final class TypicalValues {

  private static final Map<String, List<String>> VALUES =
      Map.ofEntries(
          Map.entry(
              "steps",
              List.of(
                  """
                  [{"interface": "vendor", "step": "note", "args": {"text": "x"}, "priority": 50}]""",
                  """
                  [{"interface": "bios", "step": "factory_reset", "args": {}, "order": 1}]""")),
          Map.entry(
              "clean_steps",
              List.of(
                  """
                  [{"interface": "bios", "step": "apply_configuration",
                    "args": {"settings": [{"name": "a", "value": "b"}]}}]""",
                  """
                  [{"interface": "bios", "step": "factory_reset"},
                   {"interface": "firmware", "step": "update", "args": {"settings": [{}]}}]""")),
          Map.entry(
              "deploy_steps",
              List.of(
                  """
                  [{"interface": "vendor", "step": "note", "args": {"text": "x"},
                    "priority": 50}]""")),
          Map.entry(
              "service_steps",
              List.of(
                  """
                  [{"interface": "vendor", "step": "log_passthrough", "args": {}}]""")),
          Map.entry(
              "actions",
              List.of(
                  """
                  [{"op": "set-attribute", "args": {"path": "/extra/a", "value": "b"}}]""",
                  """
                  [{"op": "add-trait", "args": {"name": "CUSTOM_X"}, "loop": ["a"]},
                   {"op": "log", "args": ["seen {node.uuid}"]}]""",
                  """
                  [{"op": "extend-attribute", "args": {"path": "extra.list", "value": 1}},
                   {"op": "set-capability", "args": {"name": "a", "value": "b"}},
                   {"op": "del-attribute", "args": {"path": "/properties/memory_mb"}}]""")),
          Map.entry(
              "conditions",
              List.of(
                  "[]",
                  """
                  [{"op": "eq", "args": {"values": ["{inventory[cpu][count]}", 4],
                    "force_strings": true}}]""",
                  """
                  [{"op": "!matches", "args": {"value": "{item}", "regex": "(a+)+b"},
                    "loop": ["aaaa", 1], "multiple": "all"}]""")),
          Map.entry(
              "events",
              List.of(
                  """
                  [{"event": "network.bind_port", "status": "ACTIVE",
                    "port_id": "11111111-2222-3333-4444-555555555555",
                    "mac_address": "52:54:00:00:00:07"}]""")),
          Map.entry("traits", List.of("[\"CUSTOM_A\"]", "[\"CUSTOM_B\", \"HW_CPU_X86_VMX\"]")),
          Map.entry(
              "inventory",
              List.of(
                  """
                  {"interfaces": [{"name": "eth0", "mac_address": "52:54:02:00:00:01"}],
                   "cpu": {"count": 4, "architecture": "x86_64"},
                   "memory": {"physical_mb": 2048}}""",
                  """
                  {"interfaces": [{"mac_address": "52:54:02:00:00:02", "name": 7}], "cpu": [],
                   "bmc_address": "192.0.2.1", "disks": {}, "memory": "much"}""")),
          Map.entry("boot_device", List.of("\"pxe\"", "\"disk\"")),
          Map.entry("image_url", List.of("\"http://127.0.0.1:1/x.iso\"")),
          Map.entry("callback_url", List.of("\"https://127.0.0.1:1\"")),
          Map.entry("agent_version", List.of("\"11.0.0\"")),
          Map.entry("rescue_password", List.of("\"open sesame\"")),
          Map.entry(
              "logical_disks",
              List.of(
                  """
                  [{"size_gb": 100, "raid_level": "1", "is_root_volume": true}]""",
                  """
                  [{"size_gb": "MAX", "raid_level": "5", "controller": "software"}]""")),
          Map.entry(
              "configdrive",
              List.of(
                  "\"H4sIAAAAAAAA/wMAAAAAAAAAAAA=\"",
                  """
                  {"meta_data": {"name": "a"}, "user_data": "x", "network_data": {}}""")),
          Map.entry(
              "local_link_connection",
              List.of(
                  """
                  {"port_id": "p", "switch_id": "0a:1b:2c:3d:4e:5f", "switch_info": "s"}""")),
          Map.entry(
              "instance_info",
              List.of(
                  """
                  {"image_source": "http://127.0.0.1:1/i", "traits": ["CUSTOM_A"],
                   "capabilities": {"boot_mode": "uefi"}}""",
                  """
                  {"traits": ["CUSTOM_T1"], "root_gb": "ten", "capabilities": "boot_mode:bios"}""")),
          Map.entry(
              "properties",
              List.of(
                  """
                  {"cpu_arch": "x86_64", "capabilities": "boot_mode:uefi,a:b", "memory_mb": 1}""",
                  """
                  {"capabilities": ["a"], "root_device": {"size": "s== 1"}, "cpus": {}}""")),
          Map.entry(
              "driver_info",
              List.of(
                  """
                  {"deploy_kernel": "http://127.0.0.1:1/k", "ipmi_password": "hush"}""",
                  """
                  {"force_persistent_boot_device": 7, "lookup_bmc_addresses": "x"}""")),
          Map.entry("method", List.of("\"echo\"", "\"echo_driver\"")),
          Map.entry("device_types", List.of("\"cdrom\"")),
          Map.entry("mode", List.of("\"active-backup\"", "\"802.3ad\"")));

  private TypicalValues() {}

  /** Values for a member; none where the schema says enough. */
  static List<String> of(String name) {
    return VALUES.getOrDefault(name, List.of());
  }
}
