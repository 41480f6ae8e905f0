package dev.settle.router.binding;

import com.hazelcast.nio.serialization.compact.CompactReader;
import com.hazelcast.nio.serialization.compact.CompactSerializer;
import com.hazelcast.nio.serialization.compact.CompactWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How routes travel in the cluster: Hazelcast's compact format, which later versions may add fields
 * to.
 */
public final class RouteSerializers {

  private RouteSerializers() {}

  /** What the cluster's serialization has to know. */
  public static List<CompactSerializer<?>> all() {
    return List.of(new OfRoute(), new OfReplacement(), new OfRemoval());
  }

  private static final class OfRoute implements CompactSerializer<MerchantRoute> {

    @Override
    public MerchantRoute read(CompactReader in) {
      String[] terminals = in.readArrayOfString("terminals");
      String[] bound = in.readArrayOfString("boundTerminals");
      long[] ids = in.readArrayOfInt64("accountIds");
      String[] banks = in.readArrayOfString("banks");
      String[] statuses = in.readArrayOfString("statuses");
      RouteAccount merchants = null;
      Map<String, RouteAccount> ofTerminals = new HashMap<>();
      for (int i = 0; i < bound.length; i++) {
        var account = new RouteAccount(ids[i], banks[i], AccountStatus.valueOf(statuses[i]));
        if (bound[i].isEmpty()) {
          merchants = account;
        } else {
          ofTerminals.put(bound[i], account);
        }
      }
      return new MerchantRoute(
          in.readString("merchantId"),
          in.readInt32("version"),
          in.readBoolean("onHold"),
          Set.of(terminals),
          merchants,
          Map.copyOf(ofTerminals));
    }

    @Override
    public void write(CompactWriter out, MerchantRoute route) {
      List<String> bound = new ArrayList<>();
      List<RouteAccount> accounts = new ArrayList<>();
      add(bound, accounts, "", route.account());
      route.ofTerminals().forEach((terminal, account) -> add(bound, accounts, terminal, account));
      out.writeString("merchantId", route.merchantId());
      out.writeInt32("version", route.version());
      out.writeBoolean("onHold", route.onHold());
      out.writeArrayOfString("terminals", route.terminals().toArray(String[]::new));
      out.writeArrayOfString("boundTerminals", bound.toArray(String[]::new));
      out.writeArrayOfInt64(
          "accountIds", accounts.stream().mapToLong(RouteAccount::accountId).toArray());
      out.writeArrayOfString(
          "banks", accounts.stream().map(RouteAccount::bank).toArray(String[]::new));
      out.writeArrayOfString(
          "statuses", accounts.stream().map(a -> a.status().name()).toArray(String[]::new));
    }

    private static void add(
        List<String> bound,
        List<RouteAccount> accounts,
        String terminal,
        @Nullable RouteAccount account) {
      if (account != null) {
        bound.add(terminal);
        accounts.add(account);
      }
    }

    @Override
    public String getTypeName() {
      return "settle.route";
    }

    @Override
    public Class<MerchantRoute> getCompactClass() {
      return MerchantRoute.class;
    }
  }

  private static final class OfReplacement implements CompactSerializer<ReplaceIfNewer> {

    @Override
    public ReplaceIfNewer read(CompactReader in) {
      MerchantRoute route = in.readCompact("route");
      return new ReplaceIfNewer(route);
    }

    @Override
    public void write(CompactWriter out, ReplaceIfNewer replacement) {
      out.writeCompact("route", replacement.route());
    }

    @Override
    public String getTypeName() {
      return "settle.replace-route-if-newer";
    }

    @Override
    public Class<ReplaceIfNewer> getCompactClass() {
      return ReplaceIfNewer.class;
    }
  }

  private static final class OfRemoval implements CompactSerializer<RemoveIfOlder> {

    @Override
    public RemoveIfOlder read(CompactReader in) {
      return new RemoveIfOlder(in.readInt32("version"));
    }

    @Override
    public void write(CompactWriter out, RemoveIfOlder removal) {
      out.writeInt32("version", removal.version());
    }

    @Override
    public String getTypeName() {
      return "settle.remove-route-if-older";
    }

    @Override
    public Class<RemoveIfOlder> getCompactClass() {
      return RemoveIfOlder.class;
    }
  }
}
