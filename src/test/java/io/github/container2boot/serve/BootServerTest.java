package io.github.container2boot.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.boot.Architecture;
import io.github.container2boot.boot.BootableFiles;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.oci.Digest;
import io.github.container2boot.serve.http.ClientRequest;
import io.github.container2boot.serve.http.HttpSettings;
import io.github.container2boot.serve.tftp.TransferObserver.Ending;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two images under one address, and one machine that has its own.
@Timeout(120)
class BootServerTest {
  private static final HardwareAddress LAB = new HardwareAddress("52:54:00:12:34:56");
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  @TempDir Path temporary;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<MachineProgress> boots = new CopyOnWriteArrayList<>();
  private final List<String> answers = new CopyOnWriteArrayList<>();
  private final List<ServedSystem> systems = new ArrayList<>();
  private BootServer server;

  @BeforeEach
  void start() throws Exception {
    Path layout = ServedMachine.image(temporary);
    systems.add(ServedMachine.open("deb", layout, temporary.resolve("one")));
    systems.add(ServedMachine.open("lab", layout, temporary.resolve("two")));
    server = start(List.of(new MachineChoice.Rule(LAB, "lab")));
  }

  private BootServer start(List<MachineChoice.Rule> rules) throws Exception {
    return BootServer.start(
        HttpSettings.loopback(),
        systems,
        new MachineChoice(rules, "deb"),
        Files.createTempDirectory(temporary, "scratch"),
        new BootLog() {
          @Override
          public void booted(MachineProgress boot) {
            boots.add(boot);
          }

          @Override
          public void answered(
              ClientRequest request, int status, long sentBytes, boolean complete) {
            answers.add(request.path() + " " + status + " " + sentBytes + " " + complete);
          }
        });
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    for (ServedSystem system : systems) {
      system.close();
    }
    client.close();
  }

  @Test
  void theFilesAreThoseOfTheImage() throws Exception {
    ServedSystem system = systems.getFirst();
    for (ServedFile file : system.files()) {
      byte[] bytes = file.content().toByteArray();
      HttpResponse<byte[]> response = get(system.path(file.path()));
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).as(file.path()).isEqualTo(bytes);
      assertThat(response.headers().firstValue("ETag"))
          .contains('"' + Digest.of(Digest.Algorithm.SHA256, bytes).hex() + '"');
    }
    assertThat(system.files())
        .extracting(ServedFile::path)
        .contains("/vmlinuz", "/initrd", "/squashfs.img", "/disk.img", "/esp/EFI/BOOT/BOOTX64.EFI");
    assertThat(get("/deb/esp/EFI/BOOT/grubx64.efi").body()).isEqualTo(BootableFiles.networkGrub());
  }

  @Test
  void partsOfTheRootAreItsBytes() throws Exception {
    byte[] root = systems.getFirst().file(ServedSystem.ROOT).orElseThrow().content().toByteArray();
    HttpResponse<byte[]> response = get("/deb/squashfs.img", "Range", "bytes=12345-234567");
    assertThat(response.statusCode()).isEqualTo(206);
    assertThat(response.body()).isEqualTo(Arrays.copyOfRange(root, 12_345, 234_568));
  }

  /// Firmware writes paths in its own way.
  @Test
  void namesAreFoundHoweverTheyAreWritten() throws Exception {
    for (String path :
        List.of(
            "deb/esp/EFI/BOOT//grubx64.efi",
            "/deb/esp/efi/boot/GRUBX64.EFI",
            "\\deb\\esp\\EFI\\BOOT\\grubx64.efi")) {
      assertThat(server.find(path, LOOPBACK).map(BootServerTest::bytes))
          .as(path)
          .contains(BootableFiles.networkGrub());
    }
  }

  @Test
  void nothingElseIsThere() throws Exception {
    for (String path :
        List.of(
            "",
            "/",
            "..",
            "../../etc/passwd",
            "/deb/../lab/vmlinuz",
            "/etc/passwd",
            "deb",
            "/deb/esp",
            "/_machine",
            "/_machine/x/grub.cfg",
            "/_machine/52:54:00:12:34:56/vmlinuz",
            "/x/boot.ipxe",
            "x".repeat(5000))) {
      assertThat(server.find(path, LOOPBACK)).as(path).isEmpty();
    }
  }

  @Test
  void theKernelIsToldWhereTheClientFoundTheServer() throws Exception {
    String script = text("/deb/boot.ipxe");
    String base = server.origin().url("/deb");
    assertThat(script)
        .startsWith("#!ipxe\n")
        .contains(
            "kernel %1$s/vmlinuz initrd=initrd root=live:%1$s/squashfs.img rd.neednet=1 ip=dhcp rd.live.image rd.live.overlay.readonly quiet console=ttyS0 "
                .formatted(base))
        .contains("initrd --name initrd %s/initrd ".formatted(base));
    String grub = text("/deb/grub.cfg");
    assertThat(grub)
        .contains("linux '(http,%s)/deb/vmlinuz'".formatted(server.origin().authority()))
        .contains("initrd '(http,%s)/deb/initrd'".formatted(server.origin().authority()))
        .contains("'root=live:%s/squashfs.img'".formatted(base))
        .contains("serial --unit=0");
    assertThat(text("/deb/esp/EFI/debian/grub.cfg")).isEqualTo(grub);
    assertThat(text("/deb/esp/EFI/BOOT/grub.cfg")).isEqualTo(grub);
  }

  @Test
  void aMachineWithARuleGetsItsOwn() throws Exception {
    assertThat(text("/_machine/52:54:00:12:34:56/grub.cfg")).contains("/lab/vmlinuz");
    assertThat(text("/_machine/52-54-00-12-34-56/boot.ipxe")).contains("/lab/vmlinuz");
    assertThat(text("/grub.cfg-01-52-54-00-12-34-56")).contains("/lab/vmlinuz");
    assertThat(text("/grub.cfg-01-52-54-00-12-34-57")).contains("/deb/vmlinuz");
    assertThat(text("/boot.ipxe"))
        .contains("/_machine/${netX/mac:hexhyp}/boot.ipxe || ")
        .contains("/deb/boot.ipxe");
    assertThat(text("/grub/x86_64-efi/grub.cfg"))
        .contains("if [ \"$net_default_mac\" = '52:54:00:12:34:56' ]; then")
        .contains("/_machine/52:54:00:12:34:56/grub.cfg'")
        .contains("/_machine/'\"$net_default_mac\"'/grub.cfg'")
        .doesNotContain("-f ", "$cmdpath")
        .contains("configfile '(http,%s)/deb/grub.cfg'".formatted(server.origin().authority()));
    assertThat(server.firstProgram(Optional.of(LAB), Architecture.X86_64))
        .contains("/lab/esp/EFI/BOOT/BOOTX64.EFI");
    assertThat(server.firstProgram(Optional.empty(), Architecture.X86_64))
        .contains("/deb/esp/EFI/BOOT/BOOTX64.EFI");
    assertThat(server.firstProgram(Optional.empty(), Architecture.AARCH64)).isEmpty();
  }

  @Test
  void withoutRulesNobodyIsAsked() throws Exception {
    try (BootServer plain = start(List.of())) {
      String script =
          client
              .send(
                  HttpRequest.newBuilder(URI.create(plain.origin().url("/boot.ipxe"))).build(),
                  BodyHandlers.ofString())
              .body();
      assertThat(script).contains("/deb/vmlinuz").doesNotContain("machine");
    }
  }

  @Test
  void aRuleForNothingIsAnError() {
    assertThatThrownBy(() -> start(List.of(new MachineChoice.Rule(LAB, "other"))))
        .isInstanceOf(ServeException.class)
        .hasMessage("no image is called other; there is deb, lab");
  }

  @Test
  void aPortInUseIsAnError() {
    HttpSettings taken = HttpSettings.of(server.address());
    assertThatThrownBy(() ->
            BootServer.start(
                taken,
                systems,
                new MachineChoice(List.of(), "deb"),
                Files.createTempDirectory(temporary, "scratch"),
                _ -> {}))
        .isInstanceOf(ServeException.class)
        .hasMessageContaining("cannot listen there");
  }

  @Test
  void aBootIsToldOnce() throws Exception {
    for (String path :
        List.of(
            "/deb/esp/EFI/BOOT/BOOTX64.EFI",
            "/deb/esp/EFI/BOOT/grubx64.efi",
            "/grub/grub.cfg",
            "/deb/grub.cfg",
            "/deb/vmlinuz",
            "/deb/initrd")) {
      get(path);
    }
    assertThat(boots).isEmpty();
    assertThat(text("/")).contains("127.0.0.1").contains(">initrd<");
    get("/deb/squashfs.img", "Range", "bytes=0-999");
    await(() -> answers.stream().anyMatch(line -> line.startsWith("/deb/squashfs.img 206 1000 ")));
    assertThat(boots).isEmpty();
    get("/deb/squashfs.img");
    await(() -> !boots.isEmpty());
    assertThat(boots).hasSize(1);
    assertThat(boots.getFirst().isComplete()).isTrue();
    assertThat(boots.getFirst().image()).isEqualTo("deb");
    assertThat(text("/")).contains("class=\"done\">booted<");
    assertThat(text("/metrics"))
        .contains("container2boot_boots_total{image=\"deb\",end=\"booted\"} 1\n")
        .contains("container2boot_boots_total{image=\"deb\",end=\"stopped\"} 0\n");

    get("/deb/vmlinuz");
    get("/lab/vmlinuz");
    await(() -> boots.size() == 2);
    assertThat(boots.getLast().stage()).isEqualTo(Stage.KERNEL);
    assertThat(boots.getLast().image()).isEqualTo("deb");
  }

  @Test
  void lookingAtItIsNoBoot() throws Exception {
    get("/");
    get("/healthz");
    get("/metrics");
    get("/deb/disk.img");
    get("/nothing");
    send("HEAD", "/deb/squashfs.img");
    assertThat(text("/")).contains("None has asked for anything yet.");
  }

  @Test
  void thePageSaysHowToBoot() throws Exception {
    await(() ->
        systems.stream()
            .flatMap(system -> system.files().stream())
            .allMatch(file -> file.body().isDone()));
    HttpResponse<byte[]> response = get("/");
    String page = new String(response.body(), UTF_8);
    assertThat(page)
        .contains("Debian GNU/Linux 13 (trixie), kernel 6.12.1-1")
        .contains(server.origin().url("/deb/esp/EFI/BOOT/BOOTX64.EFI"))
        .contains("chain " + server.origin().url("/lab/boot.ipxe"))
        .contains("root=live:" + server.origin().url("/deb/squashfs.img"))
        .contains("; for 52:54:00:12:34:56")
        .contains(
            Digest.of(
                    Digest.Algorithm.SHA256,
                    systems
                        .getFirst()
                        .file(ServedSystem.KERNEL)
                        .orElseThrow()
                        .content()
                        .toByteArray())
                .hex());
    assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'none'; style-src 'sha256-")
        .doesNotContain("unsafe");
  }

  @Test
  void whatIsShownCannotBecomeMarkup() {
    assertThat(StatusPage.escaped("<script>\"&'\u0007"))
        .isEqualTo("&lt;script&gt;&quot;&amp;&#39;\ufffd");
  }

  @Test
  void theMetricsAreInOrder() throws Exception {
    get("/deb/vmlinuz");
    get("/nothing");
    await(() -> answers.size() >= 2);
    server.metrics().transferred(948_768, new Ending.Complete());
    server.metrics().transferred(948_768, new Ending.Declined("only the size"));
    String metrics = text("/metrics");
    assertThat(metrics.lines().filter(line -> !line.startsWith("#")))
        .allMatch(line -> line.matches("container2boot_[a-z_]+(\\{[^}]*\\})? [0-9]+"));
    assertThat(metrics)
        .contains("container2boot_http_responses_total{code=\"404\"} 1\n")
        .contains("# TYPE container2boot_http_sent_bytes_total counter\n")
        .contains("container2boot_tftp_transfers_total{end=\"declined\"} 1\n")
        .contains("container2boot_tftp_sent_bytes_total 948768\n");
    assertThat(text("/healthz")).isEqualTo("ok\n");
  }

  @Test
  void anInitrdThatFetchesNoRootIsServedOnlyByForce() throws Exception {
    Path layout =
        ServedMachine.image(
            temporary,
            Map.of(
                "boot/initrd.img-" + BootableFiles.KERNEL, BootableFiles.initrdWithoutNetwork()));
    assertThatThrownBy(() -> ServedMachine.open("a", layout, temporary.resolve("a"), false))
        .isInstanceOf(ServeException.class);
    ServedMachine.open("b", layout, temporary.resolve("b"), true).close();

    Path output = temporary.resolve("out");
    ServedMachine.build(layout, output);
    try (BuiltSystem built = BuiltSystem.open(output)) {
      assertThatThrownBy(() -> ServedSystem.of("c", built, false))
          .isInstanceOf(ServeException.class);
      assertThat(ServedSystem.of("d", built, true).name()).isEqualTo("d");
    }
  }

  @Test
  void whatWasBuiltIsServedAsItIs() throws Exception {
    Path layout = ServedMachine.image(temporary);
    Path output = temporary.resolve("out");
    ServedMachine.build(layout, output);
    Path configuration = output.resolve("esp/EFI/debian/grub.cfg");
    Files.writeString(
        configuration, Files.readString(configuration).replace("'quiet'", "'loglevel=7' 'a b'"));
    Path disk = Files.copy(output.resolve("disk.img"), temporary.resolve("machine.img"));
    ServedSystem opened = systems.getFirst();
    for (Path path : List.of(output, output.resolve("esp"), disk)) {
      assertThat(BuiltSystem.isAt(path)).isTrue();
      try (ServedSystem system = ServedSystem.of("built", BuiltSystem.open(path), false)) {
        for (String file : List.of(ServedSystem.KERNEL, ServedSystem.INITRD, ServedSystem.ROOT)) {
          assertThat(system.file(file).orElseThrow().content().toByteArray())
              .isEqualTo(opened.file(file).orElseThrow().content().toByteArray());
        }
        assertThat(bytes(system.file("/esp/EFI/BOOT/grubx64.efi").orElseThrow().content()))
            .isEqualTo(BootableFiles.networkGrub());
        assertThat(system.commandLine("http://a/b").text())
            .isEqualTo(
                "root=live:http://a/b rd.neednet=1 ip=dhcp rd.live.image rd.live.overlay.readonly "
                    + (path.equals(disk) ? "quiet" : "loglevel=7 \"a b\"")
                    + " console=ttyS0");
        assertThat(system.file(ServedSystem.DISK).isPresent()).isEqualTo(!path.endsWith("esp"));
        assertThat(system.facts().title()).isEqualTo(opened.facts().title());
      }
    }
    assertThat(BuiltSystem.isAt(layout)).isFalse();
    assertThat(BuiltSystem.isAt(temporary.resolve("nowhere"))).isFalse();
  }

  private static byte[] bytes(Content content) {
    try {
      return content.toByteArray();
    } catch (java.io.IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    }
  }

  private String text(String path) throws Exception {
    return new String(get(path).body(), UTF_8);
  }

  private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
    return send("GET", path, headers);
  }

  private HttpResponse<byte[]> send(String method, String path, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.origin().url(path)))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static void await(BooleanSupplier condition) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(until);
      Thread.onSpinWait();
    }
  }
}
