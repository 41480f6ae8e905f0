package dev.settle.router.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.openqa.selenium.By;
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
  private static final Duration PATIENCE = Duration.ofSeconds(20);

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
        "--hide-scrollbars",
        "--disable-background-networking",
        "--disable-dev-shm-usage",
        "--lang=en",
        "--window-size=1280,900");
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
  public void awaitState(String state) {
    awaitState("change-state", state);
  }

  /** Waits until what an element tells of is in this state. */
  public void awaitState(String id, String state) {
    waiting()
        .withMessage(() -> id + " is " + text(id) + " and not " + state)
        .until(d -> state.equals(find(id).getDomAttribute("data-state")));
  }

  /** Waits until the page hears of what happens, and shows what it asked for. */
  public void awaitLive() {
    awaitState("connection", "live");
    waiting()
        .withMessage("the page is still loading")
        .until(d -> d.findElements(By.cssSelector("[aria-busy='true']")).isEmpty());
  }

  /**
   * From now on the page is not loaded anew without {@link #stayed} telling, and asks nothing by
   * the clock: what it shows from here on it was told of.
   */
  public void onlyHears() {
    run(
        """
        const real = window.setTimeout;
        const last = real(() => {}, 0);
        for (let timer = 0; timer <= last; timer++) clearTimeout(timer);
        window.setTimeout = (work, ms) => (ms >= 1000 ? 0 : real(work, ms));
        window.stayed = true;
        """);
  }

  public boolean stayed() {
    return Boolean.TRUE.equals(run("return window.stayed === true"));
  }

  /** How many elements of the page a CSS selector finds. */
  public int count(String selector) {
    return driver.findElements(By.cssSelector(selector)).size();
  }

  public void awaitCount(String selector, int wanted) {
    waiting()
        .withMessage(() -> selector + " is there " + count(selector) + " times")
        .until(d -> count(selector) == wanted);
  }

  /** Clicks it; once more when the page was drawn anew meanwhile. */
  public void click(String id) {
    waiting()
        .until(
            d -> {
              find(id).click();
              return true;
            });
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

  /** From now on as on a screen that is so wide. */
  public void asWide(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
  }

  /** What stands out of the page to the right, or is cut in a box of its own; blank: nothing. */
  public String cut() {
    return String.valueOf(
        run(
            """
            const wide = document.documentElement.clientWidth;
            const out = [];
            if (document.documentElement.scrollWidth > wide) out.push("the page scrolls sideways");
            for (const one of document.querySelectorAll("header *, h1, h2, h3, p, dd, dt, label, button, input, select, figure, svg text")) {
              const box = one.getBoundingClientRect();
              const inTable = one.closest(".scroll") || one.closest(".unseen, .skip");
              if (!inTable && box.width > 0 && (box.right > wide + 1 || box.left < -1)) out.push(`${one.tagName} ${one.textContent}`);
            }
            // On a desk a wide table may scroll in its own box; on a phone its rows are blocks, and nothing may.
            for (const one of document.querySelectorAll(".scroll")) {
              if (wide < 600 && one.scrollWidth > one.clientWidth) out.push(`${one.getAttribute("aria-label")}: ${one.scrollWidth} in ${one.clientWidth}`);
            }
            return out.join("; ");
            """));
  }

  /** A picture of the page, and of what is reached by scrolling, up to 1,700 points. */
  public void shoot(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    run("window.scrollTo(0, 0)");
    Map<String, Object> size = new HashMap<>(Map.of("x", 0, "y", 0, "scale", 1));
    size.put("width", run("return document.documentElement.clientWidth"));
    size.put("height", run("return Math.min(1700, document.documentElement.scrollHeight)"));
    Object picture =
        driver
            .executeCdpCommand(
                "Page.captureScreenshot",
                Map.of("format", "png", "captureBeyondViewport", true, "clip", size))
            .get("data");
    Files.write(file, SmallPicture.of(Base64.getDecoder().decode(String.valueOf(picture))));
  }

  /** The page may be drawn anew between finding an element and reading it. */
  private WebDriverWait waiting() {
    WebDriverWait wait = new WebDriverWait(driver, PATIENCE, Duration.ofMillis(20));
    wait.ignoring(StaleElementReferenceException.class);
    return wait;
  }

  @Override
  public void close() {
    driver.quit();
  }
}
