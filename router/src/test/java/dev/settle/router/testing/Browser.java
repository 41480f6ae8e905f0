package dev.settle.router.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A real headless Chromium with a fresh profile, as a person in front of it uses it. */
public final class Browser implements AutoCloseable {

  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final String LEFT_OUT =
      "LEFT OUT: the console in a browser; install the packages chromium and chromium-driver";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ChromeDriver driver;
  private final String address;

  private Browser(ChromeDriver driver, String address) {
    this.driver = driver;
    this.address = address;
  }

  /** Opens the console of a node; skips the test, and says so, where there is no browser. */
  public static Browser at(int port) {
    boolean there = Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
    if (!there) {
      System.err.println(LEFT_OUT);
    }
    assumeTrue(there, LEFT_OUT);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.addArguments(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-dev-shm-usage",
        "--lang=en",
        "--window-size=1200,900");
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(DRIVER.toFile())
            .usingAnyFreePort()
            .build();
    Browser browser =
        new Browser(new ChromeDriver(service, options), "http://127.0.0.1:" + port + "/console/");
    browser.driver.get(browser.address);
    return browser;
  }

  public void open(String hash) {
    driver.get(address + hash);
  }

  public void signIn(String token) {
    type("token", token);
    click("sign-in");
    find("who");
  }

  public WebElement find(String id) {
    return waiting().until(d -> d.findElements(By.id(id)).stream().findFirst().orElse(null));
  }

  public boolean has(String id) {
    return !driver.findElements(By.id(id)).isEmpty();
  }

  public String text(String id) {
    return find(id).getText();
  }

  public void awaitText(String id, String part) {
    waiting().withMessage(() -> id + " is " + text(id)).until(d -> text(id).contains(part));
  }

  /** Waits until a change that the page shows is in this state. */
  public void awaitState(String state, Duration atMost) {
    waiting(atMost).until(d -> state.equals(find("change-state").getDomAttribute("data-state")));
  }

  public void click(String id) {
    find(id).click();
  }

  public void type(String id, String text) {
    WebElement field = find(id);
    field.clear();
    field.sendKeys(text);
  }

  public void choose(String id, String value) {
    new Select(find(id)).selectByValue(value);
  }

  public Object run(String script) {
    return driver.executeScript(script);
  }

  /** What the browser itself complained of since it was last asked. */
  public String complaints() {
    return driver.manage().logs().get("browser").getAll().toString();
  }

  /** From now on as on a phone that is 360 pixels wide. */
  public void asPhone() {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", 360, "height", 740, "deviceScaleFactor", 1, "mobile", true));
  }

  public void shoot(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
  }

  private WebDriverWait waiting() {
    return waiting(PATIENCE);
  }

  /** The page may be drawn anew between finding an element and reading it. */
  private WebDriverWait waiting(Duration atMost) {
    WebDriverWait wait = new WebDriverWait(driver, atMost, Duration.ofMillis(20));
    wait.ignoring(StaleElementReferenceException.class);
    return wait;
  }

  @Override
  public void close() {
    driver.quit();
  }
}
