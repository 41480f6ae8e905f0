package dev.settle.sandbox.bank;

import static dev.settle.sandbox.bank.BankClient.transfer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BooksOnDiskIT {
  private static final String GOOD = "6222020000001234";
  private static final JsonObject BOOKED = transfer("e1", GOOD, 100);
  private static final JsonObject REJECTED = transfer("e2", "6222020000000004", 200);

  @TempDir Path directory;
  private Path books;
  private RunningBank bank;

  @BeforeEach
  void start() {
    books = directory.resolve("books.ndjson");
    bank = new RunningBank(books);
  }

  @AfterEach
  void stop() {
    bank.close();
  }

  @Test
  void aRestartAnswersReplaysAndTotalsAsBefore() {
    JsonObject first = bank.client().pay(BOOKED, REJECTED);
    bank.client().verify(GOOD, true);
    JsonObject summary = bank.client().summary();
    List<JsonObject> lines = bank.client().books("");

    bank.restart();

    assertThat(bank.client().pay(BOOKED, REJECTED)).isEqualTo(first);
    assertThat(bank.client().summary()).isEqualTo(summary);
    assertThat(bank.client().books("")).isEqualTo(lines).hasSize(2);
    assertThat(bank.client().pay(transfer("e2", GOOD, 200)).encode()).contains("DUPL");
    bank.client().verify(GOOD, true);
    assertThat(bank.client().books(""))
        .extracting(l -> l.getString("endToEndId"))
        .doesNotHaveDuplicates();
  }

  @Test
  void aRestartRemembersWhichVerificationsItBookedATestCreditFor() {
    JsonObject first = bank.client().verify(GOOD, "change-1");

    bank.restart();

    assertThat(bank.client().verify(GOOD, "change-1")).isEqualTo(first);
    assertThat(bank.client().books("")).hasSize(1);
  }

  @Test
  void aTornLastLineIsCutOffAndItsTransferBookedWhenSentAgain() throws IOException {
    bank.client().pay(BOOKED);
    bank.client().pay(transfer("e3", GOOD, 300));
    bank.stop();
    long whole = Files.size(books);
    try (var channel = Files.newByteChannel(books, StandardOpenOption.WRITE)) {
      channel.truncate(whole - 9);
    }

    RunningBank restarted = new RunningBank(books);
    try {
      assertThat(restarted.client().summary().getInteger("count")).isEqualTo(1);
      restarted.client().pay(transfer("e3", GOOD, 300));
      assertThat(restarted.client().summary().getInteger("count")).isEqualTo(2);
      assertThat(Files.size(books)).isEqualTo(whole);
    } finally {
      restarted.close();
    }
  }

  @Test
  void aDamagedLineInTheMiddleIsRefusedByItsNumber() throws IOException {
    bank.client().pay(BOOKED);
    bank.stop();
    Files.writeString(books, "damage\n", StandardOpenOption.APPEND);

    assertThatThrownBy(() -> RunningBank.await(bank.another())).hasStackTraceContaining("line 2");
    try (BankBooks audit = BankBooks.read(books)) {
      assertThatThrownBy(() -> audit.stream().toList())
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("line 2");
    }
  }

  @Test
  void onlyOneBankKeepsABook() {
    assertThatThrownBy(() -> RunningBank.await(bank.another()))
        .hasStackTraceContaining("another bank keeps its books");
  }

  @Test
  void onlyTheOwnerReadsTheFile() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(books)))
        .isEqualTo("rw-------");
  }

  @Test
  void anAuditorReadsTheSameFromTheFileWhetherTheBankRunsOrNot() {
    bank.client().pay(BOOKED, REJECTED);
    bank.client().verify(GOOD, true);

    List<Booking> running = audit();
    bank.stop();

    assertThat(audit()).isEqualTo(running).hasSize(2);
    assertThat(running.get(0).endToEndId()).isEqualTo("e1");
    assertThat(running.get(0).account()).isEqualTo(GOOD);
    assertThat(running.get(0).amountMinor()).isEqualTo(100);
    assertThat(running.get(0).kind()).isEqualTo(Booking.Kind.CREDIT);
    assertThat(running.get(1).kind()).isEqualTo(Booking.Kind.TEST_CREDIT);
  }

  @Test
  void aSlowReaderOfTheBooksGetsThemAllAndHoldsNobodyUp() throws IOException {
    int bulks = 12;
    for (int bulk = 0; bulk < bulks; bulk++) {
      String prefix = "b" + bulk + "-";
      bank.client()
          .pay(
              IntStream.range(0, CreditTransferParser.MAX_TRANSFERS)
                  .mapToObj(i -> transfer(prefix + i, GOOD, 1))
                  .toArray(JsonObject[]::new));
    }
    int all = bulks * CreditTransferParser.MAX_TRANSFERS;
    try (Socket slow = new Socket("127.0.0.1", bank.port())) {
      slow.getOutputStream()
          .write("GET /books HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(bank.client().summary().getInteger("count")).isEqualTo(all);
      bank.client().pay(BOOKED);
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(slow.getInputStream(), StandardCharsets.US_ASCII));
      assertThat(reader.lines().filter(line -> line.contains("\"endToEndId\":\"b")).count())
          .isEqualTo(all);
    }
    try (BankBooks audit = BankBooks.read(books)) {
      assertThat(audit.stream().mapToLong(Booking::amountMinor).sum()).isEqualTo(all + 100);
    }
  }

  private List<Booking> audit() {
    try (BankBooks audit = BankBooks.read(books)) {
      return audit.stream().toList();
    }
  }
}
