package dev.settle.router.rail.sandbox;

import dev.settle.router.binding.Payee;
import dev.settle.router.platform.Limits;
import dev.settle.router.rail.BankStatuses;
import dev.settle.router.rail.Enquiry;
import dev.settle.router.rail.Rail;
import dev.settle.router.rail.RailCapabilities;
import dev.settle.router.rail.RailMetrics;
import dev.settle.router.rail.SendBy;
import dev.settle.router.rail.StatementEntry;
import dev.settle.router.rail.Transfer;
import dev.settle.router.rail.TransferOutcome;
import dev.settle.router.rail.Verification;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Speaks to the sandbox bank: one POST for each bulk, answered for every transfer. */
public final class SandboxConnector implements Rail {

  public static final String NAME = "sandbox";

  /** As the sandbox bank is: it executes an end-to-end id once, however often it is sent. */
  public static final RailCapabilities CAPABILITIES =
      new RailCapabilities(
          Limits.CONSIGNMENT_CREDITS,
          Limits.CONSIGNMENT_CREDITS,
          true,
          Duration.ofSeconds(60),
          false,
          Duration.ZERO,
          Duration.ofSeconds(30),
          true,
          Set.of("CNY", "HKD", "USD", "EUR", "JPY", "SGD"),
          Set.of(),
          Long.MAX_VALUE,
          null);

  private final String name;
  private final RailCapabilities capabilities;
  private final HttpClient client;
  private final HttpClient verifier;
  private final RequestOptions transfers;
  private final RequestOptions enquiries;
  private final RequestOptions verifications;
  private final URI statements;
  private final SandboxMessages messages;
  private final Duration answerWithin;

  /**
   * @param bank the bank's base address
   */
  public SandboxConnector(Vertx vertx, URI bank, RailMetrics metrics) {
    this(NAME, CAPABILITIES, vertx, bank, metrics, Limits.BANK_ANSWER);
  }

  /**
   * @param name of the rail; there may be several banks of this kind
   * @param capabilities what this one is said to be able to
   * @param answerWithin how long it may take to answer
   */
  public SandboxConnector(
      String name,
      RailCapabilities capabilities,
      Vertx vertx,
      URI bank,
      RailMetrics metrics,
      Duration answerWithin) {
    this.name = name;
    this.capabilities = capabilities;
    this.answerWithin = answerWithin;
    this.client = client(vertx, Limits.BANK_CONNECTIONS, Limits.DISPATCH_QUEUE_BATCHES);
    this.verifier = client(vertx, Limits.VERIFICATION_CONNECTIONS, Limits.VERIFICATION_QUEUE);
    this.transfers = options(bank.resolve("/credit-transfers"));
    this.enquiries = options(bank.resolve("/credit-transfers/enquiries"));
    this.verifications = options(bank.resolve("/accounts/verify"));
    this.statements = bank.resolve("/statement");
    this.messages =
        new SandboxMessages(new BankStatuses(name, capabilities, metrics, Clock.systemUTC()));
  }

  private HttpClient client(Vertx vertx, int connections, int waiting) {
    return vertx.createHttpClient(
        new HttpClientOptions()
            .setConnectTimeout((int) answerWithin.toMillis())
            .setTcpNoDelay(true)
            .setKeepAlive(true)
            // What comes packed is not unpacked: its length says nothing of what it becomes.
            .setDecompressionSupported(false),
        new PoolOptions().setHttp1MaxSize(connections).setMaxWaitQueueSize(waiting));
  }

  private RequestOptions options(URI address) {
    return new RequestOptions()
        .setMethod(HttpMethod.POST)
        .setAbsoluteURI(address.toString())
        .putHeader("Content-Type", "application/json")
        .setTimeout(answerWithin.toMillis());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public RailCapabilities capabilities() {
    return capabilities;
  }

  @Override
  public Future<List<TransferOutcome>> send(List<Transfer> bulk, SendBy by) {
    Buffer body = messages.request(bulk);
    List<Enquiry> sent =
        bulk.stream().map(t -> new Enquiry(t.endToEndId(), t.amountMinor())).toList();
    return client
        .request(new RequestOptions(transfers))
        .compose(request -> by.isOver() ? tooLate(request) : post(request, body, by))
        .map(answer -> messages.sent(answer, sent));
  }

  @Override
  public Future<List<TransferOutcome>> enquire(List<Enquiry> sent) {
    return client
        .request(new RequestOptions(enquiries))
        .compose(request -> post(request, SandboxMessages.enquiry(sent)))
        .map(answer -> messages.found(answer, sent));
  }

  @Override
  public Future<Verification> verify(Payee payee, boolean testCredit, String requestId) {
    Buffer body = SandboxVerification.request(payee, testCredit, requestId);
    return verifier
        .request(new RequestOptions(verifications))
        .compose(request -> post(request, body))
        .map(answer -> SandboxVerification.read(answer, testCredit));
  }

  /** However long it is: only silence ends it, and a taker that never is done. */
  @Override
  public Future<Void> statement(Instant since, Function<List<StatementEntry>, Future<Void>> take) {
    RequestOptions options =
        options(URI.create(statements + "?since=" + since)).setMethod(HttpMethod.GET);
    return client
        .request(options)
        .compose(
            request ->
                request
                    .send()
                    .compose(response -> statement(response, take))
                    .onFailure(lost -> request.reset()));
  }

  private static Future<Void> statement(
      HttpClientResponse response, Function<List<StatementEntry>, Future<Void>> take) {
    return response.statusCode() == 200
        ? new StatementReader(response, take).read()
        : refused(response);
  }

  private Future<Buffer> post(HttpClientRequest request, Buffer body, SendBy by) {
    by.givenUp().onSuccess(gone -> request.reset());
    return post(request, body);
  }

  private Future<Buffer> tooLate(HttpClientRequest unsent) {
    unsent.reset();
    return Future.failedFuture(new SendBy.TooLate(capabilities.neverReceivedAfter()));
  }

  /** The options' time-out is for silence; a bank that sends byte by byte ends here. */
  private Future<Buffer> post(HttpClientRequest request, Buffer body) {
    return request
        .send(body)
        .compose(SandboxConnector::readAnswer)
        .timeout(answerWithin.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(lost -> request.reset());
  }

  private static Future<Buffer> readAnswer(HttpClientResponse response) {
    return response.statusCode() == 200
        ? new BoundedAnswer(response, Limits.BANK_ANSWER_BYTES).body()
        : refused(response);
  }

  /** What else it says is not read: the request is reset. */
  private static <T> Future<T> refused(HttpClientResponse response) {
    response.exceptionHandler(reset -> {});
    return Future.failedFuture(
        new SandboxException("the bank answered with status " + response.statusCode()));
  }
}
