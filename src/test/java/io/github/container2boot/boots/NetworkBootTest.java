package io.github.container2boot.boots;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.testing.Machine;
import io.github.container2boot.testing.NetworkLab;
import io.github.container2boot.testing.Program;
import io.github.container2boot.testing.Qemu;
import io.github.container2boot.testing.Tools;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/// Machines with nothing but an empty disk boot from `container2boot serve --pxe`, on a network
/// whose DHCP server is another one and knows nothing of it.
class NetworkBootTest {
  private static final Duration START = Duration.ofMinutes(5);
  private static final String URL = "http://" + NetworkLab.SERVER + ":8080/debian";

  @TempDir(factory = InTarget.class)
  Path directory;

  private NetworkLab lab;
  private Path emptyDisk;
  private Path said;

  @BeforeEach
  void serve(TestInfo test) throws IOException, InterruptedException {
    Qemu.require();
    Path machine = Machine.tarball();
    Path logs = Files.createDirectories(Path.of("target", "boot-logs"));
    String name = test.getTestMethod().orElseThrow().getName();
    said = logs.resolve(name + "-serve.log");
    emptyDisk = directory.resolve("empty.img");
    try (RandomAccessFile disk = new RandomAccessFile(emptyDisk.toFile(), "rw")) {
      disk.setLength(1 << 30);
    }
    lab = NetworkLab.open(logs.resolve(name + "-dhcp.log"));
    ProcessBuilder server =
        Program.process(
            "serve",
            "--pxe",
            "--progress=none",
            "--listen=0.0.0.0",
            "--access-log",
            "--append=console=ttyS0",
            // a busy machine emulates a clock that the kernel does not recognize
            "--append=no_timer_check",
            "debian=" + machine);
    lab.start(server.redirectErrorStream(true).redirectOutput(said.toFile()));
    waitFor("Serving at ");
  }

  private void waitFor(String words) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START.toNanos();
    while (!serverSaid().contains(words)) {
      assertThat(System.nanoTime()).as(serverSaid()).isLessThan(deadline);
      Thread.sleep(200);
    }
  }

  private String serverSaid() throws IOException {
    return Files.readString(said, StandardCharsets.UTF_8);
  }

  @AfterEach
  void close() throws IOException {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  @Tag("boot")
  void firmwareBootsByPxe() throws IOException {
    try (Qemu booted = Qemu.bootFromNetwork("pxe", lab, emptyDisk, only("PXE"))) {
      booted.logIn(Machine.USER, Machine.PASSWORD);
      assertSecureBoot(booted);
      assertRootFromServer(booted);
      assertThat(booted.console()).contains("Start PXE over IPv4");
    }
    assertThat(serverSaid()).contains(Qemu.CARD);
  }

  @Test
  @Tag("boot")
  void firmwareBootsByHttp() throws IOException {
    try (Qemu booted = Qemu.bootFromNetwork("http", lab, emptyDisk, only("HTTP"))) {
      booted.logIn(Machine.USER, Machine.PASSWORD);
      assertSecureBoot(booted);
      assertRootFromServer(booted);
      assertThat(booted.console()).contains("Start HTTP Boot over IPv4");
    }
  }

  @Test
  @Tag("boot")
  void aKernelFetchesItsRoot() throws IOException {
    Tools.require("curl");
    Path kernel = directory.resolve("vmlinuz");
    Path initrd = directory.resolve("initrd");
    lab.run("curl", "-fsS", "--noproxy", "*", "-o", kernel, URL + "/vmlinuz");
    lab.run("curl", "-fsS", "--noproxy", "*", "-o", initrd, URL + "/initrd");
    try (Qemu booted = Qemu.bootKernel("direct", lab, emptyDisk, kernel, initrd, arguments())) {
      booted.logIn(Machine.USER, Machine.PASSWORD);
      assertRootFromServer(booted);
    }
  }

  /// The kernel's arguments as iPXE would get them.
  private String arguments() {
    String script = lab.run("curl", "-fsS", "--noproxy", "*", URL + "/boot.ipxe");
    Matcher line =
        Pattern.compile("(?m)^kernel \\S+ initrd=initrd (.*) \\|\\| goto failed$").matcher(script);
    assertThat(line.find()).as(script).isTrue();
    return line.group(1);
  }

  /// OVMF then tries no other protocol first, as it would for minutes.
  private static List<String> only(String protocol) {
    String others = protocol.equals("PXE") ? "HTTP" : "PXE";
    return List.of(
        "-fw_cfg", "name=opt/org.tianocore/IPv4%sSupport,string=n".formatted(others),
        "-fw_cfg", "name=opt/org.tianocore/IPv6%sSupport,string=n".formatted(others));
  }

  private static void assertSecureBoot(Qemu booted) {
    String messages =
        booted.run("echo %s | sudo -S dmesg --color=never".formatted(Machine.PASSWORD));
    assertThat(messages)
        .contains("Secure boot enabled")
        .contains("Kernel is locked down from EFI Secure Boot");
  }

  private static void assertRootFromServer(Qemu booted) {
    assertThat(booted.run("cat /proc/cmdline")).contains("root=live:" + URL + "/squashfs.img");
    assertThat(booted.run("findmnt -no FSTYPE /")).startsWith("overlay");
    assertThat(booted.run("findmnt -no FSTYPE /run/rootfsbase")).startsWith("squashfs");
    assertThat(booted.run("lsblk -no FSTYPE,MOUNTPOINTS /dev/vda").strip()).isEmpty();
  }
}
