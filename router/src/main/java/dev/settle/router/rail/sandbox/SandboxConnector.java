package dev.settle.router.rail.sandbox;

import dev.settle.router.binding.Payee;
import dev.settle.router.platform.Limits;
import dev.settle.router.rail.Rail;
import dev.settle.router.rail.RailCapabilities;
import dev.settle.router.rail.RailMetrics;
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
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Speaks to the sandbox bank: one POST for each bulk, answered for every transfer. */
public final class SandboxConnector implements Rail {

  public static final String NAME = "sandbox";

  private static final RailCapabilities CAPABILITIES =
      new RailCapabilities(
          Limits.CONSIGNMENT_CREDITS, true, true, Set.of("CNY", "HKD", "USD", "EUR", "JPY", "SGD"));
  private static final int CONNECTIONS = 8;

  private final HttpClient client;
  private final HttpClient verifier;
  private final RequestOptions transfers;
  private final RequestOptions verifications;
  private final SandboxMessages messages;
  private final Duration answerWithin;

  /**
   * @param bank the bank's base address
   */
  public SandboxConnector(Vertx vertx, URI bank, RailMetrics metrics) {
    this(vertx, bank, metrics, Limits.BANK_ANSWER);
  }

  SandboxConnector(Vertx vertx, URI bank, RailMetrics metrics, Duration answerWithin) {
    this.answerWithin = answerWithin;
    this.client = client(vertx, CONNECTIONS, Limits.DISPATCH_QUEUE_BATCHES);
    this.verifier =
        client(vertx, Limits.VERIFICATION_CONNECTIONS, Limits.VERIFICATION_QUEUE);
    this.transfers = options(bank.resolve("/credit-transfers"));
    this.verifications = options(bank.resolve("/accounts/verify"));
    this.messages = new SandboxMessages(NAME, metrics);
  }

  private HttpClient client(Vertx vertx, int connections, int waiting) {
    return vertx.createHttpClient(
        new HttpClientOptions()
            .setConnectTimeout((int) answerWithin.toMillis())
            .setTcpNoDelay(true)
            .setKeepAlive(true),
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
    return NAME;
  }

  @Override
  public RailCapabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public Future<List<TransferOutcome>> send(List<Transfer> bulk) {
    Buffer body = messages.request(bulk);
    return client
        .request(new RequestOptions(transfers))
        .compose(request -> post(request, body))
        .map(answer -> messages.outcomes(answer, bulk));
  }

  @Override
  public Future<Verification> verify(Payee payee, boolean testCredit, String requestId) {
    Buffer body = SandboxVerification.request(payee, testCredit, requestId);
    return verifier
        .request(new RequestOptions(verifications))
        .compose(request -> post(request, body))
        .map(answer -> SandboxVerification.read(answer, testCredit));
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
    if (response.statusCode() != 200) {
      // What else it says is not read: the request is reset.
      response.exceptionHandler(reset -> {});
      return Future.failedFuture(
          new SandboxException("the bank answered with status " + response.statusCode()));
    }
    return new BoundedAnswer(response, Limits.BANK_ANSWER_BYTES).body();
  }
}
