package dev.settle.router.webhook;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.List;

/** Finds the addresses of a host, all of them; fails or finds none when its name is not known. */
@FunctionalInterface
interface Resolver {
  Future<List<InetAddress>> resolve(String host);
}
