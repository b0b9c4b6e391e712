package dev.ironic.core.conductor;

import dev.ironic.core.model.Node;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a node knows of the agent running on it, in {@code driver_internal_info}. */
final class AgentKeys {

  static final String TOKEN = "agent_secret_token";
  static final String TOKEN_PREGENERATED = "agent_secret_token_pregenerated";
  static final String URL = "agent_url";
  static final String VERIFY_CA = "agent_verify_ca";
  static final String LAST_HEARTBEAT = "agent_last_heartbeat";

  private AgentKeys() {}

  /** After a flow: neither token nor address of its agent are of use any more. */
  static Node forget(Node node) {
    return node.withDriverInternalInfo(
        NodeChange.remove(node.driverInternalInfo(), TOKEN, TOKEN_PREGENERATED, URL, VERIFY_CA));
  }

  /** After power was taken away: the agent is gone, a token given in advance stays good. */
  static Node afterPowerLoss(Node node) {
    Map<String, @Nullable Object> rest =
        NodeChange.remove(
            node.driverInternalInfo(),
            URL,
            VERIFY_CA,
            "agent_start_attempted",
            "agent_cached_clean_steps",
            "agent_cached_deploy_steps");
    return node.withDriverInternalInfo(
        Boolean.TRUE.equals(rest.get(TOKEN_PREGENERATED)) ? rest : NodeChange.remove(rest, TOKEN));
  }
}
