package dev.settle.router.fuzz;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Changes a good JSON document: its values, its shape, its spelling, its bytes. A document is a
 * map, a list, text, a number or a truth, as YAML gives it; {@link Raw} is written as it is.
 */
final class JsonMutant {

  /** JSON, or what is none, to be written as it is. */
  private record Raw(String text) {}

  private final Chance chance;

  JsonMutant(Chance chance) {
    this.chance = chance;
  }

  byte[] of(Object document) {
    Object changed = document;
    for (int i = chance.below(3); i >= 0; i--) {
      changed = changed(changed, chance.below(6));
    }
    String text = write(changed);
    return chance.oneIn(4) ? damaged(text) : text.getBytes(UTF_8);
  }

  /** Nothing is changed. */
  static byte[] plain(Object document) {
    return new JsonMutant(new Chance(0)).write(document).getBytes(UTF_8);
  }

  private Object changed(Object node, int depth) {
    if (node instanceof Map<?, ?> map && !map.isEmpty() && (depth > 0 || chance.oneIn(2))) {
      return changedMap(map, depth);
    }
    if (node instanceof List<?> list && !list.isEmpty() && chance.oneIn(2)) {
      List<Object> items = new ArrayList<>(list);
      int at = chance.below(items.size());
      items.set(at, changed(items.get(at), depth - 1));
      return items;
    }
    return value(node);
  }

  private Object changedMap(Map<?, ?> map, int depth) {
    Map<Object, Object> fields = new LinkedHashMap<>(map);
    Object name = chance.of(new ArrayList<>(fields.keySet()));
    switch (chance.below(8)) {
      case 0 -> fields.remove(name);
      case 1 -> fields.put(chance.text(), new Raw(chance.literal()));
      case 2 -> fields.put(new Raw("\"" + name + "\""), fields.get(name));
      case 3 -> fields.put(chance.text(), fields.remove(name));
      default -> fields.put(name, changed(fields.get(name), depth - 1));
    }
    return fields;
  }

  private Object value(Object before) {
    return switch (chance.below(7)) {
      case 0 -> new Raw(chance.literal());
      case 1 -> List.of(before == null ? "" : before);
      case 2 -> Map.of("value", before == null ? "" : before);
      case 3 -> many(before);
      case 4 -> before + chance.text();
      default -> chance.text();
    };
  }

  /**
   * Many of what is small, two of what may be many already: three changes after another multiply.
   */
  private List<Object> many(Object before) {
    boolean small = !(before instanceof Map || before instanceof List);
    return new ArrayList<>(Collections.nCopies(small ? chance.below(300) : 2, before));
  }

  private String write(Object node) {
    if (node instanceof Raw raw) {
      return raw.text();
    }
    if (node instanceof Map<?, ?> map) {
      StringBuilder json = new StringBuilder("{");
      map.forEach(
          (name, value) ->
              json.append(json.length() > 1 ? "," : "")
                  .append(name instanceof Raw raw ? raw.text() : quoted(String.valueOf(name)))
                  .append(':')
                  .append(write(value)));
      return json.append('}').toString();
    }
    if (node instanceof List<?> list) {
      return list.stream().map(this::write).toList().toString();
    }
    return node == null || node instanceof Number || node instanceof Boolean
        ? String.valueOf(node)
        : quoted(
            node instanceof java.util.Date date ? date.toInstant().toString() : node.toString());
  }

  private String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      boolean escape = c < ' ' || c == '"' || c == '\\' || Character.isSurrogate(c);
      json.append(escape ? String.format("\\u%04x", (int) c) : String.valueOf(c));
    }
    return json.append('"').toString();
  }

  private byte[] damaged(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    int at = bytes.length == 0 ? 0 : chance.below(bytes.length);
    return switch (chance.below(9)) {
      case 0 -> Arrays.copyOf(bytes, at);
      case 1 -> text.getBytes(UTF_16);
      case 2 -> ("\uFEFF" + text).getBytes(UTF_8);
      case 3 -> (text + text).getBytes(UTF_8);
      case 4 -> text.replace('"', '\'').getBytes(UTF_8);
      case 5 -> ("[".repeat(chance.below(2_000)) + text).getBytes(UTF_8);
      case 6 -> (text + "/* */ ,").getBytes(UTF_8);
      case 7 -> joined(bytes, at, chance.bytes(chance.below(9)));
      default -> joined(bytes, at, new byte[] {(byte) 0xC0, (byte) 0x80, (byte) 0xFF});
    };
  }

  private static byte[] joined(byte[] bytes, int at, byte[] more) {
    byte[] all = Arrays.copyOf(bytes, bytes.length + more.length);
    System.arraycopy(more, 0, all, at, more.length);
    System.arraycopy(bytes, at, all, at + more.length, bytes.length - at);
    return all;
  }
}
