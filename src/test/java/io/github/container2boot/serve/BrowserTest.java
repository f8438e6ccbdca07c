package io.github.container2boot.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.serve.http.ClientRequest;
import io.github.container2boot.serve.http.HttpSettings;
import io.github.container2boot.testing.Tools;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The page in a real browser. Screenshots are kept below target/screenshots, to be looked at.
@Timeout(240)
class BrowserTest {
  private static final Path SCREENSHOTS = Path.of("target", "screenshots").toAbsolutePath();

  @TempDir Path temporary;
  private final List<ServedSystem> systems = new ArrayList<>();
  private BootServer server;
  private volatile Callable<?> onFirstPage = () -> null;

  @BeforeEach
  void start() throws Exception {
    Tools.require("chromium", "timeout");
    Path layout = ServedMachine.image(temporary);
    systems.add(ServedMachine.open("deb", layout, temporary.resolve("one")));
    systems.add(ServedMachine.open("lab", layout, temporary.resolve("two")));
    HardwareAddress machine = new HardwareAddress("52:54:00:12:34:56");
    server =
        BootServer.start(
            HttpSettings.loopback(),
            systems,
            new MachineChoice(List.of(new MachineChoice.Rule(machine, "lab")), "deb"),
            Files.createDirectory(temporary.resolve("scratch")),
            new BootLog() {
              @Override
              public void booted(MachineProgress boot) {}

              @Override
              public void answered(
                  ClientRequest request, int status, long sentBytes, boolean complete) {
                if (request.path().equals("/")) {
                  pageWasSeen();
                }
              }
            });
    get("/_machine/52:54:00:12:34:56/grub.cfg");
    get("/lab/vmlinuz");
    awaitDigests();
  }

  private void pageWasSeen() {
    Callable<?> work = onFirstPage;
    onFirstPage = () -> null;
    try {
      work.call();
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }

  @AfterEach
  void stop() throws Exception {
    if (server != null) {
      server.close();
    }
    for (ServedSystem system : systems) {
      system.close();
    }
  }

  /// Headless browsers need JavaScript themselves, so it is the page that has none.
  @Test
  void thePageIsWholeWithoutItsScript() throws Exception {
    String without = get("/").replaceFirst("(?s)<script>.*</script>", "");
    Path file = Files.writeString(temporary.resolve("page.html"), without);
    String page = seen(file.toUri().toString(), "page-without-script");
    assertThat(page)
        .contains("52:54:00:12:34:56")
        .contains(server.origin().url("/deb/esp/EFI/BOOT/BOOTX64.EFI"))
        .doesNotContain("<button");
  }

  /// The policy lets the script run, and nothing is complained about.
  @Test
  void theScriptAddsButtons() throws Exception {
    String page = seen(server.origin().url("/"), "page");
    assertThat(page.split("<button type=\"button\">Copy</button>", -1)).hasSize(9);
    assertThat(log()).doesNotContain("Refused to").doesNotContain("Content Security Policy");
  }

  /// A machine that is done after the page was loaded is done on the page. The browser's clock runs
  /// ahead whenever it waits for nothing.
  @Test
  void thePageUpdatesItself() throws Exception {
    onFirstPage = () -> get("/deb/squashfs.img");
    String page = run("--virtual-time-budget=60000", "--dump-dom", server.origin().url("/"));
    assertThat(page).contains("data-fresh=").contains("class=\"done\">booted<");
  }

  /// What the browser has of a page once its script ran, for people as a picture.
  private String seen(String url, String screenshot) throws Exception {
    Files.createDirectories(SCREENSHOTS);
    Path picture = SCREENSHOTS.resolve(screenshot + ".png");
    Files.deleteIfExists(picture);
    run("--window-size=1100,1200", "--screenshot=" + picture, url);
    assertThat(picture).isNotEmptyFile();
    return run("--virtual-time-budget=1000", "--dump-dom", url);
  }

  private String run(String... arguments) throws Exception {
    Process browser =
        new ProcessBuilder(words(arguments))
            .redirectError(temporary.resolve("log").toFile())
            .start();
    String out = new String(browser.getInputStream().readAllBytes(), UTF_8);
    assertThat(browser.waitFor()).as(log()).isZero();
    return out;
  }

  private String log() throws Exception {
    return Files.readString(temporary.resolve("log"));
  }

  /// Tests may run as root, where the browser's sandbox does not.
  private List<String> words(String... arguments) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "timeout",
                "100",
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--enable-logging=stderr",
                "--user-data-dir=" + temporary.resolve("profile")));
    words.addAll(Arrays.asList(arguments));
    return words;
  }

  private void awaitDigests() {
    systems.stream().flatMap(system -> system.files().stream()).forEach(file -> file.body().join());
  }

  private String get(String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(server.origin().url(path))).build(),
              BodyHandlers.ofString(UTF_8))
          .body();
    }
  }
}
