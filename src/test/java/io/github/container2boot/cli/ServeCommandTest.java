package io.github.container2boot.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.serve.ServedMachine;
import io.github.container2boot.testing.Program;
import io.github.container2boot.testing.Tools;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The command as its users run it: a process, ended by a signal.
@Timeout(120)
class ServeCommandTest {
  @TempDir Path directory;
  private Path layout;
  private Process process;
  private BufferedReader lines;

  @BeforeEach
  void makeImage() throws Exception {
    layout = ServedMachine.image(directory);
  }

  @AfterEach
  void end() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  /// Starts it at any free port; returns its address when it answers.
  private String start(Object... arguments) throws Exception {
    Object[] all = Stream.concat(Stream.of("serve", "--port", "0"), Stream.of(arguments)).toArray();
    ProcessBuilder builder = Program.process(all).redirectErrorStream(true);
    builder.environment().put("TMPDIR", Files.createDirectories(temporary()).toString());
    process = builder.start();
    lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    StringBuilder said = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      said.append(line).append('\n');
      if (line.startsWith("Serving at ")) {
        assertThat(said.toString()).doesNotContain("SLF4J");
        return line.split(" ")[2];
      }
    }
    throw new AssertionError(said.toString());
  }

  private Path temporary() {
    return directory.resolve("tmp");
  }

  private String stop() throws Exception {
    process.toHandle().destroy();
    String rest = String.join("\n", lines.lines().toList());
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(rest).isZero();
    try (Stream<Path> left = Files.list(temporary())) {
      assertThat(left).isEmpty();
    }
    return rest;
  }

  @Test
  void aSignalEndsItWell() throws Exception {
    Tools.require("curl");
    String url = start("--no-cache", "--append", "quiet", "deb=oci:" + layout);
    assertThat(url).startsWith("http://127.0.0.1:");
    assertThat(Tools.run("curl", "-sS", url + "healthz")).isEqualTo("ok\n");
    assertThat(Tools.run("curl", "-sS", url + "boot.ipxe")).contains(" quiet ||");
    assertThat(stop()).endsWith("Z stopped");
  }

  @Test
  void openedUpItSaysWhereOthersFindIt() throws Exception {
    Tools.require("curl");
    String url = start("--no-cache", "--listen", "0.0.0.0", "oci:" + layout);
    InetAddress named = InetAddress.getByName(URI.create(url).getHost());
    assertThat(named.isAnyLocalAddress()).isFalse();
    assertThat(NetworkInterface.getByInetAddress(named)).isNotNull();
    boolean isOnANetwork =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .anyMatch(address -> address instanceof Inet4Address && !address.isLoopbackAddress());
    assertThat(named.isLoopbackAddress()).isEqualTo(!isOnANetwork);
    assertThat(Tools.run("curl", "-sS", url + "healthz")).isEqualTo("ok\n");
  }

  @Test
  void oneLineForEachBoot() throws Exception {
    Tools.require("curl");
    String url = start("--no-cache", "oci:" + layout);
    String name = layout.getFileName().toString();
    for (String file : List.of("vmlinuz", "initrd", "squashfs.img")) {
      Tools.run("curl", "-sS", "-o", directory.resolve(file), url + name + "/" + file);
    }
    String log = stop();
    assertThat(log.lines().toList()).hasSize(2);
    assertThat(log).containsPattern("Z 127.0.0.1: " + name + " booted, [0-9.]+ [KM]iB of root, ");
  }

  @Test
  void theAccessLogHasEveryRequest() throws Exception {
    Tools.require("curl");
    String url = start("--no-cache", "--access-log", "deb=oci:" + layout);
    Tools.run("curl", "-sS", "-A", "a\"b", url + "healthz");
    Tools.run("curl", "-sS", "-I", url + "deb/vmlinuz");
    assertThat(stop())
        .contains("127.0.0.1 \"GET /healthz\" 200 3 \"a\"b\"")
        .contains("127.0.0.1 \"HEAD /deb/vmlinuz\" 200 0 \"curl/");
  }

  @ParameterizedTest
  @CsvSource({"RSA, PRIVATE KEY", "EC, PRIVATE KEY", "RSA, RSA PRIVATE KEY", "EC, EC PRIVATE KEY"})
  void httpsWithAKeyOfAnyForm(String algorithm, String form) throws Exception {
    Tools.require("curl", "openssl");
    Path key = directory.resolve("key.pem");
    Path certificate = directory.resolve("certificate.pem");
    List<Object> kind =
        algorithm.equals("EC")
            ? List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
            : List.of("-newkey", "rsa:2048");
    Tools.run(
        Stream.of(
                List.<Object>of("openssl", "req", "-x509", "-nodes", "-days", "2"),
                kind,
                List.<Object>of(
                    "-subj",
                    "/CN=localhost",
                    "-addext",
                    "subjectAltName=DNS:localhost",
                    "-keyout",
                    key,
                    "-out",
                    certificate))
            .flatMap(List::stream)
            .toArray());
    if (!form.equals("PRIVATE KEY")) {
      Path old = directory.resolve("old.pem");
      Tools.run("openssl", "pkey", "-traditional", "-in", key, "-out", old);
      key = old;
    }
    assertThat(Files.readString(key)).contains("-----BEGIN " + form + "-----");
    String url =
        start("--no-cache", "--tls-cert", certificate, "--tls-key", key, "deb=oci:" + layout);
    String named = url.replace("127.0.0.1", "localhost");
    assertThat(named).startsWith("https://");
    assertThat(Tools.run("curl", "-sS", "--cacert", certificate, named + "boot.ipxe"))
        .contains("root=live:" + named + "deb/squashfs.img");
    assertThat(
            Tools.run(
                "curl",
                "-sS",
                "--cacert",
                certificate,
                "-r",
                "0-3",
                named + "deb/disk.img",
                "-o",
                "-"))
        .hasSize(4);
    stop();
  }

  @Test
  void aFormerBuildIsServedToo() throws Exception {
    Tools.require("curl");
    Path out = directory.resolve("out");
    Program.run("build", "--no-cache", "-f", "esp", "-o", out, "oci:" + layout);
    String url = start(out);
    assertThat(Tools.run("curl", "-sS", url + "boot.ipxe")).contains("/out/vmlinuz");
    stop();
  }

  @Test
  void openingUpIsSaid() {
    CommandRun run = CommandRun.of("serve", "--listen", "0.0.0.0:0", "oci:/nowhere");
    assertThat(run.err())
        .startsWith(
            "container2boot: warning: whoever reaches this machine can read these images whole");
  }

  @Test
  void somethingMustBeServed() {
    CommandRun run = CommandRun.of("serve");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("SOURCE").doesNotContain("internal error");
  }

  @Test
  void aCertificateThatIsNotThere() {
    String missing = directory.resolve("no.pem").toString();
    CommandRun run =
        CommandRun.of("serve", "--tls-cert", missing, "--tls-key", missing, "oci:" + layout);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains(missing + ": no such file").doesNotContain("vanished");
  }

  @Test
  void aPortInUse() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Tools.Result result =
          Program.execute(
              "serve", "--no-cache", "--port", taken.getLocalPort(), "deb=oci:" + layout);
      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.text())
          .contains(
              "container2boot: 127.0.0.1:%d: cannot listen there: Address already in use; choose another port with --port"
                  .formatted(taken.getLocalPort()));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--listen x:y|--listen: expected an address of this machine",
        "--listen no.such.host.invalid|--listen: expected an address of this machine",
        "--port 65536|--port: expected a port from 0 to 65535",
        "--match mac=1,deb|--match: expected a hardware address and the name of an image",
        "--match deb|--match: expected a hardware address and the name of an image",
        "--tls-cert a.pem|--tls-cert and --tls-key go together",
        "--listen 127.0.0.1:80 --port 81|--port: --listen names a port already",
        "--pxe|--pxe: machines cannot reach 127.0.0.1; add --listen 0.0.0.0",
        "--pxe --listen 0.0.0.0 --tls-cert a.pem --tls-key b.pem|--pxe: GRUB does not speak HTTPS"
      })
  void wrongUsage(String options, String words) {
    CommandRun run =
        CommandRun.of(
            Stream.concat(
                    Stream.concat(Stream.of("serve"), Stream.of(options.split(" "))),
                    Stream.of("oci:/nowhere"))
                .toArray(String[]::new));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(words);
  }

  @Test
  void aRuleForNothing() throws IOException {
    Tools.Result result =
        Program.execute(
            "serve",
            "--no-cache",
            "--port",
            "0",
            "--match",
            "mac=52:54:00:12:34:56,lab",
            "deb=oci:" + layout);
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.text()).contains("no image is called lab; there is deb");
  }

  @ParameterizedTest
  @CsvSource({
    "localhost/debian:trixie, debian",
    "docker://registry.example:5000/team/machine@sha256:00, machine",
    "oci-archive:machine.tar, machine",
    "oci:/srv/layouts/lab:v2, lab",
    "lab/disk.img, lab",
    "lab/esp/, lab",
    "/var/lib/Machine 1.oci, Machine-1",
    "a=oci:b, a",
    "machine, machine",
    "boot, boot-2",
    "-, image"
  })
  void imagesAreCalledAfterTheirSource(String source, String name) throws Exception {
    assertThat(ServedImage.parse(List.of(source)).getFirst().name()).isEqualTo(name);
  }

  @Test
  void imagesOfOneNameAreTold() throws Exception {
    assertThat(ServedImage.parse(List.of("a/lab", "b/lab", "x=c/lab", "lab")))
        .extracting(ServedImage::name)
        .containsExactly("lab", "lab-2", "x", "lab-3");
    assertThat(CommandRun.of("serve", "a=oci:x", "a=oci:y").err())
        .contains("a: another image has this name");
    assertThat(CommandRun.of("serve", "metrics=oci:x").err())
        .contains("metrics: another image has this name, or the server needs it");
  }
}
