package dev.settle.demo.display;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the live line shows.
 *
 * @param runFor how long terminals are to play, or null without an end
 * @param accepted credits accepted by the router in this run
 * @param posted credits posted in this run
 * @param unposted credits accepted and not posted, of all runs on this data
 * @param held of the unposted, those that wait for somebody's move
 * @param cardChanges new cards that came into effect in this run
 * @param perSecond accepted in the last second
 * @param acceptP50Micros since the last line; 0 without any
 * @param acceptP99Micros since the last line; 0 without any
 * @param postedMillis mean time from recorded to posted since the last line, or null when nothing
 *     was posted
 */
public record Figures(
    Duration elapsed,
    @Nullable Duration runFor,
    long accepted,
    long posted,
    long unposted,
    long held,
    long cardChanges,
    long perSecond,
    long acceptP50Micros,
    long acceptP99Micros,
    @Nullable Long postedMillis) {}
