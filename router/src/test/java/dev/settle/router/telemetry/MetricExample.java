package dev.settle.router.telemetry;

/**
 * A question that a metric answers, for whoever has not asked Prometheus before.
 *
 * @param query PromQL
 */
record MetricExample(String question, String query) {

  /** The example of a metric; a metric without one does not compile. */
  static MetricExample of(MetricName metric) {
    return switch (metric) {
      case TRANSACTIONS ->
          ask(
              "transactions answered per second, by outcome",
              "sum by (outcome) (rate(settlement_transactions_total[1m]))");
      case ACCEPT_SECONDS ->
          ask(
              "within which time 99 of 100 are accepted",
              "histogram_quantile(0.99, sum by (le) (rate(settlement_accept_seconds_bucket[5m])))");
      case COMMIT_BATCH_SIZE ->
          ask(
              "transactions in one commit, on average",
              "sum(rate(settlement_commit_batch_size_sum[1m])) / sum(rate(settlement_commit_batch_size_count[1m]))");
      case COMMIT_FAILURES ->
          ask(
              "commits that failed in the last hour",
              "sum by (fault) (increase(settlement_commit_failures_total[1h]))");
      case RECORDER_QUEUE_DEPTH ->
          ask(
              "how full the queue before the commit is, from 0 to 1",
              "settlement_recorder_queue_depth / settlement_recorder_queue_capacity");
      case RECORDER_QUEUE_CAPACITY ->
          ask(
              "how many all nodes could still take",
              "sum(settlement_recorder_queue_capacity) - sum(settlement_recorder_queue_depth)");
      case CREDITS_POSTED ->
          ask(
              "credits posted per second, by rail",
              "sum by (rail) (rate(settlement_credits_posted_total[1m]))");
      case POSTED_AMOUNT ->
          ask(
              "minor units posted in the last day",
              "sum by (currency) (increase(settlement_posted_amount_minor_total[1d]))");
      case POSTED_LATENCY ->
          ask(
              "within which time half of the credits are posted",
              "histogram_quantile(0.5, sum by (le) (rate(settlement_posted_latency_seconds_bucket[5m])))");
      case UNPOSTED_CREDITS ->
          ask(
              "unposted credits by reason",
              "max by (currency, reason) (settlement_unposted_credits)");
      case UNPOSTED_AMOUNT ->
          ask(
              "unposted minor units by currency",
              "sum by (currency) (max by (currency, reason) (settlement_unposted_amount_minor))");
      case UNPOSTED_OLDEST ->
          ask(
              "since when the oldest has waited",
              "max by (reason) (settlement_unposted_oldest_seconds)");
      case UNPOSTED_BY_AGE ->
          ask("unposted credits by age", "max by (age) (settlement_unposted_age_credits)");
      case CONSERVATION_DELTA ->
          ask(
              "whether accepted = posted + unposted: 0",
              "max by (currency) (abs(settlement_conservation_delta_minor))");
      case BOOK_READ_AGE ->
          ask("which node's figures of the book are old", "settlement_book_read_age_seconds > 10");
      case BINDING_LOOKUPS ->
          ask(
              "the part of look-ups that the heap answers",
              "sum(rate(settlement_binding_lookups_total{result=\"local\"}[5m])) / sum(rate(settlement_binding_lookups_total[5m]))");
      case BINDING_STALENESS ->
          ask(
              "how late 99 of 100 changes were in use, by node",
              "histogram_quantile(0.99, sum by (instance, le) (rate(settlement_binding_staleness_seconds_bucket[5m])))");
      case BINDING_VERSION_LAG ->
          ask("changed routes not in use yet, by node", "settlement_binding_version_lag");
      case BINDING_BEHIND ->
          ask(
              "how far each node is behind",
              "max by (instance) (settlement_binding_behind_seconds)");
      case STALENESS_BUDGET ->
          ask(
              "the part of the budget that is used up, by node",
              "settlement_binding_behind_seconds / settlement_binding_staleness_budget_seconds");
      case READ_THROUGH ->
          ask("nodes that ask PostgreSQL for every route", "sum(settlement_binding_read_through)");
      case CANARY_AGE ->
          ask(
              "the node that heard of the canary longest ago",
              "topk(1, settlement_canary_age_seconds)");
      case STALE_LOOKUPS_CAUGHT ->
          ask(
              "credits that the fence caught in the last hour",
              "sum(increase(settlement_stale_lookups_caught_total[1h]))");
      case REROUTED ->
          ask(
              "credits that left their batch in the last hour, by reason",
              "sum by (reason) (increase(settlement_rerouted_total[1h]))");
      case RELEASED ->
          ask(
              "credits released per minute, by what they waited for",
              "60 * sum by (reason) (rate(settlement_released_total[5m]))");
      case SUPERSEDED_DISPATCH ->
          ask("whether the fence holds: 0", "sum(settlement_superseded_dispatch_total)");
      case REJECTED ->
          ask(
              "what banks refuse for, in the last hour",
              "sum by (rail, reason) (increase(settlement_rejected_total[1h]))");
      case RETURNS ->
          ask(
              "returns for every posted credit, in the last hour",
              "sum by (rail) (increase(settlement_returns_total[1h])) / sum by (rail) (increase(settlement_credits_posted_total[1h]))");
      case BREAKS ->
          ask(
              "breaks opened in the last day",
              "sum by (rail) (increase(settlement_breaks_total[1d]))");
      case NOTIFICATIONS ->
          ask(
              "notifications per second, by what became of them",
              "sum by (rail, outcome) (rate(settlement_notifications_total[5m]))");
      case SIGNATURES_REFUSED ->
          ask(
              "messages refused for their signature in ten minutes",
              "sum by (rail) (increase(settlement_notification_signatures_refused_total[10m]))");
      case CALLS_REFUSED ->
          ask(
              "calls refused for who made them in ten minutes, by what was wrong",
              "sum by (code) (increase(settlement_calls_refused_total[10m]))");
      case OPEN_BREAKS ->
          ask(
              "breaks that wait for a person",
              "sum by (kind) (max by (rail, kind) (settlement_open_breaks))");
      case OVERDUE ->
          ask("credits that a bank took and sits on", "max by (rail) (settlement_overdue_credits)");
      case BREAKER_STATE ->
          ask(
              "nodes for which a rail is out",
              "count by (rail) (settlement_rail_breaker_state == 2)");
      case RAIL_ORDER_STATE ->
          ask("rails that people have stopped", "max by (rail) (settlement_rail_order_state) > 0");
      case RAIL_WAITING ->
          ask("what waits for each rail", "max by (rail) (settlement_rail_waiting_credits)");
      case RAIL_CUT_OFF ->
          ask("hours until the next cut-off", "min(settlement_rail_cut_off_seconds) / 3600");
      case SENDS_IN_DOUBT ->
          ask(
              "requests without a clear answer in ten minutes",
              "sum by (rail) (increase(settlement_sends_in_doubt_total[10m]))");
      case IN_DOUBT_CREDITS ->
          ask("credits in doubt", "max by (rail) (settlement_in_doubt_credits)");
      case IN_DOUBT_OLDEST ->
          ask(
              "since when the oldest doubt stands",
              "max by (rail) (settlement_in_doubt_oldest_seconds)");
      case UNMAPPED_CODES ->
          ask(
              "codes that no list has, in the last day",
              "sum by (rail) (increase(settlement_unmapped_bank_codes_total[1d]))");
      case DISPATCH_FAILURES ->
          ask(
              "consignments left to the sweep in an hour",
              "sum(increase(settlement_dispatch_failures_total[1h]))");
      case CARD_CHANGES ->
          ask(
              "card changes that took effect in the last day",
              "sum(increase(settlement_card_changes_total{state=\"EFFECTIVE\"}[1d]))");
      case AUDIT_NOTED ->
          ask(
              "refusals per second, of all nodes, by kind",
              "sum by (action) (rate(settlement_audit_noted_total{action!=\"LOGGED_IN\"}[5m]))");
      case AUDIT_LOST ->
          ask(
              "refusals and log-ins that were not recorded in the last day",
              "sum(increase(settlement_audit_lost_total[1d]))");
      case AUDIT_SEALED ->
          ask(
              "how far sealing is behind, in credits, since the nodes started",
              "sum(settlement_transactions_total{outcome=\"accepted\"}) - sum(settlement_audit_sealed_credits_total)");
      case AUDIT_UNLINKED ->
          ask("how far linking is behind", "max(settlement_audit_unlinked_oldest_seconds)");
      case AUDIT_UNSEALED ->
          ask(
              "how far sealing is behind, in seconds",
              "max(settlement_audit_unsealed_oldest_seconds)");
      case CLUSTER_MEMBERS ->
          ask(
              "whether all nodes see each other",
              "min(settlement_cluster_members) == count(settlement_cluster_members)");
      case WEBHOOK_TRIES ->
          ask(
              "messages to receivers in the last hour, by what came of them",
              "sum by (outcome) (increase(settlement_webhook_tries_total[1h]))");
      case WEBHOOK_EVENTS ->
          ask("events for webhooks per second", "sum(rate(settlement_webhook_events_total[5m]))");
      case WEBHOOK_PAUSED ->
          ask("webhooks that wait for a person", "max(settlement_webhooks_paused)");
      case WEBHOOK_OLDEST ->
          ask(
              "since when the oldest event has waited for its receiver",
              "max(settlement_webhook_undelivered_oldest_seconds)");
      case WEBHOOK_BEHIND ->
          ask("how late events are gathered", "max(settlement_webhook_behind_seconds)");
      case EVENT_STREAMS ->
          ask("consoles that are open, at all nodes", "sum(settlement_event_streams)");
      case EVENT_LOOP_DELAY ->
          ask(
              "how late 99 of 100 timers are, by node",
              "histogram_quantile(0.99, sum by (instance, le) (rate(settlement_event_loop_delay_seconds_bucket[5m])))");
      case CONNECTIONS ->
          ask(
              "how full of connections each node is, from 0 to 1",
              "settlement_connections / settlement_connections_capacity");
      case CONNECTION_CAPACITY ->
          ask(
              "connections that all nodes could still take",
              "sum(settlement_connections_capacity) - sum(settlement_connections)");
      case TURNED_AWAY ->
          ask(
              "what was turned away in ten minutes, by the limit",
              "sum by (reason) (increase(settlement_turned_away_total[10m])) > 0");
      case DIRECT_MEMORY ->
          ask("memory of connections outside of the heap", "settlement_direct_memory_bytes");
      case HEAP_USED ->
          ask(
              "the part of the heap in use",
              "settlement_heap_used_bytes / settlement_heap_max_bytes");
      case HEAP_MAX -> ask("heap of all nodes", "sum(settlement_heap_max_bytes)");
      case GC_SECONDS ->
          ask("the part of time spent collecting", "rate(settlement_gc_seconds_total[5m])");
      case CPU_SECONDS ->
          ask("processors in use, by node", "rate(settlement_cpu_seconds_total[1m])");
      case UPTIME ->
          ask("nodes that started within ten minutes", "settlement_uptime_seconds < 600");
    };
  }

  private static MetricExample ask(String question, String query) {
    return new MetricExample(question, query);
  }
}
