package dev.settle.router.rail;

import dev.settle.router.routing.RailChoice;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rails of this node, in order of preference. */
public final class Rails implements RailChoice {

  private final List<Rail> inOrder;
  private final Map<String, Rail> byName;

  public Rails(List<Rail> inOrder) {
    this.inOrder = List.copyOf(inOrder);
    this.byName = inOrder.stream().collect(Collectors.toMap(Rail::name, Function.identity()));
  }

  @Override
  public @Nullable String railFor(String bank, String currency) {
    for (Rail rail : inOrder) {
      if (rail.capabilities().currencies().contains(currency)) {
        return rail.name();
      }
    }
    return null;
  }

  /** The rail that can verify accounts, or null when none can. */
  public @Nullable Rail verifier() {
    for (Rail rail : inOrder) {
      if (rail.capabilities().verifiesAccounts()) {
        return rail;
      }
    }
    return null;
  }

  /**
   * The rail of that name, or null when this node has none: a batch of a rail that was taken out of
   * service stays.
   */
  public @Nullable Rail named(String name) {
    return byName.get(name);
  }
}
