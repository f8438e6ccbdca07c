package io.github.container2boot.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A virtual PC whose firmware enforces Secure Boot with Microsoft's keys, driven over its serial
/// console.
///
/// The processor is emulated: a /dev/kvm that opens is not always one that can run a kernel, and a
/// test must mean the same everywhere. Nothing the machine does reaches the disk image, and its
/// firmware starts with fresh variables every time, as if it had never seen the medium.
public final class Qemu implements Closeable {
  private static final Path FIRMWARE = Path.of("/usr/share/OVMF/OVMF_CODE_4M.secboot.fd");
  private static final Path ENROLLED_KEYS = Path.of("/usr/share/OVMF/OVMF_VARS_4M.ms.fd");

  /// A boot takes a minute on an idle machine; a busy one may need several.
  public static final Duration BOOT = Duration.ofMinutes(15);

  /// The hardware address of the card of machines that boot from a network.
  public static final String CARD = "52:54:00:12:34:56";

  /// Of a machine that boots. Emulated, a second one costs half as much again and saves little:
  /// processors wait for each other. Two machines beside each other are quicker than both in turn.
  public static final String PROCESSORS = "1";

  private static final Duration ANSWER = Duration.ofMinutes(4);

  private final Process process;
  private final Path log;
  private final Path variables;
  private final StringBuilder console = new StringBuilder();
  private int read;

  private Qemu(Process process, Path log, Path variables) {
    this.process = process;
    this.log = log;
    this.variables = variables;
  }

  /// Skips the running test where QEMU or its Secure Boot firmware is missing.
  public static void require() {
    Tools.require("qemu-system-x86_64");
    assumeTrue(
        Files.isReadable(FIRMWARE) && Files.isReadable(ENROLLED_KEYS),
        "needs Debian's package ovmf, which is not installed");
  }

  /// Switches a machine on that has `disk` as its only medium; all that its console says is also
  /// kept in the file target/boot-logs/`name`.log.
  public static Qemu boot(String name, Path disk) throws IOException {
    Path variables = freshVariables(name);
    List<String> command = machine();
    command.addAll(secureFirmware(variables));
    command.addAll(disk(disk));
    command.addAll(List.of("-nic", "user,model=virtio"));
    return start(name, command, variables);
  }

  /// Switches a machine on that has nothing but an empty disk and a card on the network of `lab`.
  ///
  /// @param options more of QEMU's; firmware that enforces Secure Boot is there
  public static Qemu bootFromNetwork(
      String name, NetworkLab lab, Path emptyDisk, List<String> options) throws IOException {
    Path variables = freshVariables(name);
    List<String> command = networked(lab, emptyDisk);
    command.addAll(secureFirmware(variables));
    command.addAll(options);
    return start(name, command, variables);
  }

  /// The same, with a kernel put into its memory instead of a firmware that looks for one.
  public static Qemu bootKernel(
      String name, NetworkLab lab, Path emptyDisk, Path kernel, Path initrd, String arguments)
      throws IOException {
    List<String> command = networked(lab, emptyDisk);
    command.addAll(List.of("-kernel", kernel.toString(), "-initrd", initrd.toString()));
    command.addAll(List.of("-append", arguments));
    return start(name, command, freshVariables(name));
  }

  private static Path freshVariables(String name) throws IOException {
    require();
    Path logs = Files.createDirectories(Path.of("target", "boot-logs"));
    Path variables = logs.resolve(name + ".vars");
    Files.copy(ENROLLED_KEYS, variables, StandardCopyOption.REPLACE_EXISTING);
    return variables;
  }

  private static Qemu start(String name, List<String> command, Path variables) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Qemu machine = new Qemu(process, variables.resolveSibling(name + ".log"), variables);
    Thread.ofVirtual().start(machine::listen);
    return machine;
  }

  private static List<String> machine() {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("qemu-system-x86_64", "-nodefaults", "-display", "none"));
    command.addAll(List.of("-serial", "stdio", "-no-reboot"));
    command.addAll(List.of("-accel", "tcg", "-cpu", "max", "-m", "4G", "-smp", PROCESSORS));
    command.addAll(List.of("-machine", "q35,smm=on"));
    return command;
  }

  /// Without the ROM of QEMU's card, whose iPXE of its own would take the firmware's place.
  private static List<String> networked(NetworkLab lab, Path emptyDisk) {
    List<String> command = new ArrayList<>(lab.serverSide());
    command.addAll(machine());
    command.addAll(disk(emptyDisk));
    String network = "tap,id=network,script=no,downscript=no,ifname=" + NetworkLab.TAP;
    command.addAll(List.of("-netdev", network));
    command.addAll(List.of("-device", "virtio-net-pci,netdev=network,romfile=,mac=" + CARD));
    return command;
  }

  private static List<String> secureFirmware(Path variables) {
    return List.of(
        "-global",
        "driver=cfi.pflash01,property=secure,value=on",
        "-drive",
        "if=pflash,format=raw,unit=0,readonly=on,file=" + option(FIRMWARE),
        "-drive",
        "if=pflash,format=raw,unit=1,file=" + option(variables));
  }

  private static List<String> disk(Path disk) {
    return List.of("-drive", "if=virtio,format=raw,snapshot=on,file=" + option(disk));
  }

  /// A path inside an option list, where a comma is written twice.
  private static String option(Path path) {
    return path.toAbsolutePath().toString().replace(",", ",,");
  }

  /// Waits until the console has said something that `pattern` finds, after what was waited for
  /// before; returns what it said up to the end of that.
  public String expect(String pattern, Duration patience) {
    return await(pattern, patience)
        .orElseThrow(() ->
            notSaid(pattern, process.isAlive() ? patience + " passed" : "the machine stopped"));
  }

  private Optional<String> await(String pattern, Duration patience) {
    Pattern expected = Pattern.compile(pattern);
    long deadline = System.nanoTime() + patience.toNanos();
    synchronized (console) {
      while (true) {
        Matcher matcher = expected.matcher(console).region(read, console.length());
        if (matcher.find()) {
          String said = console.substring(read, matcher.end());
          read = matcher.end();
          return Optional.of(said);
        }
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0 || !process.isAlive()) {
          return Optional.empty();
        }
        waitForMore(left);
      }
    }
  }

  private AssertionError notSaid(String pattern, String why) {
    String unread = console().substring(read);
    return new AssertionError(
        "%s before the console said \"%s\"; its last words (all of them: %s):%n%s"
            .formatted(why, pattern, log, unread.substring(Math.max(0, unread.length() - 2000))));
  }

  private void waitForMore(long milliseconds) {
    try {
      console.wait(Math.min(milliseconds, 1000));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the machine ran", e);
    }
  }

  /// Types a line on the console.
  public void send(String line) {
    try {
      OutputStream keyboard = process.getOutputStream();
      keyboard.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      keyboard.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the machine has no console any more; see " + log, e);
    }
  }

  /// Waits for the login prompt and logs in; the shell is then ready for [#run].
  public void logIn(String user, String password) {
    String said;
    do {
      awaitPrompt();
      send(user);
      expect("Password: ", ANSWER);
      send(password);
      // a busy machine may not have the session ready in the minute that login gives it
      said = expect("[$#] |login: timed out", ANSWER);
    } while (said.endsWith("timed out"));
    // neither colours, bracketed paste nor an echo of what is typed
    send(
        "export TERM=dumb PAGER=cat; bind 'set enable-bracketed-paste off'; stty -echo cols 500; unalias -a; PS1=");
    run("true");
  }

  /// A message of the kernel may have torn the prompt; Enter makes it appear again.
  private void awaitPrompt() {
    String prompt = "\\w login: ";
    if (expect(prompt + "|Login Prompts", BOOT).endsWith("login: ")) {
      return;
    }
    for (int attempt = 0; attempt < 5; attempt++) {
      if (await(prompt, Duration.ofMinutes(1)).isPresent()) {
        return;
      }
      send("");
    }
    expect(prompt, ANSWER);
  }

  /// Runs a command in the shell and returns what it printed; an exit code other than 0 fails.
  public String run(String command) {
    send("{ " + command + "; } 2>&1; echo \"<exit $?>\"");
    String said = expect("<exit \\d+>\r?\n", ANSWER);
    String printed = said.substring(0, said.lastIndexOf("<exit ")).replace("\r", "");
    if (!said.contains("<exit 0>")) {
      throw new AssertionError("%s failed on the machine:%n%s".formatted(command, printed));
    }
    return printed;
  }

  private void listen() {
    byte[] buffer = new byte[8192];
    try (InputStream screen = process.getInputStream();
        OutputStream copy = Files.newOutputStream(log)) {
      for (int length = screen.read(buffer); length >= 0; length = screen.read(buffer)) {
        copy.write(buffer, 0, length);
        synchronized (console) {
          console.append(new String(buffer, 0, length, StandardCharsets.ISO_8859_1));
          console.notifyAll();
        }
      }
    } catch (IOException e) {
      synchronized (console) {
        console.append("\n[console lost: ").append(e.getMessage()).append("]\n");
        console.notifyAll();
      }
    }
  }

  /// Everything the console has said since the machine was switched on.
  public String console() {
    synchronized (console) {
      return console.toString();
    }
  }

  /// Pulls the plug.
  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Files.deleteIfExists(variables);
  }
}
