package dev.settle.router.binding;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No record prints an account number or a secret, whatever holds it: each record of the router that
 * can reach one is filled with marked ones and printed. A log line, an exception and a debugger
 * print records.
 */
class SecretsDoNotPrintTest {

  private static final String MARK = "6222027391846250378";

  /** Text under such a name is taken for a secret. */
  private static final Pattern SECRET =
      Pattern.compile("(?i).*(number|account|pan|card|iban|password|secret|token|key)");

  private final Map<Class<?>, Object> samples = new HashMap<>();

  private static List<Class<?>> records() {
    return new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.settle.router")
            .stream()
            .filter(type -> type.isRecord())
            .<Class<?>>map(type -> type.reflect())
            .toList();
  }

  @Test
  void no_record_prints_what_is_secret_in_it() throws Exception {
    Set<String> looked = new TreeSet<>();
    for (Class<?> type : records()) {
      if (reaches(type, new TreeSet<>())) {
        Object filled = sample(type);
        looked.add(type.getSimpleName());
        assertThat(String.valueOf(filled)).as(type.getName()).doesNotContain(MARK, "7391846250");
      }
    }
    assertThat(looked)
        .contains(
            "Application",
            "Changed",
            "Database",
            "Draft",
            "Merchant",
            "Payee",
            "Replacement",
            "StatementEntry",
            "Transfer",
            "Booking");
  }

  @Test
  void a_number_prints_as_its_last_four() {
    assertThat(new AccountNumber(MARK)).hasToString("****0378");
    assertThat(new AccountNumber("123")).hasToString("****123");
  }

  /** Whether a number or a secret is in it, at whatever depth. */
  private static boolean reaches(Class<?> type, Set<String> seen) {
    return seen.add(type.getName())
        && Stream.of(type.getRecordComponents())
            .anyMatch(
                component ->
                    isSecret(component)
                        || component.getType() == AccountNumber.class
                        || inner(component.getGenericType())
                            .anyMatch(inner -> inner.isRecord() && reaches(inner, seen)));
  }

  private static boolean isSecret(RecordComponent component) {
    return component.getType() == String.class && SECRET.matcher(component.getName()).matches();
  }

  private static Stream<Class<?>> inner(Type type) {
    if (type instanceof Class<?> simple) {
      return Stream.of(simple);
    }
    return type instanceof ParameterizedType of
        ? Arrays.stream(of.getActualTypeArguments()).flatMap(SecretsDoNotPrintTest::inner)
        : Stream.empty();
  }

  private Object sample(Class<?> type) throws Exception {
    Object known = samples.get(type);
    if (known != null) {
      return known;
    }
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = isSecret(components[i]) ? MARK : value(components[i].getGenericType());
    }
    Constructor<?> constructor =
        type.getDeclaredConstructor(
            Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    constructor.setAccessible(true);
    Object filled = constructor.newInstance(values);
    samples.put(type, filled);
    return filled;
  }

  private Object value(Type type) throws Exception {
    Class<?> raw = (Class<?>) (type instanceof ParameterizedType of ? of.getRawType() : type);
    if (raw == AccountNumber.class) {
      return new AccountNumber(MARK);
    }
    if (raw.isRecord()) {
      return sample(raw);
    }
    if (raw.isSealed()) {
      for (Class<?> permitted : raw.getPermittedSubclasses()) {
        if (permitted.isRecord() && reaches(permitted, new TreeSet<>())) {
          return sample(permitted);
        }
      }
    }
    if (type instanceof ParameterizedType of && raw != Map.class) {
      Object one = of.getActualTypeArguments()[0] instanceof Class<?> c ? value(c) : null;
      return raw == List.class && one != null
          ? List.of(one)
          : raw == Set.class && one != null
              ? Set.of(one)
              : raw == Optional.class ? Optional.ofNullable(one) : simple(raw);
    }
    return simple(raw);
  }

  private static Object simple(Class<?> type) {
    if (type == String.class || type == Object.class) {
      return "plain";
    }
    if (type == long.class || type == Long.class) {
      return 1L;
    }
    if (type == int.class || type == Integer.class) {
      return 1;
    }
    if (type == boolean.class || type == Boolean.class) {
      return true;
    }
    if (type == double.class) {
      return 1.0;
    }
    if (type == byte[].class) {
      return new byte[] {1};
    }
    if (type.isEnum()) {
      return type.getEnumConstants()[0];
    }
    if (type == List.class) {
      return List.of();
    }
    if (type == Map.class) {
      return Map.of();
    }
    if (type == Set.class) {
      return Set.of();
    }
    if (type == OffsetDateTime.class) {
      return OffsetDateTime.of(2026, 11, 28, 0, 0, 0, 0, ZoneOffset.UTC);
    }
    if (type == Instant.class) {
      return Instant.EPOCH;
    }
    if (type == LocalDate.class) {
      return LocalDate.EPOCH;
    }
    if (type == Duration.class) {
      return Duration.ZERO;
    }
    if (type == URI.class) {
      return URI.create("http://bank");
    }
    if (type == Path.class) {
      return Path.of("file");
    }
    if (type.isInterface()) {
      return Proxy.newProxyInstance(
          type.getClassLoader(),
          new Class<?>[] {type},
          (proxy, method, arguments) -> method.getName().equals("toString") ? "proxy" : null);
    }
    return null;
  }
}
