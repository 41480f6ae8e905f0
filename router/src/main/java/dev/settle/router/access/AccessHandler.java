package dev.settle.router.access;

import dev.settle.router.platform.Bodies;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import io.netty.handler.codec.DateFormatter;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a call through to its route when who makes it has shown a role that {@link Route} allows, by
 * a bearer token, by the signature of an API key, or by a client certificate; 401 or 403 otherwise.
 * A token or signature that is sent is what counts, however good the certificate.
 */
public final class AccessHandler implements Handler<RoutingContext> {

  private static final Logger LOG = LoggerFactory.getLogger(AccessHandler.class);
  private static final String PRINCIPAL = "principal";
  private static final String HANDLER = "accessHandler";
  private static final String BODY = "signedRequestBody";
  static final String FORBIDDEN = "forbidden";
  private static final String SCHEME = "Bearer ";
  private static final String SIGNATURE_SCHEME = "Signature";

  private final Door door;
  private final Route route;
  private final AccessAudit audit;
  private final Problem forbidden;

  public AccessHandler(Door door, Route route) {
    this.door = door;
    this.route = route;
    this.audit = new AccessAudit(door.credentials().trail(), route);
    this.forbidden =
        new Problem(403, "forbidden", null, "This route takes callers of: " + roles(route) + ".");
  }

  /** Who is calling; set on every route that is not open. */
  public static Principal caller(RoutingContext call) {
    return call.get(PRINCIPAL);
  }

  /**
   * Why a transaction of this merchant is none of the caller's, or null when it is. What is, is
   * heard of as any other refusal.
   */
  public static @Nullable Problem outOfScope(
      RoutingContext call, String acquirerId, String merchantId) {
    Problem problem = caller(call).scope().refusal(acquirerId, merchantId);
    if (problem != null) {
      call.<AccessHandler>get(HANDLER).hear(call, problem, caller(call));
    }
    return problem;
  }

  /** The body of a signed request, which has been read; null where it is still to be read. */
  public static byte @Nullable [] signedBody(RoutingContext call) {
    return call.get(BODY);
  }

  @Override
  public void handle(RoutingContext call) {
    boolean signed = RequestSignatures.isSigned(call.request());
    List<String> authorizations = call.request().headers().getAll(HttpHeaders.AUTHORIZATION);
    if (authorizations.size() + (signed ? 1 : 0) > 1) {
      // A proxy on the way might look at the other.
      refuse(call, Refusals.TWO_CREDENTIALS, null);
    } else if (signed) {
      bySignature(call);
    } else if (authorizations.isEmpty()) {
      byCertificate(call);
    } else {
      byToken(call, token(authorizations.get(0)));
    }
  }

  private void byToken(RoutingContext call, @Nullable String token) {
    if (token == null) {
      refuse(call, Refusals.UNAUTHENTICATED, null);
      return;
    }
    Tokens tokens = door.credentials().tokens();
    Principal known = tokens.remembered(token);
    if (known != null) {
      pass(call, known);
      return;
    }
    // The body waits until a handler asks for it: by Bodies, by an NDJSON exchange, or by the end
    // of a refusal.
    call.request().pause();
    tokens
        .verify(token)
        .onSuccess(principal -> audit.loggedIn(call, principal))
        .onSuccess(principal -> pass(call, principal))
        .onFailure(refused -> refuse(call, problem(refused), null));
  }

  private static Problem problem(Throwable refused) {
    if (refused instanceof ProblemException known) {
      return known.problem();
    }
    LOG.error("a token could not be verified", refused);
    return Refusals.TOKEN_INVALID;
  }

  private void byCertificate(RoutingContext call) {
    ClientCertificates.Shown shown = door.certificates().of(call.request().connection());
    Principal caller = shown.caller();
    if (caller == null) {
      refuse(
          call,
          shown.certificate() ? Refusals.CERTIFICATE_UNKNOWN : Refusals.UNAUTHENTICATED,
          null);
    } else if (!caller.expiresAt().isAfter(now())) {
      refuse(call, Refusals.CERTIFICATE_EXPIRED, caller);
    } else {
      if (shown.first()) {
        audit.loggedIn(call, caller);
      }
      pass(call, caller);
    }
  }

  private Instant now() {
    return door.credentials().clock().instant();
  }

  private void bySignature(RoutingContext call) {
    RequestSignatures.Checked checked = door.signatures().check(call.request());
    Problem refusal = checked.refusal();
    Principal caller = checked.caller();
    if (checked.first() && caller != null) {
      audit.loggedIn(call, caller);
    }
    if (refusal != null || caller == null) {
      refuse(call, refusal == null ? Refusals.SIGNATURE_INVALID : refusal, caller);
    } else if (isForbidden(caller)) {
      refuse(call, forbidden, caller);
    } else if (route.method() == HttpMethod.GET) {
      if (door.signatures().isBody(new byte[0], checked.digest())) {
        pass(call, caller);
      } else {
        refuse(call, Refusals.DIGEST_MISMATCH, caller);
      }
    } else if (route == Route.SUBMIT_TRANSACTIONS) {
      readUpload(call, caller, checked.digest());
    } else {
      read(call, caller, checked.digest(), Limits.TRANSACTION_BYTES);
    }
  }

  private void readUpload(RoutingContext call, Principal caller, byte[] digest) {
    if (door.holdUpload()) {
      // The end may be heard of more than once.
      AtomicBoolean held = new AtomicBoolean(true);
      call.addEndHandler(
          ended -> {
            if (held.getAndSet(false)) {
              door.letGoOfUpload();
            }
          });
      read(call, caller, digest, Limits.SIGNED_BULK_BYTES);
    } else {
      refuse(call, Refusals.SIGNED_UPLOADS_BUSY, caller);
    }
  }

  /** Nothing of a body is looked at before all of it is known to be what was signed. */
  private void read(RoutingContext call, Principal caller, byte[] digest, int limit) {
    Bodies.read(call.request(), limit)
        .onSuccess(body -> compare(call, caller, digest, body))
        .onFailure(failure -> unread(call, failure));
  }

  private void compare(RoutingContext call, Principal caller, byte[] digest, Buffer body) {
    byte[] bytes = body.getBytes();
    if (door.signatures().isBody(bytes, digest)) {
      call.put(BODY, bytes);
      pass(call, caller);
    } else {
      refuse(call, Refusals.DIGEST_MISMATCH, caller);
    }
  }

  private static void unread(RoutingContext call, Throwable failure) {
    if (failure instanceof ProblemException known) {
      known.problem().answer(call.request());
    } else {
      LOG.debug("a signed request was cut off", failure);
      call.response().reset();
    }
  }

  private void pass(RoutingContext call, Principal caller) {
    if (isForbidden(caller)) {
      refuse(call, forbidden, caller);
      return;
    }
    call.put(PRINCIPAL, caller);
    call.put(HANDLER, this);
    audit.calls(call, caller);
    if (route.method() == HttpMethod.GET) {
      call.request().resume();
    }
    call.next();
  }

  private boolean isForbidden(Principal caller) {
    return !route.roles().contains(caller.role());
  }

  private void refuse(RoutingContext call, Problem problem, @Nullable Principal caller) {
    hear(call, problem, caller);
    if (RequestSignatures.isSigned(call.request())) {
      call.response().putHeader("Date", DateFormatter.format(Date.from(now())));
      if (problem.status() == 401) {
        call.response().putHeader("WWW-Authenticate", SIGNATURE_SCHEME);
      }
    }
    problem.answer(call.request());
  }

  private void hear(RoutingContext call, Problem problem, @Nullable Principal caller) {
    door.credentials().count(problem.code());
    audit.refused(call, caller, problem.code());
  }

  private static @Nullable String token(String header) {
    return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? header.substring(SCHEME.length()).trim()
        : null;
  }

  private static String roles(Route route) {
    return String.join(", ", route.roles().stream().map(Role::text).sorted().toList());
  }
}
