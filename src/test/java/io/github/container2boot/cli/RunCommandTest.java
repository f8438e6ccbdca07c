package io.github.container2boot.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.boot.BootableFiles;
import io.github.container2boot.build.ImageBuilder;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.fat.FatFileSystem;
import io.github.container2boot.fat.FatOptions;
import io.github.container2boot.fat.VolumeLabel;
import io.github.container2boot.gpt.GptDisk;
import io.github.container2boot.gpt.GptOptions;
import io.github.container2boot.gpt.Guid;
import io.github.container2boot.gpt.Partition;
import io.github.container2boot.gpt.PartitionName;
import io.github.container2boot.gpt.PartitionType;
import io.github.container2boot.testing.SparseFiles;
import io.github.container2boot.testing.Tools;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.FileTreeBuilder;
import io.github.container2boot.tree.RegularFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The command, with a QEMU and a firmware that the tests made up, so that both are always there.
@Timeout(60)
class RunCommandTest {
  private static final Attributes ATTRIBUTES = Attributes.ofRoot(0755, Instant.EPOCH);

  @TempDir Path directory;

  private Path bin;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void makeAnEmulatorAndFirmware() throws Exception {
    bin = Files.createDirectory(directory.resolve("bin"));
    Files.createDirectory(directory.resolve("temporary"));
    firmware("00-plain", "plain", "");
    firmware("01-keys", "keys", "\"secure-boot\", \"enrolled-keys\", \"requires-smm\"");
    environment.put("PATH", bin.toString());
    environment.put("HOME", directory.toString());
    environment.put("XDG_CONFIG_HOME", directory.resolve("configuration").toString());
    environment.put("TMPDIR", directory.resolve("temporary").toString());
  }

  private void firmware(String descriptor, String name, String features) throws Exception {
    Path descriptors = directory.resolve("configuration/qemu/firmware");
    Files.createDirectories(descriptors);
    Path code = Files.writeString(directory.resolve(name + ".code"), "");
    Path variables = Files.writeString(directory.resolve(name + ".vars"), "");
    Files.writeString(
        descriptors.resolve(descriptor + ".json"),
        """
        {"interface-types": ["uefi"],
         "mapping": {"device": "flash",
           "executable": {"filename": "%s", "format": "raw"},
           "nvram-template": {"filename": "%s", "format": "raw"}},
         "targets": [{"architecture": "x86_64", "machines": ["pc-q35-*"]}],
         "features": [%s]}
        """
            .formatted(code, variables, features));
  }

  /// What QEMU does once it is started; its arguments are in the file `arguments` then. A test of
  /// the accelerator gets no answer.
  private void emulator(String script) throws Exception {
    Path program = bin.resolve("qemu-system-x86_64");
    Files.writeString(
        program,
        """
        #!/bin/sh
        case "$*" in *isa-debug-exit*) exit 1 ;; esac
        printf '%%s\\n' "$@" >'%s'
        %s
        """
            .formatted(directory.resolve("arguments"), script));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private CommandRun run(String... arguments) {
    return CommandRun.with(
        environment,
        (plan, _) -> {
          SparseFiles.write(disk(512, true), plan.outputDirectory().resolve("disk.img"));
          return CommandRun.MANIFEST;
        },
        Stream.concat(Stream.of("run"), Stream.of(arguments)).toArray(String[]::new));
  }

  private Path disk(String name, int sectorSizeBytes, boolean signed) throws Exception {
    return SparseFiles.write(disk(sectorSizeBytes, signed), directory.resolve(name));
  }

  private static Content disk(int sectorSizeBytes, boolean signed) throws Exception {
    FatFileSystem files =
        FatFileSystem.of(
            new FileTreeBuilder(ATTRIBUTES)
                .put("EFI/BOOT/BOOTX64.EFI", new RegularFile(ATTRIBUTES, program(signed)))
                .build(),
            FatOptions.exact(
                sectorSizeBytes, (1 << 20) / sectorSizeBytes, 1, VolumeLabel.of("C2BOOT")));
    Partition esp =
        Partition.of(
            PartitionType.EFI_SYSTEM, guid(1), PartitionName.of("C2BOOT"), files.content());
    return GptDisk.of(List.of(esp), GptOptions.exact(sectorSizeBytes, guid(2))).content();
  }

  private static Guid guid(long number) {
    return new Guid(new UUID(0x4000, 0x8000_0000_0000_0000L | number));
  }

  @Test
  void theLineOfADisk() throws Exception {
    CommandRun run = run("--dry-run", disk("it's.img", 4096, true).toString());
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .hasLineCount(1)
        .startsWith("qemu-system-x86_64 -nodefaults -machine q35,smm=on ")
        .contains("logical_block_size=4096", "keys.code", "keys.vars", "snapshot=on")
        .contains("'if=none,id=disk,format=raw,snapshot=on,file=", "it'\\''s.img'")
        .contains("-chardev stdio,id=console,mux=on,signal=off");
    assertThat(directory.resolve("temporary")).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({
    "true, '', keys",
    "false, '', plain",
    "true, --secure-boot=off, plain",
    "true, --secure-boot=auto, keys",
    "false, --secure-boot, keys",
    "false, --secure-boot=on, keys"
  })
  void secureBootIsOnWhereItCanBe(boolean signed, String option, String firmware) throws Exception {
    String disk = disk("disk.img", 512, signed).toString();
    CommandRun run = option.isEmpty() ? run("--dry-run", disk) : run("--dry-run", option, disk);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains(firmware + ".code", firmware + ".vars");
  }

  @Test
  void whatWouldBeMadeHasALineToo() throws Exception {
    CommandRun image = run("--dry-run", "--arch=amd64", "localhost/machine");
    assertThat(image.err())
        .isEqualTo("disk.img stands for the disk that would be made of localhost/machine\n");
    assertThat(image.out()).contains("file=disk.img");
    assertThat(image.plan()).isNull();
    Path esp = Files.createDirectories(directory.resolve("files"));
    write(esp.resolve("EFI/BOOT/BOOTX64.EFI"), program(false));
    write(esp.resolve("container2boot/squashfs.img"), Content.of(new byte[1]));
    assertThat(run("--dry-run", esp.toString()).out()).contains("plain.code", "file=disk.img");
  }

  private static void write(Path file, Content content) throws Exception {
    Files.createDirectories(file.getParent());
    Files.write(file, content.toByteArray());
  }

  @Test
  void whatIsExpectedEndsTheMachine() throws Exception {
    emulator("printf 'welcome\\r\\n\\033[1mdebian\\033[0m login\\033[m: '; exec sleep 1000");
    environment.merge("PATH", ":/usr/bin:/bin", String::concat);
    Path log = directory.resolve("log");
    CommandRun run =
        run(
            "--expect",
            "debian login: $",
            "--log",
            log.toString(),
            disk("disk.img", 512, true).toString());
    assertThat(run.err()).contains("x86_64, ", "Secure Boot on").hasLineCount(1);
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("\"debian login: $\" seen after ");
    assertThat(log).hasContent("welcome\r\n\u001b[1mdebian\u001b[0m login\u001b[m: ");
    assertThat(Files.readAllLines(directory.resolve("arguments"))).contains("-no-reboot");
  }

  @Test
  void whatIsNotSeenInTimeFails() throws Exception {
    emulator("echo; printf 'one\\n\\ntwo\\033[1m\\007three\\n'; exec sleep 1000");
    environment.merge("PATH", ":/usr/bin:/bin", String::concat);
    CommandRun run =
        run("--expect", "login:", "--timeout", "4s", disk("disk.img", 512, true).toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines().skip(1).limit(2)).containsExactly("  one", "  twothree");
    assertThat(run.err())
        .containsPattern(
            "container2boot: [0-9.]+ s have passed, and the console has not shown \"login:\"; ");
  }

  @Test
  void aMachineThatGoesOffFails() throws Exception {
    emulator("echo panic");
    CommandRun run = run("--expect", "login:", disk("disk.img", 512, true).toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("  panic\ncontainer2boot: the machine went off after ");
  }

  @Test
  void whoEndedTheMachineIsSaid() throws Exception {
    emulator("echo 'qemu-system-x86_64: terminating on signal 15 from pid 7' >&2");
    CommandRun run = run("--expect", "login:", disk("disk.img", 512, true).toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains(" s (qemu-system-x86_64: terminating on signal 15 from pid 7),");
  }

  @Test
  void itsLastWordsAreQuoted() throws Exception {
    emulator(
        "echo 'qemu-system-x86_64: warning: no feature' >&2; echo 'qemu-system-x86_64: -m: too much' >&2; exit 1");
    CommandRun run = run("--expect", "login:", disk("disk.img", 512, true).toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .endsWith(
            "container2boot: qemu-system-x86_64: -m: too much; --dry-run shows its command line\n");
  }

  @Test
  void anImageIsBuiltFirst() throws Exception {
    emulator("echo login:");
    CommandRun run =
        run("--expect", "login:", "--arch", "x86_64", "--append", "a=b", "machine.tar");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.plan()).isNotNull();
    assertThat(run.plan().boot().appendedArguments()).containsExactly("a=b", "console=ttyS0");
    assertThat(run.plan().platform().orElseThrow()).hasToString("linux/amd64");
    assertThat(run.plan().outputDirectory().getParent()).isEqualTo(directory.resolve("temporary"));
    assertThat(directory.resolve("temporary")).isEmptyDirectory();
    assertThat(
            run("--expect=x", "--arch=x86_64", "--append=console=tty0", "machine.tar")
                .plan()
                .boot()
                .appendedArguments())
        .containsExactly("console=tty0");
  }

  @Test
  void whatIsMissingIsSaidBeforeABuild() throws Exception {
    CommandRun noQemu = run("--arch", "x86_64", "machine.tar");
    assertThat(noQemu.exitCode()).isEqualTo(1);
    assertThat(noQemu.plan()).isNull();
    assertThat(noQemu.err())
        .startsWith(
            "container2boot: qemu-system-x86_64: not found in PATH; install qemu-system-x86")
        .hasLineCount(1);
    Files.createFile(
        bin.resolve("qemu-system-riscv64"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    CommandRun noFirmware = run("--secure-boot", "--arch", "riscv64", "machine.tar");
    assertThat(noFirmware.plan()).isNull();
    assertThat(noFirmware.err())
        .isEqualTo(
            "container2boot: no UEFI firmware for riscv64 that enforces Secure Boot with enrolled keys; install qemu-efi-riscv64 (Debian, Ubuntu) or edk2-riscv64 (Fedora), or use --secure-boot=off\n");
  }

  @Test
  void aPortInUseIsSaidFirst() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      CommandRun run = run("--port", other.getLocalPort() + ":22", "machine.tar");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.plan()).isNull();
      assertThat(run.err())
          .startsWith(
              "container2boot: port %d of this machine: it is in use; choose another, as with --port "
                  .formatted(other.getLocalPort()))
          .hasLineCount(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--timeout=5m, --timeout: there is nothing to wait for",
    "--display --console, --display: ",
    "--display --log=x, --display: ",
    "--dry-run --libvirt-xml, --dry-run: ",
    "--libvirt-xml, --libvirt-xml: machine.tar is no disk image",
    "--expect=(, --expect: '(' is no regular expression: ",
    "--expect=x --timeout=soon, '--timeout: expected a duration, as in 90s, 5m or 1h, found ''soon'''",
    "--expect=x --timeout=0, --timeout: expected a duration",
    "--direct --persist, --direct: there is no disk to write to",
    "--direct --secure-boot, --direct: no firmware verifies the kernel",
    "--direct --libvirt-xml, --direct: a domain needs a disk image",
    "--port=22, '--port: expected two ports, as in 2222:22, found ''22'''",
    "--port=0:22, --port: expected two ports",
    "--memory=4096, --memory: expected a size from 128M to 16T",
    "--arch=sparc, --arch: unknown value 'sparc': expected x86_64",
    "--secure-boot=maybe, --secure-boot: unknown value"
  })
  void wrongUsage(String options, String expected) {
    CommandRun run =
        run(
            Stream.concat(Stream.of(options.split(" ")), Stream.of("machine.tar"))
                .toArray(String[]::new));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.plan()).isNull();
    assertThat(run.err()).startsWith("container2boot: " + expected).hasLineCount(1);
  }

  @Test
  void theLineOfADirectBoot() {
    CommandRun run =
        run("--direct", "--dry-run", "--arch=x86_64", "--append=quiet", "localhost/machine");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err())
        .isEqualTo(
            "vmlinuz, initrd.img and the port stand for those there would be while localhost/machine boots\n");
    assertThat(run.out())
        .contains(
            "-machine q35 ",
            "-kernel vmlinuz -initrd initrd.img -append 'root=live:http://10.0.2.2:8080/squashfs.img rd.neednet=1 ip=dhcp ",
            " quiet console=ttyS0'")
        .doesNotContain("pflash", "-drive");
  }

  @Test
  void aDirectBootServesTheRoot() throws Exception {
    fetcher();
    CommandRun run =
        run("--direct", "--no-cache", "--arch=x86_64", "--expect=hsqs", "rootfs:" + debian());
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("x86_64, TCG, Secure Boot off");
    assertThat(Files.readAllBytes(directory.resolve("kernel")))
        .isEqualTo(BootableFiles.debian().get("boot/vmlinuz-" + BootableFiles.KERNEL));
    assertThat(Files.readString(directory.resolve("arguments"))).contains(" console=ttyS0\n");
    assertThat(directory.resolve("temporary")).isEmptyDirectory();
  }

  /// What an earlier build wrote boots directly too, and its arguments are those it was built with.
  @Test
  void aDirectBootOfWhatWasBuilt() throws Exception {
    fetcher();
    String out = directory.resolve("out").toString();
    String source = "rootfs:" + debian();
    CommandRun build =
        CommandRun.with(
            environment,
            (plan, progress) -> new ImageBuilder(plan, progress).build(),
            "build",
            "--no-cache",
            "--format=disk,esp",
            "--append=console=ttyS1",
            "-o",
            out,
            source);
    assertThat(build.exitCode()).as(build.err()).isZero();
    for (String built : List.of("disk.img", "esp")) {
      CommandRun run =
          run("--direct", "--append=single", "--expect=hsqs", Path.of(out, built).toString());
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(Files.readString(directory.resolve("arguments")))
          .containsPattern(
              "\nroot=live:http://10\\.0\\.2\\.2:\\d+/squashfs\\.img .* console=ttyS1 single\n")
          .doesNotContain("PARTLABEL", "rd.live.dir", "ttyS0");
      assertThat(run("--direct", "--dry-run", Path.of(out, built).toString()).out())
          .contains("root=live:http://10.0.2.2:8080/squashfs.img ", " console=ttyS1'");
    }
  }

  private Path debian() throws Exception {
    Path root = directory.resolve("root");
    for (Map.Entry<String, byte[]> file : BootableFiles.debian().entrySet()) {
      write(root.resolve(file.getKey()), Content.of(file.getValue()));
    }
    return root;
  }

  /// An emulator that does no more than the guest's initrd would: it fetches the root.
  private void fetcher() throws Exception {
    Tools.require("curl");
    emulator(
        """
        cp "%s"/temporary/*/vmlinuz '%s'
        for word in "$@"; do case $word in root=live:*) line=$word ;; esac; done
        url=${line#root=live:} && url=${url%%%% *}
        curl --silent "http://127.0.0.1${url#http://10.0.2.2}" | head -c 4
        exec sleep 1000
        """
            .formatted(directory, directory.resolve("kernel")));
    environment.merge("PATH", ":/usr/bin:/bin", String::concat);
  }

  @Test
  void aDomainForLibvirt() throws Exception {
    Files.createDirectory(directory.resolve("machine"));
    CommandRun run =
        run("--libvirt-xml", "--persist", disk("machine/disk.img", 512, true).toString());
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .startsWith("<domain type='")
        .contains("<name>machine</name>", "keys.code")
        .doesNotContain("<transient/>");
    assertThat(run.err()).startsWith("virt-install --import --name machine ").hasLineCount(1);
  }

  @Test
  void aDiskWithoutABootLoaderNeedsToBeTold() throws Exception {
    Content empty = GptDisk.of(List.of(), GptOptions.exact(512, guid(3))).content();
    String disk = SparseFiles.write(empty, directory.resolve("empty.img")).toString();
    assertThat(run("--dry-run", disk).err()).contains("--arch").hasLineCount(1);
    assertThat(run("--dry-run", "--arch", "x86_64", disk).out()).contains("plain.code");
  }

  @Test
  void aSignalEndsTheMachineAndLeavesNothing() throws Exception {
    emulator("echo $$ >'%s'; echo up; exec sleep 1000".formatted(directory.resolve("pid")));
    Path esp = directory.resolve("files");
    write(esp.resolve("EFI/BOOT/BOOTX64.EFI"), program(false));
    write(esp.resolve("container2boot/vmlinuz"), Content.of(new byte[9]));
    write(esp.resolve("container2boot/initrd.img"), Content.of(new byte[9]));
    Tools.require("mksquashfs", "kill", "env");
    Tools.run(
        "mksquashfs", esp.resolve("EFI"), esp.resolve("container2boot/squashfs.img"), "-quiet");
    ProcessBuilder builder =
        new ProcessBuilder(
            "env",
            "--default-signal=INT,TERM",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "run",
            "--expect=never",
            esp.toString());
    builder.environment().putAll(environment);
    builder.environment().merge("PATH", ":/usr/bin:/bin", String::concat);
    Path said = directory.resolve("said");
    Process command = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
    try {
      while (!Files.exists(directory.resolve("pid")) || Files.size(directory.resolve("pid")) == 0) {
        assertThat(command.isAlive()).as(Files.readString(said, UTF_8)).isTrue();
        Thread.sleep(20);
      }
      assertThat(directory.resolve("temporary")).isNotEmptyDirectory();
      Tools.run("kill", "-TERM", command.pid());
      assertThat(command.waitFor()).isEqualTo(143);
    } finally {
      command.destroyForcibly();
    }
    long machine = Long.parseLong(Files.readString(directory.resolve("pid")).strip());
    assertThat(ProcessHandle.of(machine).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(directory.resolve("temporary")).isEmptyDirectory();
    assertThat(Files.readString(said, UTF_8)).doesNotContain("container2boot: ");
  }

  /// The least that is a PE file for this machine, with or without a certificate.
  private static Content program(boolean signed) {
    ByteBuffer file = ByteBuffer.allocate(0x400).order(ByteOrder.LITTLE_ENDIAN);
    file.put(0, "MZ".getBytes(UTF_8)).putInt(0x3c, 0x80);
    file.put(0x80, "PE\0\0".getBytes(UTF_8));
    file.putShort(0x84, (short) 0x8664).putShort(0x94, (short) 240);
    file.putShort(0x98, (short) 0x20b).putInt(0x98 + 108, 16);
    if (signed) {
      file.putInt(0x98 + 112 + 4 * 8, 0x300).putInt(0x98 + 112 + 4 * 8 + 4, 0x10);
      file.putInt(0x300, 0x10).putShort(0x304, (short) 0x200).putShort(0x306, (short) 2);
    }
    return Content.of(file.array());
  }
}
