package dev.settle.demo.terminal;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * The demo's merchants by number, from 1: each has one terminal and one settlement card, always the
 * same.
 */
public final class Merchants {

  /** The most that ids of seven places can name. */
  public static final int MOST = 999_999;

  private static final String[] FAMILY = {
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "欧阳", "司马"
  };
  private static final String[] GIVEN = {
    "伟", "芳", "娜", "敏", "静", "建国", "丽华", "志强", "秀英", "海燕", "晓明"
  };
  private static final String[] LATIN = {
    "Alice Martin", "Omar Haddad", "Ines Duarte", "Jonas Weber", "Mei Tan"
  };
  private static final String[] TRADE = {
    "便利店", "餐厅", "药房", "Books", "Coffee", "Hardware", "服装", "Bakery"
  };
  private static final String[] MCC = {
    "5411", "5812", "5912", "5942", "5814", "5251", "5651", "5462"
  };
  private static final String[] BANK = {"102", "103", "104", "105"};

  private Merchants() {}

  /** The merchant's id, for example {@code M000001}. */
  public static String merchantId(int n) {
    return String.format("M%06d", n);
  }

  /** The id of the merchant's terminal, for example {@code T0000001}. */
  public static String terminalId(int n) {
    return String.format("T%07d", n);
  }

  /** The merchant as {@code POST /v1/merchants} takes it. */
  public static JsonObject document(int n) {
    int trade = n % TRADE.length;
    String holder = holder(n);
    return new JsonObject()
        .put("merchantId", merchantId(n))
        .put("name", holder + " " + TRADE[trade])
        .put("mcc", MCC[trade])
        .put("terminals", new JsonArray().add(terminalId(n)))
        .put(
            "account",
            new JsonObject()
                .put("number", CardNumbers.ofMerchant(n))
                .put("bank", BANK[n % BANK.length])
                .put("holder", holder)
                .put("type", "PERSONAL"));
  }

  private static String holder(int n) {
    if (n % 3 == 0) {
      return LATIN[n / 3 % LATIN.length];
    }
    return FAMILY[n % FAMILY.length] + GIVEN[n / FAMILY.length % GIVEN.length];
  }
}
