package dev.ironic.core.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

final class HashRingTest {

  record Vector(List<String> hosts, int exponent, String algorithm, String uuid, String host) {}

  static Stream<Vector> vectors() throws IOException {
    try (InputStream file =
        Objects.requireNonNull(HashRingTest.class.getResourceAsStream("ring-vectors.json"))) {
      return JsonMapper.shared().readValue(file, new TypeReference<List<Vector>>() {}).stream();
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void nodesBelongToTheHostsThatTheOriginalServiceGivesThem(Vector vector) {
    assertThat(
            new HashRing(vector.hosts(), vector.exponent(), vector.algorithm())
                .ownerOf(vector.uuid()))
        .isEqualTo(vector.host());
  }

  @Test
  void aNewHostTakesNodesButMovesNoneBetweenOthers() {
    var three = new HashRing(List.of("a", "b", "c"), 5, "md5");
    var four = new HashRing(List.of("a", "b", "c", "d"), 5, "md5");
    var moved = new HashMap<String, Integer>();
    for (int i = 0; i < 2000; i++) {
      String uuid = new UUID(i, 7).toString();
      if (!three.ownerOf(uuid).equals(four.ownerOf(uuid))) {
        moved.merge(four.ownerOf(uuid), 1, Integer::sum);
      }
    }
    assertThat(moved.keySet()).containsExactly("d");
    assertThat(moved.get("d")).isBetween(200, 900);
  }

  @Test
  void refusesWhatItCannotCompute() {
    assertThatThrownBy(() -> new HashRing(List.of("a"), 5, "blake2b"))
        .hasMessageContaining("blake2b")
        .hasMessageContaining("md5");
    assertThatThrownBy(() -> new HashRing(List.of("a"), 40, "md5")).hasMessageContaining("40");
    assertThatThrownBy(() -> new HashRing(List.of(), 5, "md5").ownerOf("x"))
        .isInstanceOf(IllegalStateException.class);
    assertThat(new HashRing(List.of("b", "a"), 5, "md5").hosts()).containsExactly("a", "b");
  }
}
