package dev.settle.router.telemetry;

/**
 * Every metric of the router: its name as Prometheus shows it, its type, its labels, and what it
 * says.
 */
public enum MetricName {
  TRANSACTIONS(
      "settlement_transactions_total",
      "counter",
      "outcome",
      "Transactions answered, by outcome: accepted, held, replayed, conflict, refused, busy, uncertain, failed."),
  ACCEPT_SECONDS(
      "settlement_accept_seconds",
      "histogram",
      "",
      "From a single transaction's request to its durable answer, in seconds."),
  COMMIT_BATCH_SIZE(
      "settlement_commit_batch_size", "histogram", "", "Transactions in one group commit."),
  COMMIT_FAILURES(
      "settlement_commit_failures_total",
      "counter",
      "fault",
      "Group commits that failed, by whose fault it is: database or router."),
  RECORDER_QUEUE_DEPTH(
      "settlement_recorder_queue_depth",
      "gauge",
      "",
      "Transactions that wait for a commit on this node."),
  CREDITS_POSTED(
      "settlement_credits_posted_total", "counter", "rail", "Credits posted by this node."),
  POSTED_AMOUNT(
      "settlement_posted_amount_minor_total",
      "counter",
      "currency",
      "Amount posted by this node, in minor units."),
  POSTED_LATENCY(
      "settlement_posted_latency_seconds",
      "histogram",
      "",
      "From a credit's commit, or its release, to its posting, in seconds."),
  UNPOSTED_CREDITS(
      "settlement_unposted_credits",
      "gauge",
      "currency,reason",
      "Credits that are owed and not posted, of all nodes."),
  UNPOSTED_AMOUNT(
      "settlement_unposted_amount_minor",
      "gauge",
      "currency,reason",
      "Amount that is owed and not posted, in minor units, of all nodes."),
  UNPOSTED_OLDEST(
      "settlement_unposted_oldest_seconds",
      "gauge",
      "reason",
      "Age of the oldest unposted credit, in seconds."),
  CONSERVATION_DELTA(
      "settlement_conservation_delta_minor",
      "gauge",
      "currency",
      "Accepted less posted less unposted, in minor units: must be 0."),
  BOOK_READ_AGE(
      "settlement_book_read_age_seconds",
      "gauge",
      "",
      "Seconds since the gauges of the book were read from the database."),
  BINDING_LOOKUPS(
      "settlement_binding_lookups_total",
      "counter",
      "result",
      "Routes looked up, by where they were found: local, shared, database, unknown."),
  BINDING_STALENESS(
      "settlement_binding_staleness_seconds",
      "histogram",
      "",
      "From a route's change, by the database's clock, to the moment this node routes by it, in seconds."),
  BINDING_VERSION_LAG(
      "settlement_binding_version_lag",
      "gauge",
      "",
      "Changed routes that this node has heard of and does not route by yet."),
  STALE_LOOKUPS_CAUGHT(
      "settlement_stale_lookups_caught_total",
      "counter",
      "",
      "Credits that the fence kept from going to a superseded binding."),
  REROUTED(
      "settlement_rerouted_total",
      "counter",
      "reason",
      "Credits that left their batch at the fence, by reason: BINDING_SUPERSEDED went to another route, others are held."),
  RELEASED(
      "settlement_released_total",
      "counter",
      "reason",
      "Credits that were held or refused by a bank and went on by themselves, by the reason they were open for."),
  SUPERSEDED_DISPATCH(
      "settlement_superseded_dispatch_total",
      "counter",
      "",
      "Credits claimed by a superseded version, by whichever node; each is counted by the node whose audit found it: must be 0."),
  REJECTED("settlement_rejected_total", "counter", "rail,reason", "Credits that a bank refused."),
  RETURNS(
      "settlement_returns_total",
      "counter",
      "rail,reason",
      "Credits that were posted and came back from the bank, by its reason."),
  BREAKS(
      "settlement_breaks_total",
      "counter",
      "rail",
      "Words of a bank that do not fit our books, each kept as a break for a person."),
  NOTIFICATIONS(
      "settlement_notifications_total",
      "counter",
      "rail,type,outcome",
      "Notifications of banks, by outcome: APPLIED, KNOWN, BREAK, UNKNOWN, REPLAYED, CONFLICT."),
  SIGNATURES_REFUSED(
      "settlement_notification_signatures_refused_total",
      "counter",
      "rail",
      "Messages to the notifications of a rail that it has not signed, or not now."),
  OPEN_BREAKS(
      "settlement_open_breaks",
      "gauge",
      "rail,kind",
      "Breaks that no person has closed yet, of all nodes."),
  OVERDUE(
      "settlement_overdue_credits",
      "gauge",
      "rail",
      "Credits that a bank accepted and did not credit within the rail's normal time."),
  BREAKER_STATE(
      "settlement_rail_breaker_state",
      "gauge",
      "rail",
      "This node's breaker of a rail: 0 closed (requests flow), 1 half open (probing), 2 open (credits wait)."),
  SENDS_IN_DOUBT(
      "settlement_sends_in_doubt_total",
      "counter",
      "rail",
      "Requests to a bank whose outcome was not clear."),
  IN_DOUBT_CREDITS(
      "settlement_in_doubt_credits",
      "gauge",
      "rail",
      "Credits whose outcome at the bank is not known."),
  IN_DOUBT_OLDEST(
      "settlement_in_doubt_oldest_seconds",
      "gauge",
      "rail",
      "Age of the oldest credit in doubt, in seconds."),
  UNMAPPED_CODES(
      "settlement_unmapped_bank_codes_total",
      "counter",
      "rail",
      "Reason codes of a bank that the router has no reason for."),
  DISPATCH_FAILURES(
      "settlement_dispatch_failures_total",
      "counter",
      "",
      "Consignments that stopped on a fault and were left to the sweep."),
  CARD_CHANGES(
      "settlement_card_changes_total",
      "counter",
      "state",
      "Card changes that this node moved into a state of their life cycle."),
  CLUSTER_MEMBERS(
      "settlement_cluster_members", "gauge", "", "Members that this node sees in its cluster.");

  private final String prometheusName;
  private final String type;
  private final String labels;
  private final String help;

  MetricName(String prometheusName, String type, String labels, String help) {
    this.prometheusName = prometheusName;
    this.type = type;
    this.labels = labels;
    this.help = help;
  }

  /** The name in a scrape. */
  public String prometheusName() {
    return prometheusName;
  }

  public String type() {
    return type;
  }

  /** Label names, separated by commas. */
  public String labels() {
    return labels;
  }

  public String help() {
    return help;
  }

  /** The name to register with: Prometheus' registry appends a counter's suffix itself. */
  String meterName() {
    return type.equals("counter")
        ? prometheusName.substring(0, prometheusName.length() - "_total".length())
        : prometheusName;
  }
}
