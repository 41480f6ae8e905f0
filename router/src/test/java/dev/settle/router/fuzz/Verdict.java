package dev.settle.router.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Set;

/**
 * Whether an answer is one that the contract allows to a request of any kind: none of a fault of
 * ours, every refusal a problem document whose code is known, every line of a bulk answer alike.
 */
final class Verdict {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What is allowed to happen to anybody while the router is busy; nothing else may be a 503. */
  private static final Set<String> BUSY = Set.of("busy", "read-too-slow", "too-many-streams");

  private final Set<String> codes;

  Verdict(Set<String> codes) {
    this.codes = codes;
  }

  /** What is wrong with it; empty: nothing. */
  String on(Probe probe, Reply reply) {
    if (reply.status() == 0) {
      return "closed without an answer";
    }
    if (reply.status() == 500) {
      return "a fault of ours";
    }
    if (reply.status() < 400) {
      return reply.headers().getOrDefault("content-type", "").startsWith("application/x-ndjson")
          ? ofLines(reply.body())
          : "";
    }
    return probe.isHead() ? "" : ofProblem(reply);
  }

  private String ofProblem(Reply reply) {
    if (!"application/problem+json".equals(reply.headers().get("content-type"))) {
      return "no problem document";
    }
    JsonNode problem = parsed(reply.body());
    String code = problem.path("code").asText();
    if (!codes.contains(code)) {
      return "code unknown to the contract: " + code;
    }
    if (problem.path("status").asInt() != reply.status()) {
      return "another status in the document than in the answer";
    }
    if (problem.path("detail").asText().isBlank()) {
      return "no sentence";
    }
    return reply.status() < 500 || BUSY.contains(code) ? "" : "a 5xx: " + code;
  }

  private String ofLines(String body) {
    for (String line : body.split("\n")) {
      JsonNode answer = parsed(line);
      if (!line.isEmpty() && !answer.has("line")) {
        return "a line that is no answer";
      }
      if (answer.has("code") && !codes.contains(answer.path("code").asText())) {
        return "code unknown to the contract: " + answer.path("code").asText();
      }
      if (answer.path("status").asInt() >= 500) {
        return "a line with a 5xx: " + answer.path("code").asText();
      }
    }
    return "";
  }

  private static JsonNode parsed(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      return JSON.getNodeFactory().textNode(text);
    }
  }
}
