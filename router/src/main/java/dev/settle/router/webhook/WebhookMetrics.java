package dev.settle.router.webhook;

import java.time.Duration;

/** What is counted of webhooks. */
public interface WebhookMetrics {

  /** A try to deliver a message came to this. */
  void webhookTried(Outcome outcome);

  /** So many events were gathered. */
  void webhookEvents(long events);

  /**
   * How all webhooks stand.
   *
   * @param paused that nobody delivers to before a person resumes them
   * @param oldest of the events that wait for a receiver that is not paused
   * @param behind how far the book has not been read yet
   */
  void webhooks(long paused, Duration oldest, Duration behind);
}
