package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The description of the API is there at every version, and tools can use it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiTest {

  private ApiRig rig;

  @BeforeAll
  void start(@TempDir Path folder) {
    rig = ApiRig.start(folder);
  }

  @AfterAll
  void stop() {
    rig.close();
  }

  static Stream<String> versions() {
    return IntStream.rangeClosed(1, 115).mapToObj(minor -> "1." + minor);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void theDocumentIsValid(String version) {
    Reply reply = rig.at(version, "GET", "/v1/openapi.json", null).expect(200);
    assertThat(reply.json().path("info").path("version").asString()).isEqualTo(version);
    SwaggerParseResult parsed = new OpenAPIV3Parser().readContents(reply.text());
    assertThat(parsed.getMessages()).isEmpty();
    assertThat(parsed.getOpenAPI().getPaths()).hasSameSizeAs(reply.json().path("paths"));
    checkSchemas(reply.json());
    checkReferences(reply.json(), reply.json());
    var ids = new ArrayList<String>();
    new Description(reply.json()).operations().forEach(operation -> ids.add(operation.id()));
    assertThat(ids).doesNotHaveDuplicates().contains("node.list", "openapi.get");
  }

  /** Every schema is one of JSON Schema's own dialect. */
  private static void checkSchemas(JsonNode document) {
    var meta =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
    var schemas = new ArrayList<JsonNode>();
    document.path("components").path("schemas").forEach(schemas::add);
    schemas.addAll(document.findValues("schema"));
    assertThat(schemas).hasSizeGreaterThan(50);
    schemas.forEach(schema -> assertThat(meta.validate(schema)).as("%s", schema).isEmpty());
  }

  private static void checkReferences(JsonNode document, JsonNode node) {
    String reference = node.path("$ref").asString("");
    if (!reference.isEmpty()) {
      assertThat(document.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
    }
    node.forEach(child -> checkReferences(document, child));
  }

  @Test
  void theParserFindsWhatIsWrong() {
    String text = rig.call("GET", "/v1/openapi.json", null).text();
    String broken = text.replace("\"in\":\"path\"", "\"in\":\"nowhere\"");
    assertThat(new OpenAPIV3Parser().readContents(broken).getMessages()).isNotEmpty();
  }

  @Test
  void theQueryMayNameTheVersion() {
    JsonNode old = rig.call("GET", "/v1/openapi.json?version=1.22", null).expect(200).json();
    assertThat(old.path("info").path("version").asString()).isEqualTo("1.22");
    assertThat(old.path("paths").has("/v1/lookup")).isTrue();
    assertThat(old.path("paths").has("/v1/portgroups")).isFalse();
    assertThat(rig.call("GET", "/v1/openapi.json?version=1.116", null).expect(400).fault())
        .contains("1.116");
  }

  @Test
  void theDocumentTellsHowToAuthenticate(@TempDir Path folder) throws Exception {
    assertThat(rig.call("GET", "/v1/openapi.json", null).json().has("security")).isFalse();
    Path users = folder.resolve("htpasswd");
    java.nio.file.Files.writeString(
        users, "u:$2y$04$BvmeMkTQqw1/ZBTWcUMzXuE6Q3t4Vq4Cmq6zHGKxkCrTIXJ6BRuGa\n");
    var basic =
        Map.of("auth_strategy", "http_basic", "http_basic_auth_user_file", users.toString());
    try (ApiRig locked = new ApiRig(folder, Map.of("DEFAULT", basic))) {
      JsonNode document = locked.call("GET", "/v1/openapi.json", null).expect(200).json();
      assertThat(document.path("security").path(0).has("basic")).isTrue();
      assertThat(document.at("/paths/~1v1~1nodes/get/responses").has("401")).isTrue();
      assertThat(document.at("/paths/~1/get/security").isEmpty()).isTrue();
    }
  }

  @Test
  void thePageShowsEveryOperationOfItsVersion() {
    for (String version : List.of("1.1", "1.61", "1.115")) {
      Reply reply =
          rig.send(
              "GET",
              "/docs?version=" + version,
              new byte[0],
              Map.of("Accept", "text/html,*/*;q=0.1"));
      reply.expect(200);
      assertThat(reply.header("Content-Type")).startsWith("text/html");
      String page = new String(reply.body(), StandardCharsets.UTF_8);
      assertThat(page).contains("<html lang=\"en\">", "<option selected>" + version + "</option>");
      var expected = new TreeSet<String>();
      Description.of(rig, version).operations().forEach(operation -> expected.add(operation.id()));
      expected.forEach(id -> assertThat(page).contains(" id=\"" + id + "\""));
      assertThat(page.contains("id=\"shard.list\"")).isEqualTo(expected.contains("shard.list"));
      assertThat(page)
          .as("nothing is fetched from elsewhere")
          .doesNotContain("src=", "http://", "https://");
    }
  }

  @Test
  void thePageAcceptsOnlyVersionsThatThereAre() {
    assertThat(rig.call("GET", "/docs?version=%3Cscript%3E", null).expect(400).fault())
        .contains("<script>");
  }
}
