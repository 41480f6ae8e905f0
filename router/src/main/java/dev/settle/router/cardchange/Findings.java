package dev.settle.router.cardchange;

import dev.settle.router.platform.Problem.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with an application, in the order of its fields. */
final class Findings {

  private final List<Finding> all = new ArrayList<>();

  void add(String field, String code, String detail) {
    all.add(new Finding(field, code, detail));
  }

  /** Adds that the field is missing, or that it is not as expected; whether it is good. */
  boolean check(
      String field, @Nullable String value, Predicate<String> good, String code, String expected) {
    if (value == null || value.isBlank()) {
      add(field, "missing", expected);
      return false;
    }
    if (!good.test(value)) {
      add(field, code, expected);
      return false;
    }
    return true;
  }

  List<Finding> all() {
    return List.copyOf(all);
  }
}
