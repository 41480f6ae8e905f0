package dev.settle.router.audit;

import dev.settle.router.platform.Settings;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.lang.reflect.RecordComponent;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Records a node's settings when they differ from those that were recorded of it last. */
public final class SettingsAudit {

  private static final String LAST =
      """
      SELECT detail -> 'settings' FROM audit_event
      WHERE object = $1 AND action = 'SETTINGS_READ' ORDER BY event_id DESC LIMIT 1
      """;

  private SettingsAudit() {}

  /** Done when what a node starts with is durable. */
  public static Future<Void> record(Pool pool, Settings settings) {
    String object = "node " + settings.nodeName();
    JsonObject now = new JsonObject();
    shown(settings).forEach(now::put);
    return pool.preparedQuery(LAST)
        .execute(Tuple.of(object))
        .map(rows -> rows.size() == 0 ? null : rows.iterator().next().getJsonObject(0))
        .compose(
            last ->
                now.equals(last)
                    ? Future.succeededFuture()
                    : new AuditStore(pool)
                        .record(
                            new AuditEvent(
                                AuditAction.SETTINGS_READ,
                                "router",
                                "",
                                object,
                                null,
                                "",
                                Map.of()),
                            new JsonObject().put("settings", now)));
  }

  /** Settings by their names in the code. Of files the names, of the database no password. */
  static Map<String, String> shown(Settings settings) {
    Map<String, String> shown = new TreeMap<>();
    for (RecordComponent setting : Settings.class.getRecordComponents()) {
      shown.put(setting.getName(), text(setting, settings));
    }
    return shown;
  }

  private static String text(RecordComponent setting, Settings settings) {
    Object value;
    try {
      value = setting.getAccessor().invoke(settings);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a record's own accessor", e);
    }
    if (value instanceof Settings.Database database) {
      return database.user() + " at " + database.url().replaceAll("//[^/@]*@", "//");
    }
    boolean isText = value instanceof String;
    String name = setting.getName().toLowerCase(Locale.ROOT);
    return isText && name.matches(".*(secret|password|token|key).*")
        ? "(not shown)"
        : String.valueOf(value);
  }
}
