package dev.settle.router.platform;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is asked of a change of settlement account.
 *
 * @param documents kinds that every application has to bring, of {@link #DOCUMENT_KINDS}
 * @param perDay applications of one merchant in 24 hours, at most
 * @param coolDownHours hours after a change took effect in which no other is taken; 0: none
 * @param testCredit whether the bank is asked to credit 0.01 to the new account
 * @param autoApproval whether a full match of low risk is approved without a person
 * @param expiryDays days after which an application that nobody decided ends
 */
public record CardChangeSettings(
    Set<String> documents,
    int perDay,
    int coolDownHours,
    boolean testCredit,
    boolean autoApproval,
    int expiryDays) {

  /** The kinds of documents there are. */
  public static final List<String> DOCUMENT_KINDS =
      List.of(
          "IDENTITY",
          "BANK_ACCOUNT_PROOF",
          "BUSINESS_LICENCE",
          "AUTHORISATION",
          "LOSS_REPORT",
          "OTHER");

  /** Kinds that an application has to bring which a bank's own word opened: none. */
  public static final Set<String> DOCUMENTS_OF_BANKS = Set.of();

  /** What holds where nothing is set. */
  public static final CardChangeSettings DEFAULT =
      new CardChangeSettings(Set.of("IDENTITY", "BANK_ACCOUNT_PROOF"), 5, 0, false, false, 30);

  /** The kinds in a list separated by commas; throws {@link ConfigurationException}. */
  static Set<String> documents(String list) {
    Set<String> kinds = new TreeSet<>();
    for (String kind : list.split(",")) {
      if (!kind.isBlank()) {
        kinds.add(kind.trim());
      }
    }
    if (!DOCUMENT_KINDS.containsAll(kinds)) {
      throw new ConfigurationException(
          "SETTLE_CARD_CHANGE_DOCUMENTS (settle.card.change.documents) takes "
              + String.join(", ", DOCUMENT_KINDS)
              + ", not "
              + list);
    }
    return Set.copyOf(kinds);
  }
}
