package dev.settle.router.events;

import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What streams tell of. */
public enum EventTopic {
  /** The cluster's figures, every second. */
  NOW,
  /** An application moved. */
  CARD_CHANGE,
  /** A rail stands otherwise, or something is ordered of it. */
  RAIL,
  /** A bulk action on exceptions got on. */
  EXCEPTION_ORDER;

  /** The event's name in a stream. */
  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static @Nullable EventTopic parse(String text) {
    for (EventTopic topic : values()) {
      if (topic.text().equals(text)) {
        return topic;
      }
    }
    return null;
  }

  /**
   * Those that a caller asks for.
   *
   * @param list names, separated by commas; null: all
   */
  static Set<EventTopic> read(@Nullable String list) {
    if (list == null) {
      return EnumSet.allOf(EventTopic.class);
    }
    Set<EventTopic> topics = EnumSet.noneOf(EventTopic.class);
    for (String name : list.split(",", -1)) {
      EventTopic topic = parse(name.trim());
      if (topic == null) {
        throw new ProblemException(
            Problem.invalid(
                "topics",
                "Some of now, card-change, rail, exception-order are expected, with commas."));
      }
      topics.add(topic);
    }
    return topics;
  }
}
