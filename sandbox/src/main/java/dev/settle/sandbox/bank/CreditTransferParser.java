package dev.settle.sandbox.bank;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Turns the body of {@code POST /credit-transfers} into transfers in one pass over the bytes. */
final class CreditTransferParser {
  /** Transfers in one request; more is answered 413. */
  static final int MAX_TRANSFERS = 5_000;

  static final Pattern ID = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
  static final Pattern ACCOUNT = Pattern.compile("[A-Z0-9]{4,34}");
  static final Pattern BANK = Pattern.compile("[A-Z0-9]{1,14}");
  static final Pattern HOLDER = Pattern.compile("[^\\p{Cntrl}]{1,140}");
  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");

  private static final StrictJson.Fields REQUEST =
      new StrictJson.Fields(List.of("messageId", "transfers"), 2);
  private static final StrictJson.Fields TRANSFER =
      new StrictJson.Fields(
          List.of("endToEndId", "account", "bank", "holder", "amountMinor", "currency"), 6);

  private final List<Transfer> transfers = new ArrayList<>();
  private String messageId = "";
  private String endToEndId = "";
  private String account = "";
  private String bank = "";
  private String holder = "";
  private long amountMinor;
  private String currency = "";

  private CreditTransferParser() {}

  /** The request that {@code body} holds, or the first mistake in it. */
  static CreditTransferRequest parse(byte[] body) throws MalformedRequest {
    CreditTransferParser parser = new CreditTransferParser();
    StrictJson.read(body, REQUEST, parser::requestField);
    return new CreditTransferRequest(parser.messageId, parser.transfers);
  }

  private void requestField(StrictJson json, int field) throws IOException, MalformedRequest {
    if (field == 0) {
      messageId = json.text(ID);
    } else {
      json.objects(MAX_TRANSFERS, TRANSFER, this::transferField, this::keepTransfer);
    }
  }

  private void transferField(StrictJson json, int field) throws IOException, MalformedRequest {
    switch (field) {
      case 0 -> endToEndId = json.text(ID);
      case 1 -> account = json.text(ACCOUNT);
      case 2 -> bank = json.text(BANK);
      case 3 -> holder = json.text(HOLDER);
      case 4 -> amountMinor = json.positive();
      default -> currency = json.text(CURRENCY).intern();
    }
  }

  private void keepTransfer() {
    transfers.add(new Transfer(endToEndId, account, bank, holder, amountMinor, currency));
  }
}
