package dev.settle.router.telemetry;

/**
 * Every metric of the router: its name as Prometheus shows it, its type, its unit, its labels, and
 * what it says.
 */
public enum MetricName {
  TRANSACTIONS(
      "settlement_transactions_total",
      "counter",
      "transactions",
      "outcome",
      "Transactions answered, by outcome: accepted, held, replayed, conflict, refused, busy, uncertain, failed."),
  ACCEPT_SECONDS(
      "settlement_accept_seconds",
      "histogram",
      "seconds",
      "",
      "From a single transaction's request to its durable answer, in seconds."),
  COMMIT_BATCH_SIZE(
      "settlement_commit_batch_size",
      "histogram",
      "transactions",
      "",
      "Transactions in one group commit."),
  COMMIT_FAILURES(
      "settlement_commit_failures_total",
      "counter",
      "commits",
      "fault",
      "Group commits that failed, by whose fault it is: database or router."),
  RECORDER_QUEUE_DEPTH(
      "settlement_recorder_queue_depth",
      "gauge",
      "transactions",
      "",
      "Transactions that wait for a commit on this node."),
  RECORDER_QUEUE_CAPACITY(
      "settlement_recorder_queue_capacity",
      "gauge",
      "transactions",
      "",
      "Transactions that may wait for a commit on this node; what comes beyond is answered 503."),
  CREDITS_POSTED(
      "settlement_credits_posted_total",
      "counter",
      "credits",
      "rail",
      "Credits posted by this node."),
  POSTED_AMOUNT(
      "settlement_posted_amount_minor_total",
      "counter",
      "minor units",
      "currency",
      "Amount posted by this node, in minor units."),
  POSTED_LATENCY(
      "settlement_posted_latency_seconds",
      "histogram",
      "seconds",
      "",
      "From a credit's commit, or its release, to its posting, in seconds."),
  UNPOSTED_CREDITS(
      "settlement_unposted_credits",
      "gauge",
      "credits",
      "currency,reason",
      "Credits that are owed and not posted, of all nodes."),
  UNPOSTED_AMOUNT(
      "settlement_unposted_amount_minor",
      "gauge",
      "minor units",
      "currency,reason",
      "Amount that is owed and not posted, in minor units, of all nodes."),
  UNPOSTED_OLDEST(
      "settlement_unposted_oldest_seconds",
      "gauge",
      "seconds",
      "reason",
      "Age of the oldest unposted credit, in seconds."),
  UNPOSTED_BY_AGE(
      "settlement_unposted_age_credits",
      "gauge",
      "credits",
      "age",
      "Credits that are owed and not posted, by how long they have waited: <1m, <1h, <1d, >=1d; of all nodes."),
  CONSERVATION_DELTA(
      "settlement_conservation_delta_minor",
      "gauge",
      "minor units",
      "currency",
      "Accepted less posted less unposted, in minor units: must be 0."),
  BOOK_READ_AGE(
      "settlement_book_read_age_seconds",
      "gauge",
      "seconds",
      "",
      "Seconds since the gauges of the book were read from the database."),
  BINDING_LOOKUPS(
      "settlement_binding_lookups_total",
      "counter",
      "look-ups",
      "result",
      "Routes looked up, by where they were found: local, shared, database, unknown."),
  BINDING_STALENESS(
      "settlement_binding_staleness_seconds",
      "histogram",
      "seconds",
      "",
      "From a route's change, by the database's clock, to the moment this node routes by it, in seconds."),
  BINDING_VERSION_LAG(
      "settlement_binding_version_lag",
      "gauge",
      "routes",
      "",
      "Changed routes that this node has heard of and does not route by yet."),
  BINDING_BEHIND(
      "settlement_binding_behind_seconds",
      "gauge",
      "seconds",
      "",
      "Age of the oldest change that this node has heard of and does not route by yet; 0: there is none."),
  STALENESS_BUDGET(
      "settlement_binding_staleness_budget_seconds",
      "gauge",
      "seconds",
      "",
      "How stale this node's routes may be (settle.binding.staleness.budget.ms)."),
  READ_THROUGH(
      "settlement_binding_read_through",
      "gauge",
      "0 or 1",
      "",
      "1 while this node's routes may be staler than its budget, so that it asks PostgreSQL for every one."),
  CANARY_AGE(
      "settlement_canary_age_seconds",
      "gauge",
      "seconds",
      "",
      "Seconds since this node last came to route by a new canary, which is rewritten every second."),
  STALE_LOOKUPS_CAUGHT(
      "settlement_stale_lookups_caught_total",
      "counter",
      "credits",
      "",
      "Credits that the fence kept from going to a superseded binding."),
  REROUTED(
      "settlement_rerouted_total",
      "counter",
      "credits",
      "reason",
      "Credits that left their batch at the fence, by reason: BINDING_SUPERSEDED went to another route, others are held."),
  RELEASED(
      "settlement_released_total",
      "counter",
      "credits",
      "reason",
      "Credits that were held or refused by a bank and went on by themselves, by the reason they were open for."),
  SUPERSEDED_DISPATCH(
      "settlement_superseded_dispatch_total",
      "counter",
      "credits",
      "",
      "Credits claimed by a superseded version, by whichever node; each is counted by the node whose audit found it: must be 0."),
  REJECTED(
      "settlement_rejected_total",
      "counter",
      "credits",
      "rail,reason",
      "Credits that a bank refused."),
  RETURNS(
      "settlement_returns_total",
      "counter",
      "credits",
      "rail,reason",
      "Credits that were posted and came back from the bank, by its reason."),
  BREAKS(
      "settlement_breaks_total",
      "counter",
      "breaks",
      "rail",
      "Words of a bank that do not fit our books, each kept as a break for a person."),
  NOTIFICATIONS(
      "settlement_notifications_total",
      "counter",
      "notifications",
      "rail,type,outcome",
      "Notifications of banks, by outcome: APPLIED, KNOWN, BREAK, UNKNOWN, REPLAYED, CONFLICT."),
  SIGNATURES_REFUSED(
      "settlement_notification_signatures_refused_total",
      "counter",
      "messages",
      "rail",
      "Messages to the notifications of a rail that it has not signed, or not now."),
  CALLS_REFUSED(
      "settlement_calls_refused_total",
      "counter",
      "calls",
      "code",
      "Calls that were refused for who made them, by the problem's code: no, forged, expired or replayed credentials, another's role, acquirer or merchant."),
  OPEN_BREAKS(
      "settlement_open_breaks",
      "gauge",
      "breaks",
      "rail,kind",
      "Breaks that no person has closed yet, of all nodes."),
  OVERDUE(
      "settlement_overdue_credits",
      "gauge",
      "credits",
      "rail",
      "Credits that a bank accepted and did not credit within the rail's normal time."),
  BREAKER_STATE(
      "settlement_rail_breaker_state",
      "gauge",
      "state",
      "rail",
      "This node's breaker of a rail: 0 closed (requests flow), 1 half open (probing), 2 open (credits wait)."),
  RAIL_ORDER_STATE(
      "settlement_rail_order_state",
      "gauge",
      "state",
      "rail",
      "What people ordered of a rail, as this node has heard: 0 running, 1 draining, 2 drained, 3 held."),
  RAIL_WAITING(
      "settlement_rail_waiting_credits",
      "gauge",
      "credits",
      "rail",
      "Credits that go over a rail, are not posted, and wait for nobody but the router or the bank, of all nodes."),
  RAIL_CUT_OFF(
      "settlement_rail_cut_off_seconds",
      "gauge",
      "seconds",
      "rail",
      "Seconds until a rail next takes no more transfers; not shown for a rail that is always open."),
  SENDS_IN_DOUBT(
      "settlement_sends_in_doubt_total",
      "counter",
      "requests",
      "rail",
      "Requests to a bank whose outcome was not clear."),
  IN_DOUBT_CREDITS(
      "settlement_in_doubt_credits",
      "gauge",
      "credits",
      "rail",
      "Credits whose outcome at the bank is not known."),
  IN_DOUBT_OLDEST(
      "settlement_in_doubt_oldest_seconds",
      "gauge",
      "seconds",
      "rail",
      "Age of the oldest credit in doubt, in seconds."),
  UNMAPPED_CODES(
      "settlement_unmapped_bank_codes_total",
      "counter",
      "words of a bank",
      "rail",
      "Reason codes of a bank that the router has no reason for."),
  DISPATCH_FAILURES(
      "settlement_dispatch_failures_total",
      "counter",
      "consignments",
      "",
      "Consignments that stopped on a fault and were left to the sweep."),
  CARD_CHANGES(
      "settlement_card_changes_total",
      "counter",
      "card changes",
      "state",
      "Card changes that this node moved into a state of their life cycle."),
  AUDIT_NOTED(
      "settlement_audit_noted_total",
      "counter",
      "events",
      "action",
      "Refusals and log-ins that this node saw, whether each has a record of its own or is counted in one."),
  AUDIT_LOST(
      "settlement_audit_lost_total",
      "counter",
      "events",
      "",
      "Refusals and log-ins that this node could not record; that so many are missing is recorded later."),
  AUDIT_SEALED(
      "settlement_audit_sealed_credits_total",
      "counter",
      "credits",
      "",
      "Credits that this node sealed into the chain of the audit."),
  AUDIT_UNLINKED(
      "settlement_audit_unlinked_oldest_seconds",
      "gauge",
      "seconds",
      "",
      "How old the oldest event of the audit may be that is not linked into its chain, in seconds; grows while it cannot be read. Of all nodes."),
  AUDIT_UNSEALED(
      "settlement_audit_unsealed_oldest_seconds",
      "gauge",
      "seconds",
      "",
      "How old the oldest credit may be that is not sealed into the chain of the audit, in seconds; grows while it cannot be read. Of all nodes."),
  WEBHOOK_TRIES(
      "settlement_webhook_tries_total",
      "counter",
      "messages",
      "outcome",
      "Messages to receivers of webhooks that this node tried to deliver, by outcome: acknowledged, refused, gone, redirected, no-answer, not-reached, destination, forgotten, unsent."),
  WEBHOOK_EVENTS(
      "settlement_webhook_events_total",
      "counter",
      "events",
      "",
      "Events for webhooks that this node read out of the book."),
  WEBHOOK_PAUSED(
      "settlement_webhooks_paused",
      "gauge",
      "webhooks",
      "",
      "Webhooks that nothing is delivered to before a person resumes them, of all nodes."),
  WEBHOOK_OLDEST(
      "settlement_webhook_undelivered_oldest_seconds",
      "gauge",
      "seconds",
      "",
      "Age of the oldest event that waits for a receiver that is not paused, of all nodes."),
  WEBHOOK_BEHIND(
      "settlement_webhook_behind_seconds",
      "gauge",
      "seconds",
      "",
      "How far the book has not been read for webhooks yet; 0: there is none."),
  CLUSTER_MEMBERS(
      "settlement_cluster_members",
      "gauge",
      "members",
      "",
      "Members that this node sees in its cluster."),
  EVENT_STREAMS(
      "settlement_event_streams",
      "gauge",
      "streams",
      "",
      "Streams of events that consoles read from this node; beyond 64 they are answered 503."),
  EVENT_LOOP_DELAY(
      "settlement_event_loop_delay_seconds",
      "histogram",
      "seconds",
      "",
      "How late a timer of an event loop was, looked at every 100 ms."),
  CONNECTIONS(
      "settlement_connections",
      "gauge",
      "connections",
      "",
      "Connections of callers to this node's public API."),
  CONNECTION_CAPACITY(
      "settlement_connections_capacity",
      "gauge",
      "connections",
      "",
      "Connections that callers may have to this node; more are turned away."),
  TURNED_AWAY(
      "settlement_turned_away_total",
      "counter",
      "connections and requests",
      "reason",
      "Connections and requests refused or cut off by a limit, by its reason; docs/operating/limits.md has them."),
  DIRECT_MEMORY(
      "settlement_direct_memory_bytes",
      "gauge",
      "bytes",
      "",
      "Memory outside of the heap that connections have in use or in reserve."),
  HEAP_USED("settlement_heap_used_bytes", "gauge", "bytes", "", "Heap in use, garbage included."),
  HEAP_MAX("settlement_heap_max_bytes", "gauge", "bytes", "", "Heap that this node may use."),
  GC_SECONDS(
      "settlement_gc_seconds_total",
      "counter",
      "seconds",
      "",
      "Time that garbage collections took."),
  CPU_SECONDS(
      "settlement_cpu_seconds_total",
      "counter",
      "seconds",
      "",
      "Processor time of this node, of all processors."),
  UPTIME(
      "settlement_uptime_seconds",
      "gauge",
      "seconds",
      "",
      "Seconds since this node's process started.");

  private final String prometheusName;
  private final String type;
  private final String unit;
  private final String labels;
  private final String help;

  MetricName(String prometheusName, String type, String unit, String labels, String help) {
    this.prometheusName = prometheusName;
    this.type = type;
    this.unit = unit;
    this.labels = labels;
    this.help = help;
  }

  /** The name in a scrape. */
  public String prometheusName() {
    return prometheusName;
  }

  /** {@code counter}, {@code gauge} or {@code histogram}. */
  public String type() {
    return type;
  }

  /** What is counted or measured: {@code credits}, {@code seconds}, {@code minor units} … */
  public String unit() {
    return unit;
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
