package dev.settle.demo;

import dev.settle.router.app.SignCommand;
import dev.settle.router.platform.ConfigurationException;
import java.nio.file.Path;
import picocli.CommandLine.Command;

/** {@code settle sign}: with the key that is named, or else that of this checkout's last demo. */
@Command(
    name = "sign",
    description =
        "Sign a request: prints its headers, for curl -H @-. They are good once, for a minute. Without --key: "
            + "with the key of this checkout's last demo.")
final class DemoSignCommand extends SignCommand {

  @Override
  protected Path keyFile() throws Exception {
    Path directory = LastDemo.find();
    if (directory == null) {
      throw new ConfigurationException(
          "--key: name the file with the API key; no demo was started here");
    }
    return WorkingDirectory.apiKey(directory);
  }
}
