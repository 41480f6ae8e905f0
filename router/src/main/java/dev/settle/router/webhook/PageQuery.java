package dev.settle.router.webhook;

import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import io.vertx.core.MultiMap;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a list of webhooks is asked for.
 *
 * @param owner {@code M:} or {@code A:} and its id; null: whoever's
 */
record PageQuery(@Nullable String owner, @Nullable String state, @Nullable Long before) {

  private static final Pattern STATE = Pattern.compile("ACTIVE|PAUSED|RETIRED");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  static PageQuery of(MultiMap query) {
    String merchant = query.get("merchantId");
    String acquirer = query.get("acquirerId");
    if (merchant != null && acquirer != null) {
      throw invalid("merchantId", "Either merchantId or acquirerId is expected.");
    }
    if (merchant != null && !Draft.MERCHANT.matcher(merchant).matches()) {
      throw invalid("merchantId", Draft.MERCHANT_EXPECTED);
    }
    if (acquirer != null && !Draft.ACQUIRER.matcher(acquirer).matches()) {
      throw invalid("acquirerId", Draft.ACQUIRER_EXPECTED);
    }
    String state = query.get("state");
    if (state != null && !STATE.matcher(state).matches()) {
      throw invalid("state", "ACTIVE, PAUSED or RETIRED is expected.");
    }
    String owner = merchant != null ? "M:" + merchant : acquirer != null ? "A:" + acquirer : null;
    return new PageQuery(owner, state, before(query.get("before")));
  }

  private static @Nullable Long before(@Nullable String text) {
    if (text == null) {
      return null;
    }
    OptionalLong id = WebhookId.parse(text);
    if (id.isEmpty()) {
      throw invalid("before", "A webhook's id is expected, such as WH1VK.");
    }
    return id.getAsLong();
  }

  /** The number that events are asked after; 0 where none is. */
  static long after(@Nullable String text) {
    if (text == null) {
      return 0;
    }
    if (!NUMBER.matcher(text).matches()) {
      throw invalid("after", "The number of an event is expected.");
    }
    return Long.parseLong(text);
  }

  private static ProblemException invalid(String field, String detail) {
    return new ProblemException(Problem.invalid(field, detail));
  }
}
