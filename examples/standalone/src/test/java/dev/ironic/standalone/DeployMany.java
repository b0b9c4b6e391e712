package dev.ironic.standalone;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes many fake nodes from nothing to deployed through the REST API, all of them at once at every
 * leg, and counts. Used once.
 */
final class DeployMany {

  /** Connections in use at a time: more only wait in the kernel, and a machine has few ports. */
  private static final int CONNECTIONS = 256;

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(120);
  private static final int PAGE = 1000;
  private static final Pattern ITEM =
      Pattern.compile(
          "\"uuid\":\"([^\"]+)\",\"provision_state\":\"([^\"]+)\",\"reservation\":(null|\"[^\"]*\"),"
              + "\"last_error\":(null|\"(?:[^\"\\\\]|\\\\.)*\")");

  /**
   * What came of it.
   *
   * @param legs time of each leg, from its first request until the last node had arrived
   * @param errors refused requests, and nodes that did not arrive
   */
  record Outcome(int nodes, int requests, Map<String, Duration> legs, List<String> errors) {

    Duration elapsed() {
      return legs.values().stream().reduce(Duration.ZERO, Duration::plus);
    }
  }

  private final String url;
  private final int nodes;
  private final Duration patience;
  private final HttpClient client;
  private final Semaphore connections = new Semaphore(CONNECTIONS);
  private final AtomicInteger requests = new AtomicInteger();
  private final Queue<String> errors = new ConcurrentLinkedQueue<>();
  private final Map<String, Duration> legs = new LinkedHashMap<>();

  /**
   * Prepares it.
   *
   * @param url of the service, which must hold no nodes
   * @param patience longest time for one leg
   */
  DeployMany(String url, int nodes, Duration patience) {
    this.url = url;
    this.nodes = nodes;
    this.patience = patience;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  /** Does it. */
  Outcome run() throws InterruptedException {
    var names = new ArrayList<String>();
    for (int i = 0; i < nodes; i++) {
      names.add("many-" + i);
    }
    leg(
        "create",
        names,
        name ->
            send(
                201,
                "POST",
                "/v1/nodes",
                "{\"driver\": \"fake-hardware\", \"name\": \"" + name + "\"}"),
        "enroll");
    move(names, "manage", "manageable");
    move(names, "provide", "available");
    move(names, "active", "active");
    client.shutdownNow();
    return new Outcome(nodes, requests.get(), legs, List.copyOf(errors));
  }

  private void move(List<String> names, String target, String state) throws InterruptedException {
    leg(
        target,
        names,
        name ->
            send(
                202,
                "PUT",
                "/v1/nodes/" + name + "/states/provision",
                "{\"target\": \"" + target + "\"}"),
        state);
  }

  private void leg(String what, List<String> names, Consumer<String> request, String state)
      throws InterruptedException {
    long start = System.nanoTime();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      names.forEach(name -> callers.submit(() -> request.accept(name)));
      callers.shutdown();
      if (!callers.awaitTermination(patience.toSeconds(), TimeUnit.SECONDS)) {
        errors.add(what + ": requests were not answered within " + patience);
        callers.shutdownNow();
      }
    }
    while (!arrived(what, state)) {
      if (System.nanoTime() - start > patience.toNanos()) {
        errors.add(what + ": not all nodes were " + state + " within " + patience);
        break;
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
    legs.put(what, Duration.ofNanos(System.nanoTime() - start));
  }

  /** Whether all nodes are in a state, with their locks free. */
  private boolean arrived(String what, String state) {
    int there = 0;
    int moving = 0;
    String marker = "";
    while (true) {
      String page =
          send(
              200,
              "GET",
              "/v1/nodes?fields=uuid,provision_state,reservation,last_error&limit=" + PAGE + marker,
              null);
      Matcher item = ITEM.matcher(page);
      int items = 0;
      String last = "";
      while (item.find()) {
        items++;
        last = item.group(1);
        boolean free = item.group(3).equals("null");
        if (item.group(2).equals(state) && free) {
          there++;
        } else if (!free || !item.group(2).endsWith(" failed")) {
          moving++;
        }
        if (free && !item.group(4).equals("null")) {
          errors.add(what + ": node " + last + " says " + item.group(4));
        }
      }
      if (items < PAGE) {
        return there >= nodes || moving == 0;
      }
      marker = "&marker=" + last;
    }
  }

  private String send(int expected, String method, String target, String body) {
    connections.acquireUninterruptibly();
    requests.incrementAndGet();
    try {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(URI.create(url + target))
                  .timeout(REQUEST_TIMEOUT)
                  .header("X-OpenStack-Ironic-API-Version", "1.78")
                  .method(
                      method,
                      body == null
                          ? HttpRequest.BodyPublishers.noBody()
                          : HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != expected) {
        errors.add(method + " " + target + ": " + response.statusCode() + " " + response.body());
      }
      return response.body();
    } catch (IOException e) {
      errors.add(method + " " + target + ": " + e);
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      errors.add(method + " " + target + ": interrupted");
      return "";
    } finally {
      connections.release();
    }
  }
}
