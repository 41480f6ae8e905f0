package dev.settle.router.explanation;

import static dev.settle.router.explanation.WhoActs.MAKER;
import static dev.settle.router.explanation.WhoActs.MERCHANT;
import static dev.settle.router.explanation.WhoActs.OPERATIONS;
import static dev.settle.router.explanation.WhoActs.RAIL;
import static dev.settle.router.explanation.WhoActs.ROUTER;
import static dev.settle.router.explanation.WhoActs.TREASURY;

/**
 * Why a credit is not posted. The list is closed: whatever the router or a bank says no to, it says
 * it with one of these. The meanings follow the ISO 20022 external reason codes that {@code rail}
 * maps here.
 */
public enum Reason {
  // The router's own.
  QUEUED(ROUTER, true, "Recorded; about to be sent to the bank.", "已记账,即将发送至银行。"),
  AT_BANK(RAIL, false, "Sent to the bank; its answer is awaited.", "已发送至银行,等待银行答复。"),
  IN_DOUBT(
      RAIL,
      false,
      "Sent to the bank, which did not answer; we are finding out whether it paid.",
      "已发送至银行但未收到答复,正在查证是否已入账。"),
  DOUBT_UNRESOLVED(
      OPERATIONS,
      false,
      "The bank has not said for a long time whether it paid; somebody is asking it.",
      "银行长时间未答复是否已入账,正在人工查证。"),
  BANK_ACCEPTED(
      RAIL, false, "The bank has accepted the payment and has not credited it yet.", "银行已受理,尚未入账。"),
  BANK_HOLDS(
      RAIL,
      false,
      "The bank holds the payment: it has neither credited nor returned it.",
      "银行已止付该笔款项,既未入账也未退回。"),
  NOT_RECEIVED(
      ROUTER,
      true,
      "The bank never received the payment; it is being sent again.",
      "银行未收到该笔款项,正在重新发送。"),
  PARTLY_CREDITED(
      OPERATIONS,
      false,
      "The bank credited only a part; the rest is being asked for.",
      "银行仅入账一部分,其余款项正在查询。"),
  TOO_MANY_ATTEMPTS(
      OPERATIONS,
      false,
      "It was tried many times and did not arrive; somebody is looking into it.",
      "已多次尝试仍未入账,正在人工处理。"),
  ACCOUNT_UNHEALTHY(
      ROUTER,
      true,
      "Payments to this account take long; it is sent apart from others.",
      "该账户收款处理缓慢,已单独发送。"),
  ACCOUNT_SPACED(
      ROUTER,
      true,
      "The bank takes one payment to an account at a time; this one is next.",
      "银行对同一账户逐笔受理,此笔即将发送。"),
  CUTOFF_WAIT(
      ROUTER,
      true,
      "The bank takes no payments at this hour; sent in its next window.",
      "银行当前时段不受理,将于下一场次发送。"),
  UNKNOWN_MERCHANT(
      OPERATIONS, false, "The merchant is not registered with us yet.", "该商户尚未在本系统登记。"),
  TERMINAL_MISMATCH(
      OPERATIONS,
      false,
      "The terminal is not registered for this merchant; the registration is being checked.",
      "该终端未登记在此商户名下,正在核实登记信息。"),
  NO_BINDING(MERCHANT, false, "No settlement card is set for the merchant.", "商户尚未设置结算卡。"),
  VERIFICATION_PENDING(
      MAKER,
      false,
      "The settlement card has to be verified anew before it can receive payments.",
      "结算卡须重新核验后方可收款。"),
  MERCHANT_HOLD(OPERATIONS, false, "Settlement to this merchant is on hold.", "该商户的结算已被暂停。"),
  OPERATOR_HOLD(
      OPERATIONS,
      false,
      "Our operations have stopped this payment and are looking into it.",
      "运营人员已暂停该笔款项,正在核查。"),
  BINDING_SUPERSEDED(
      ROUTER,
      true,
      "The settlement card has changed; being routed to the new one.",
      "结算卡已变更,正在转至新卡。"),
  RAIL_UNAVAILABLE(
      RAIL, true, "No bank connection can carry this payment now.", "目前没有可用的银行通道办理此笔款项。"),
  // The account's.
  ACCOUNT_INVALID(MERCHANT, false, "The account number is wrong.", "账号有误。"),
  ACCOUNT_CLOSED(
      MERCHANT,
      false,
      "The settlement account is closed; please name another.",
      "结算账户已销户,请提供新的结算卡。"),
  ACCOUNT_FROZEN(MERCHANT, false, "The settlement account is blocked at the bank.", "结算账户已被银行冻结。"),
  ACCOUNT_RESTRICTED(
      MERCHANT,
      false,
      "The settlement account may not receive payments at present.",
      "结算账户目前限制收款。"),
  ACCOUNT_DORMANT(MERCHANT, false, "The settlement account is dormant.", "结算账户处于不动户状态。"),
  ACCOUNT_LEGAL(WhoActs.COMPLIANCE, false, "The account is in legal proceedings.", "账户涉及司法程序。"),
  ACCOUNT_TYPE_WRONG(MAKER, false, "The account's type was entered wrongly.", "账户类型填写错误。"),
  BANK_ID_INVALID(MAKER, false, "The bank or branch code is wrong.", "银行或联行号有误。"),
  BINDING_STALE(
      ROUTER,
      true,
      "The bank says that the account's details have changed; a change is being prepared.",
      "银行通知账户信息已变更,正在准备变更申请。"),
  NAME_MISMATCH(MERCHANT, false, "The holder's name does not fit the account.", "户名与账号不符。"),
  ACCOUNT_UNKNOWN(MERCHANT, false, "The bank does not know the account's holder.", "银行查无此账户持有人。"),
  // The payment's.
  NOT_ALLOWED(OPERATIONS, false, "The bank does not allow this kind of payment.", "银行不允许此类交易。"),
  LIMIT_EXCEEDED(
      MERCHANT,
      true,
      "The account's receiving limit is reached; it can be tried on the next day.",
      "已超过账户收款限额,可于次日重试。"),
  SOURCE_UNFUNDED(TREASURY, true, "The paying account needs funding.", "付款账户余额不足,待补足资金。"),
  DUPLICATE(
      OPERATIONS,
      false,
      "The bank takes this for a duplicate; it is being reconciled.",
      "银行判定为重复交易,正在对账。"),
  AMOUNT_MISMATCH(OPERATIONS, false, "The bank expected another amount.", "金额与银行预期不符。"),
  COMPLIANCE(WhoActs.COMPLIANCE, false, "Stopped for a regulatory check.", "因合规审查暂停。"),
  // The bank's.
  BANK_UNAVAILABLE(RAIL, true, "The receiving bank could not be reached.", "收款银行暂时无法连接。"),
  SETTLEMENT_FAILED(RAIL, true, "Settlement between the banks failed.", "银行间清算失败。"),
  AFTER_CUTOFF(
      ROUTER, true, "After the bank's cut-off; sent in the next window.", "已过银行截止时间,将于下一场次发送。"),
  UNSPECIFIED(OPERATIONS, false, "The bank refused without naming a reason.", "银行拒绝且未说明原因。");

  private final WhoActs whoActs;
  private final boolean retryUseful;
  private final String english;
  private final String chinese;

  Reason(WhoActs whoActs, boolean retryUseful, String english, String chinese) {
    this.whoActs = whoActs;
    this.retryUseful = retryUseful;
    this.english = english;
    this.chinese = chinese;
  }

  /** Whose move it is when nothing is being done about it yet. */
  public WhoActs whoActs() {
    return whoActs;
  }

  /**
   * Whose move it is while another account is on its way, or not. An account that is to be verified
   * is applied for itself.
   */
  public WhoActs whoActs(NextAccount next) {
    WhoActs onItsWay = next.stage().whoActs();
    return onItsWay != null && endsWithAnotherAccount() ? onItsWay : whoActs;
  }

  /**
   * Whether sending the same credit to the same account again can succeed without anyone's move.
   */
  public boolean retryUseful() {
    return retryUseful;
  }

  /** Whether the same credit can be paid to another account of the merchant without more ado. */
  public boolean endsWithAnotherAccount() {
    return whoActs == MERCHANT || whoActs == MAKER;
  }

  /** One sentence for the merchant, in English. */
  public String english() {
    return english;
  }

  /** One sentence for the merchant, in Chinese. */
  public String chinese() {
    return chinese;
  }
}
