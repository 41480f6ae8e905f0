package dev.settle.router.edge;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** The last frame of an HTTP/2 connection that is cut off; RFC 9113, section 6.8. */
final class GoAway {

  private static final int TYPE = 0x7;
  private static final int ENHANCE_YOUR_CALM = 0xb;
  private static final int FIXED_BYTES = 8;
  private static final byte[] WHY =
      "frames without content beyond the bound; send requests".getBytes(US_ASCII);

  private GoAway() {}

  static ByteBuf calmDown() {
    return Unpooled.buffer()
        .writeMedium(FIXED_BYTES + WHY.length)
        .writeByte(TYPE)
        .writeByte(0)
        .writeInt(0)
        .writeInt(Integer.MAX_VALUE)
        .writeInt(ENHANCE_YOUR_CALM)
        .writeBytes(WHY);
  }
}
