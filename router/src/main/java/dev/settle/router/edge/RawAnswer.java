package dev.settle.router.edge;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Problem;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * A problem document as bytes of HTTP/1.1, for connections on which no request has come to its end,
 * so that nobody is there to answer it. The connection is closed after it.
 */
final class RawAnswer {

  private final byte[] bytes;

  RawAnswer(Problem problem) {
    String body = problem.json().encode();
    String head =
        "HTTP/1.1 "
            + HttpResponseStatus.valueOf(problem.status())
            + "\r\nContent-Type: "
            + Problem.CONTENT_TYPE
            + "\r\nConnection: close\r\nRetry-After: "
            + Limits.RETRY_AFTER_SECONDS
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n";
    this.bytes = (head + body).getBytes(US_ASCII);
  }

  /** To be written once. */
  ByteBuf buffer() {
    return Unpooled.wrappedBuffer(bytes);
  }
}
