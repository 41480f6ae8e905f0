package dev.settle.router.dispatch;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.settle.router.credit.EndToEndId;
import dev.settle.router.platform.Limits;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How many transfers are asked about at once: as many as the rail takes, and of those that were in
 * an enquiry which the bank did not answer half as many the next time, until the one that it cannot
 * answer is alone and the others are known. Belongs to one event loop.
 */
final class EnquirySizes {

  private final Cache<EndToEndId, Integer> most =
      Caffeine.newBuilder()
          .maximumSize(Limits.ENQUIRY_SIZES)
          .expireAfterWrite(Limits.ENQUIRY_PAUSE_MAX.multipliedBy(2))
          .build();

  /** The same transfers in enquiries, the largest first. */
  List<List<EndToEndId>> enquiries(Collection<EndToEndId> ids, int rail) {
    Map<Integer, List<List<EndToEndId>>> bySize = new LinkedHashMap<>();
    for (EndToEndId id : ids) {
      Integer known = most.getIfPresent(id);
      int size = known == null ? rail : Math.min(known, rail);
      List<List<EndToEndId>> enquiries = bySize.computeIfAbsent(size, s -> new ArrayList<>());
      if (enquiries.isEmpty() || enquiries.get(enquiries.size() - 1).size() == size) {
        enquiries.add(new ArrayList<>());
      }
      enquiries.get(enquiries.size() - 1).add(id);
    }
    return bySize.entrySet().stream()
        .sorted(Map.Entry.<Integer, List<List<EndToEndId>>>comparingByKey().reversed())
        .flatMap(e -> e.getValue().stream())
        .toList();
  }

  void answered(List<EndToEndId> ids) {
    most.invalidateAll(ids);
  }

  void unanswered(List<EndToEndId> ids) {
    ids.forEach(id -> most.put(id, Math.max(1, ids.size() / 2)));
  }
}
