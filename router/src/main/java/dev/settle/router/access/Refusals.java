package dev.settle.router.access;

import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import java.util.List;
import java.util.stream.Stream;

/** What a caller is told whose credentials are not taken: one code for each thing to do. */
final class Refusals {

  static final Problem UNAUTHENTICATED =
      new Problem(
          401,
          "unauthenticated",
          null,
          "Send Authorization: Bearer with a token, or sign the request with an API key, or show a client"
              + " certificate.");
  static final Problem TWO_CREDENTIALS =
      new Problem(
          401,
          "two-credentials",
          null,
          "Send either one Authorization header or one signature, not both.");

  static final Problem TOKEN_INVALID =
      new Problem(
          401,
          "token-invalid",
          null,
          "The token is none that is taken here, or was altered; get a new one from its issuer.");
  static final Problem TOKEN_EXPIRED =
      new Problem(401, "token-expired", null, "The token has expired; get a new one.");
  static final Problem TOKEN_NOT_YET_VALID =
      new Problem(
          401,
          "token-not-yet-valid",
          null,
          "The token is not valid yet; wait, or set the issuer's clock.");
  static final Problem TOKEN_TOO_LONG =
      new Problem(
          401,
          "token-too-long",
          null,
          "The token is valid for longer than is allowed here; get one for less time.");
  static final Problem TOKEN_NOT_FOR_US =
      new Problem(
          401,
          "token-not-for-us",
          null,
          "The token is of another issuer or for another audience; get one for this router.");
  static final Problem TOKEN_CLAIMS =
      new Problem(
          401,
          "token-claims",
          null,
          "A token needs sub, exp and exactly one known role; one of a terminal needs its acquirer as well.");
  static final Problem TOKEN_KEYS_AWAY =
      new Problem(
          503,
          "token-keys-away",
          null,
          "The keys that this token is signed with cannot be read now; try again later.");

  static final Problem SIGNATURE_MALFORMED =
      new Problem(
          401,
          "signature-malformed",
          null,
          "Send Signature-Input, Signature and Content-Digest once each, as /docs says how.");
  static final Problem SIGNATURE_INVALID =
      new Problem(
          401,
          "signature-invalid",
          null,
          "The signature is not that of this request; compare what was signed with what /docs says.");
  static final Problem SIGNATURE_EXPIRED =
      new Problem(
          401,
          "signature-expired",
          null,
          "The signature is too old; set the clock by the Date of this answer and sign anew for each attempt.");
  static final Problem SIGNATURE_NOT_YET_VALID =
      new Problem(
          401,
          "signature-not-yet-valid",
          null,
          "The signature is from the future; set the clock by the Date of this answer and sign anew.");
  static final Problem SIGNATURE_REPLAYED =
      new Problem(
          401,
          "signature-replayed",
          null,
          "This signature was used before; sign each attempt anew, with a nonce of its own.");
  static final Problem KEY_UNKNOWN =
      new Problem(
          401,
          "key-unknown",
          null,
          "There is no such API key, or it has expired or was revoked; ask for a new one.");
  static final Problem DIGEST_MISMATCH =
      new Problem(
          401,
          "content-digest-mismatch",
          null,
          "The body is not the one that Content-Digest was made of; nothing of it was taken.");
  static final Problem SIGNATURES_FULL =
      new Problem(
          503,
          "signatures-full",
          null,
          "More signed requests came than can be remembered; sign the same anew after Retry-After seconds.");
  static final Problem SIGNED_UPLOADS_BUSY =
      new Problem(
          503,
          "signed-uploads-busy",
          null,
          "Too many signed uploads are held; sign the same anew after Retry-After seconds.");

  static final Problem CERTIFICATE_UNKNOWN =
      new Problem(
          401,
          "certificate-unknown",
          null,
          "The client certificate names no acquirer; ask for one with a URI urn:settle:acquirer:… in it.");
  static final Problem CERTIFICATE_EXPIRED =
      new Problem(
          401,
          "certificate-expired",
          null,
          "The client certificate has expired since the connection was made; connect with a new one.");

  /**
   * A connection that was refused for its client certificate, before any call: no problem is
   * answered.
   */
  static final String CERTIFICATE_REFUSED = "certificate-refused";

  /** The codes of all of them, and of what a caller is refused for who may call. */
  static final List<String> CODES =
      Stream.concat(
              Stream.of(
                      UNAUTHENTICATED,
                      TWO_CREDENTIALS,
                      TOKEN_INVALID,
                      TOKEN_EXPIRED,
                      TOKEN_NOT_YET_VALID,
                      TOKEN_TOO_LONG,
                      TOKEN_NOT_FOR_US,
                      TOKEN_CLAIMS,
                      TOKEN_KEYS_AWAY,
                      SIGNATURE_MALFORMED,
                      SIGNATURE_INVALID,
                      SIGNATURE_EXPIRED,
                      SIGNATURE_NOT_YET_VALID,
                      SIGNATURE_REPLAYED,
                      KEY_UNKNOWN,
                      DIGEST_MISMATCH,
                      SIGNATURES_FULL,
                      SIGNED_UPLOADS_BUSY,
                      CERTIFICATE_UNKNOWN,
                      CERTIFICATE_EXPIRED,
                      Scope.NOT_YOUR_ACQUIRER,
                      Scope.NOT_YOUR_MERCHANT)
                  .map(Problem::code),
              Stream.of(AccessHandler.FORBIDDEN, CERTIFICATE_REFUSED))
          .toList();

  private Refusals() {}

  static ProblemException refusal(Problem problem) {
    return new ProblemException(problem);
  }
}
