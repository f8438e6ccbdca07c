package io.github.container2boot.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A network of its own for a test: a bridge with a machine's network card, a server's address, and
/// a DHCP server that gives out addresses and knows nothing of booting.
///
/// The server's side is one network namespace and the DHCP server's another, so that each has port
/// 67 to itself, as on two machines. Nothing of it can be seen outside, and it is gone when this is
/// closed.
public final class NetworkLab implements Closeable {
  /// The address of the server's side.
  public static final String SERVER = "10.77.0.1";

  private static final String DHCP_SERVER = "10.77.0.2";
  private static final String RANGE = "10.77.0.100,10.77.0.200,1h";

  /// The end of the machine's network card that QEMU gets.
  public static final String TAP = "tap0";

  private static final AtomicInteger COUNTER = new AtomicInteger();

  private final String serverSide;
  private final String dhcpSide;
  private final List<Process> processes = new ArrayList<>();

  /// Namespaces outlive a test run that is interrupted.
  private final Thread sweep = new Thread(this::sweep, "end the network");

  private NetworkLab(String name) {
    this.serverSide = name + "-server";
    this.dhcpSide = name + "-dhcp";
  }

  /// Sets the network up; skips the running test where that cannot be done.
  ///
  /// @param log what the DHCP server says
  public static NetworkLab open(Path log) throws IOException {
    Tools.require("ip", "dnsmasq");
    Tools.requireRoot();
    NetworkLab lab =
        new NetworkLab(
            "c2b-%d-%d".formatted(ProcessHandle.current().pid(), COUNTER.incrementAndGet()));
    Tools.Result first = Tools.execute("ip", "netns", "add", lab.serverSide);
    assumeTrue(
        first.exitCode() == 0, "needs network namespaces of its own: " + first.text().strip());
    Runtime.getRuntime().addShutdownHook(lab.sweep);
    try {
      lab.connect();
      lab.giveAddresses(log);
      return lab;
    } catch (RuntimeException | IOException | Error problem) {
      lab.close();
      throw problem;
    }
  }

  private void connect() {
    Tools.run("ip", "netns", "add", dhcpSide);
    onServerSide("link set lo up");
    onServerSide("link add br0 type bridge");
    onServerSide("addr add " + SERVER + "/24 dev br0");
    onServerSide("tuntap add " + TAP + " mode tap");
    onServerSide("link add dhcp0 type veth peer name eth0 netns " + dhcpSide);
    for (String port : List.of(TAP, "dhcp0")) {
      onServerSide("link set " + port + " master br0 up");
    }
    onServerSide("link set br0 up");
    onDhcpSide("addr add " + DHCP_SERVER + "/24 dev eth0");
    onDhcpSide("link set eth0 up");
  }

  private void onServerSide(String command) {
    ip(serverSide, command);
  }

  private void onDhcpSide(String command) {
    ip(dhcpSide, command);
  }

  private static void ip(String namespace, String command) {
    List<Object> words = new ArrayList<>(List.of("ip", "-n", namespace));
    words.addAll(List.of(command.split(" ")));
    Tools.run(words.toArray());
  }

  private void giveAddresses(Path log) throws IOException {
    List<String> command = new ArrayList<>(inside(dhcpSide));
    command.add(Tools.find("dnsmasq").orElseThrow().toString());
    command.addAll(List.of("--keep-in-foreground", "--log-facility=-", "--log-dhcp"));
    command.addAll(List.of("--conf-file=/dev/null", "--port=0", "--leasefile-ro", "--user=root"));
    command.addAll(List.of("--interface=eth0", "--bind-dynamic", "--dhcp-range=" + RANGE));
    command.add("--pid-file=");
    processes.add(
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start());
  }

  private static List<String> inside(String namespace) {
    return List.of(Tools.find("ip").orElseThrow().toString(), "netns", "exec", namespace);
  }

  /// What to put before a command for it to run on the server's side.
  public List<String> serverSide() {
    return inside(serverSide);
  }

  /// Starts a program on the server's side, which ends with this at the latest.
  public Process start(ProcessBuilder program) throws IOException {
    List<String> command = new ArrayList<>(serverSide());
    command.addAll(program.command());
    Process process = program.command(command).start();
    processes.add(process);
    return process;
  }

  /// Runs a tool on the server's side to its end.
  public String run(Object... tool) {
    List<Object> command = new ArrayList<>(serverSide());
    command.addAll(List.of(tool));
    return Tools.run(command.toArray());
  }

  @Override
  public void close() {
    sweep();
    Runtime.getRuntime().removeShutdownHook(sweep);
  }

  private void sweep() {
    for (Process process : processes.reversed()) {
      process.destroy();
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    for (String namespace : List.of(serverSide, dhcpSide)) {
      if (Files.exists(Path.of("/run/netns", namespace))) {
        Tools.run("ip", "netns", "delete", namespace);
      }
    }
  }
}
