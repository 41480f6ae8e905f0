package dev.settle.router.app;

import dev.settle.router.access.ApiKeyFile;
import dev.settle.router.platform.ConfigurationException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code settle sign}: prints the headers that sign one request, as {@code curl -H @-} reads them.
 */
@Command(
    name = "sign",
    description =
        "Sign a request: prints its headers, for curl -H @-. They are good once, for a minute.",
    mixinStandardHelpOptions = true)
public class SignCommand implements Callable<Integer> {

  private static final int NONCE_BYTES = 12;

  @Parameters(index = "0", paramLabel = "METHOD", description = "GET or POST.")
  private String method = "";

  @Parameters(
      index = "1",
      paramLabel = "TARGET",
      description = "Path and query as they will be sent, such as /v1/transactions.")
  private String target = "";

  @Option(
      names = "--body",
      paramLabel = "FILE",
      description = "The body, byte for byte (curl: --data-binary @FILE); default: none.")
  private @Nullable Path body;

  @Option(names = "--key", paramLabel = "FILE", description = "What `settle key issue` printed.")
  private @Nullable Path key;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** The file of the key where nobody names one. */
  protected Path keyFile() throws Exception {
    throw new ConfigurationException("--key: name the file with the API key");
  }

  @Override
  public Integer call() throws Exception {
    if (!target.startsWith("/")) {
      throw new ConfigurationException("TARGET begins with a slash: no host, no scheme");
    }
    byte[] nonce = new byte[NONCE_BYTES];
    new SecureRandom().nextBytes(nonce);
    PrintWriter out = spec.commandLine().getOut();
    ApiKeyFile.read(key == null ? keyFile() : key)
        .headers(
            method.toUpperCase(Locale.ROOT),
            target,
            bytes(),
            Instant.now().getEpochSecond(),
            HexFormat.of().formatHex(nonce))
        .forEach((name, value) -> out.println(name + ": " + value));
    out.flush();
    return Cli.GOOD;
  }

  private byte[] bytes() {
    try {
      return body == null ? new byte[0] : Files.readAllBytes(body);
    } catch (IOException e) {
      throw new ConfigurationException("--body: cannot read " + body);
    }
  }
}
