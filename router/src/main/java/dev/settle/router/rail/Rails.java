package dev.settle.router.rail;

import static java.util.Objects.requireNonNull;

import dev.settle.router.routing.RailChoice;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rails of this node, in order of preference, and whether each is usable at present. */
public final class Rails implements RailChoice {

  private final List<Rail> inOrder;
  private final Map<String, Rail> byName;
  private final Map<String, RailGate> gates;
  private final RailStops stops = new RailStops();

  public Rails(List<Rail> inOrder) {
    this.inOrder = List.copyOf(inOrder);
    this.byName = inOrder.stream().collect(Collectors.toMap(Rail::name, Function.identity()));
    this.gates =
        inOrder.stream().collect(Collectors.toMap(Rail::name, rail -> new RailGate(rail.name())));
  }

  /**
   * {@inheritDoc}
   *
   * <p>The first that carries it and is neither out nor stopped. Otherwise the first that is out,
   * which comes back by itself; or else the first.
   */
  @Override
  public @Nullable String railFor(
      String bank, String currency, long amountMinor, @Nullable String notBy) {
    String out = null;
    String stopped = null;
    for (Rail rail : inOrder) {
      RailCapabilities can = rail.capabilities();
      if (!rail.name().equals(notBy)
          && can.reaches(bank, currency)
          && amountMinor <= can.largestMinor()) {
        if (!stops.takesNew(rail.name())) {
          stopped = stopped == null ? rail.name() : stopped;
        } else if (gate(rail).isOut()) {
          out = out == null ? rail.name() : out;
        } else {
          return rail.name();
        }
      }
    }
    return out == null ? stopped : out;
  }

  /** What people ordered of them. */
  public RailStops stops() {
    return stops;
  }

  /** Whether a rail is usable at present. */
  public RailGate gate(Rail rail) {
    return requireNonNull(gates.get(rail.name()), "every rail has a gate");
  }

  /** Whether there is another that is usable and carries some of what this one does. */
  public boolean hasOther(Rail rail) {
    return inOrder.stream()
        .anyMatch(
            other ->
                other != rail
                    && !gate(other).isOut()
                    && stops.takesNew(other.name())
                    && other.capabilities().currencies().stream()
                        .anyMatch(rail.capabilities().currencies()::contains));
  }

  /** All of them, in order of preference. */
  public List<Rail> all() {
    return inOrder;
  }

  /** The names of those that are out and that no other can stand in for. */
  public List<String> out() {
    return inOrder.stream()
        .filter(rail -> gate(rail).isOut() && !hasOther(rail))
        .map(Rail::name)
        .toList();
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
