package dev.settle.load.growth;

import dev.settle.load.stand.RouterProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;

/**
 * What a router holds.
 *
 * @param residentMegabytes of the process
 * @param heapMegabytes without garbage
 */
record Memory(double residentMegabytes, double heapMegabytes) {

  private static final double MEGABYTE = 1024.0 * 1024;

  static Memory of(RouterProcess router) throws IOException {
    return new Memory(
        router.residentBytes() / MEGABYTE, router.heapWithoutGarbageBytes() / MEGABYTE);
  }

  JsonObject json() {
    return new JsonObject()
        .put("residentMegabytes", residentMegabytes)
        .put("heapMegabytes", heapMegabytes);
  }
}
