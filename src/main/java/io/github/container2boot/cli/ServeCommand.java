package io.github.container2boot.cli;

import io.github.container2boot.build.BuildPlan;
import io.github.container2boot.build.BuildPlan.DiskSettings;
import io.github.container2boot.build.BuildPlan.RootSettings;
import io.github.container2boot.build.CompressionChoice;
import io.github.container2boot.build.DiskSize;
import io.github.container2boot.build.ImageBuilder;
import io.github.container2boot.build.OpenedSystem;
import io.github.container2boot.build.OutputFormat;
import io.github.container2boot.oci.SourceException;
import io.github.container2boot.oci.configuration.ServerKey;
import io.github.container2boot.serve.BootServer;
import io.github.container2boot.serve.BuiltSystem;
import io.github.container2boot.serve.MachineChoice;
import io.github.container2boot.serve.NetworkBoot;
import io.github.container2boot.serve.ServedSystem;
import io.github.container2boot.serve.http.HttpSettings;
import io.github.container2boot.source.Source;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// `container2boot serve`: to machines that boot from the network.
final class ServeCommand implements Callable<Integer>, Debuggable {
  private static final int USUAL_PORT = 8080;

  private final Option<Converters.Listening> listen =
      Option.of(new Converters.ListenAddress(), Converters.Listening.loopback(), "--listen")
          .label("ADDRESS[:PORT]")
          .describe(
              "Where to listen; 0.0.0.0 or [::] is every address of this machine. [127.0.0.1]");
  private final Option<OptionalInt> port =
      Option.of(new Converters.PortNumber(), OptionalInt.empty(), "--port")
          .label("N")
          .describe("The port; 0 is any that is free. [" + USUAL_PORT + "]");
  private final Option<Optional<Path>> tlsCertificate =
      Option.of(new Converters.PathName(), Optional.<Path>empty(), "--tls-cert")
          .label("FILE")
          .describe("Speak HTTPS, with this certificate and those of its issuers, in PEM.");
  private final Option<Optional<Path>> tlsKey =
      Option.of(new Converters.PathName(), Optional.<Path>empty(), "--tls-key")
          .label("FILE")
          .describe("The certificate's key, in PEM.");
  private final Option<List<MachineChoice.Rule>> match =
      Option.list(new Converters.MachineRule(), "--match")
          .label("mac=ADDRESS,NAME")
          .describe(
              "The machine with this hardware address boots this image (repeatable). [the first image]");
  private final Option<Boolean> pxe =
      Option.flag("--pxe")
          .describe(
              "Also answer firmware that boots from the network (UEFI PXE, HTTP Boot, iPXE), beside the network's DHCP server. Needs the ports of DHCP and TFTP.");
  private final Option<Boolean> accessLog =
      Option.flag("--access-log")
          .describe("Say a line for every request, not only for every boot.");

  private final KernelOptions kernel = new KernelOptions();
  private final SourceOptions sourceOptions = new SourceOptions();
  private final CacheOptions cache = new CacheOptions();
  private final GeneralOptions general = new GeneralOptions();

  private final List<String> sources = new ArrayList<>();
  private final Console console;

  ServeCommand(Console console) {
    this.console = console;
  }

  CommandSpec specification() {
    CommandSpec command = Commands.of(this, "Serve images to machines that boot from the network.");
    command
        .usageMessage()
        .customSynopsis("container2boot serve [OPTIONS] [NAME=]SOURCE|DIR...")
        .sortOptions(false)
        .footerHeading("%nExamples:%n")
        .footer(
            "  @|bold container2boot serve localhost/machine|@",
            "  @|bold container2boot serve --listen 0.0.0.0 out|@",
            "  @|bold container2boot serve --listen 0.0.0.0 --pxe out|@",
            "  @|bold container2boot serve --match mac=52:54:00:12:34:56,lab lab=oci:lab out|@",
            "",
            "Nothing is written: what is served is read from the layer cache. The page at /",
            "says how to boot each image. A signal ends the server.");
    return command
        .addPositional(parameter())
        .addArgGroup(
            Commands.group("Server", listen, port, tlsCertificate, tlsKey, match, pxe, accessLog))
        .addArgGroup(kernel.group("Build, of a SOURCE"))
        .addArgGroup(sourceOptions.group())
        .addArgGroup(cache.group())
        .addArgGroup(general.group());
  }

  private PositionalParamSpec parameter() {
    return PositionalParamSpec.builder()
        .index("0..*")
        .required(true)
        .arity("1..*")
        .paramLabel("SOURCE")
        .type(List.class)
        .auxiliaryTypes(String.class)
        .converters(text -> {
          sources.add(text);
          return text;
        })
        .description(
            "What to serve, told by its content: a directory with what build made, its esp/ or disk.img; or an image, named as for build. A NAME in front is what it is called in addresses; else it is made from the source.")
        .build();
  }

  @Override
  public boolean debug() {
    return general.debug();
  }

  @Override
  public Integer call() throws Exception {
    requireSense();
    List<ServedImage> images = ServedImage.parse(sources);
    HttpSettings settings = settings();
    warnOfOpening(settings.listen());
    try (Termination termination = new Termination();
        TemporaryDirectory temporary = TemporaryDirectory.create(console.environment());
        OpenedImages opened = open(images, temporary.path())) {
      serve(settings, opened.systems(), temporary.path(), termination);
    }
    return 0;
  }

  private void requireSense() throws WrongUsage {
    if (tlsCertificate.value().isPresent() != tlsKey.value().isPresent()) {
      throw new WrongUsage("--tls-cert and --tls-key go together; add the other one");
    }
    if (listen.value().port().isPresent() && port.value().isPresent()) {
      throw new WrongUsage("--port: --listen names a port already; leave one out");
    }
    if (pxe.value()) {
      requireReachable();
    }
  }

  /// What firmware needs that boots from here, before anything is read.
  private void requireReachable() throws WrongUsage {
    if (listen.value().address().isLoopbackAddress()) {
      throw new WrongUsage(
          "--pxe: machines cannot reach %s; add --listen 0.0.0.0, or an address of this machine"
              .formatted(listen.value().address().getHostAddress()));
    }
    if (tlsCertificate.value().isPresent()) {
      throw new WrongUsage("--pxe: GRUB does not speak HTTPS; leave out --tls-cert and --tls-key");
    }
  }

  private HttpSettings settings() throws IOException {
    int chosen = listen.value().port().orElse(port.value().orElse(USUAL_PORT));
    HttpSettings plain = HttpSettings.of(new InetSocketAddress(listen.value().address(), chosen));
    return tlsCertificate.value().isPresent() && tlsKey.value().isPresent()
        ? plain.withTls(ServerKey.context(tlsCertificate.value().get(), tlsKey.value().get()))
        : plain;
  }

  private void warnOfOpening(InetSocketAddress address) {
    if (!address.getAddress().isLoopbackAddress()) {
      console
          .err()
          .println(
              "%s: warning: whoever reaches %s can read these images whole, with the passwords and keys that are in them"
                  .formatted(
                      Main.NAME,
                      address.getAddress().isAnyLocalAddress()
                          ? "this machine"
                          : address.getAddress().getHostAddress()));
    }
  }

  private OpenedImages open(List<ServedImage> images, Path scratch) throws Exception {
    OpenedImages opened = new OpenedImages(new ArrayList<>());
    boolean complete = false;
    try (ProgressDisplay shown = general.openDisplay(console);
        Interruption _ = Interruption.watch(shown, console.err())) {
      for (ServedImage image : images) {
        opened.systems().add(open(image, scratch, shown));
      }
      complete = true;
      return opened;
    } finally {
      if (!complete) {
        opened.close();
      }
    }
  }

  private ServedSystem open(ServedImage image, Path scratch, ProgressDisplay shown)
      throws Exception {
    Optional<Path> built = built(image.source());
    if (built.isPresent()) {
      BuiltSystem system = BuiltSystem.open(built.get());
      return closingUnlessReturned(
          system, () -> ServedSystem.of(image.name(), system, kernel.force()));
    }
    BuildPlan plan = plan(image.source(), Files.createDirectory(scratch.resolve(image.name())));
    OpenedSystem system = new ImageBuilder(plan, shown).open();
    return closingUnlessReturned(
        system, () -> ServedSystem.of(image.name(), image.source(), system, kernel.force()));
  }

  private static <T> T closingUnlessReturned(Closeable opened, Callable<T> work) throws Exception {
    try {
      return work.call();
    } catch (Exception failed) {
      opened.close();
      throw failed;
    }
  }

  private static Optional<Path> built(String source) throws IOException {
    try {
      Path path = Path.of(source);
      return BuiltSystem.isAt(path) ? Optional.of(path) : Optional.empty();
    } catch (InvalidPathException onlyAName) {
      return Optional.empty();
    }
  }

  private BuildPlan plan(String image, Path scratch) throws WrongUsage {
    try {
      return new BuildPlan(
          Source.parse(image, console.in()),
          sourceOptions.settings(console.environment()),
          sourceOptions.platform(),
          scratch,
          OutputFormat.ALL,
          new RootSettings(
              new CompressionChoice.Automatic(), RootSettings.USUAL_BLOCK_SIZE_BYTES, false),
          kernel.settings(false),
          new DiskSettings(new DiskSize.Automatic(), 512, "C2BOOT"),
          SourceDateEpoch.of(console.environment()),
          cache.choice(console.environment()),
          Runtime.getRuntime().availableProcessors());
    } catch (SourceException wrong) {
      throw new WrongUsage(Remedies.describe(wrong), wrong);
    }
  }

  private void serve(
      HttpSettings settings, List<ServedSystem> systems, Path scratch, Termination termination)
      throws Exception {
    MachineChoice choice = new MachineChoice(match.value(), systems.getFirst().name());
    ServeLog log = new ServeLog(console, accessLog.value(), general.debug());
    try (BootServer server = BootServer.start(settings, systems, choice, scratch, log);
        Closeable _ = pxe.value() ? NetworkBoot.start(server, log) : () -> {}) {
      termination.watch();
      announce(server, systems);
      termination.await();
    }
    log.say("stopped");
  }

  private void announce(BootServer server, List<ServedSystem> systems) throws IOException {
    for (ServedSystem system : systems) {
      console
          .out()
          .println(
              OneLine.of(
                  "%s: %s, root %s"
                      .formatted(
                          system.name(),
                          system.facts().title(),
                          ByteSize.shown(system.rootBytes()))));
    }
    String addresses =
        server.origins().stream()
            .map(origin -> origin.url("/"))
            .collect(Collectors.joining(" and "));
    console.out().println("Serving at " + addresses + " until a signal comes");
    console.out().flush();
  }

  /// What is open while the server runs.
  private record OpenedImages(List<ServedSystem> systems) implements Closeable {
    @Override
    public void close() throws IOException {
      List<IOException> failures = new ArrayList<>();
      for (ServedSystem system : systems) {
        try {
          system.close();
        } catch (IOException problem) {
          failures.add(problem);
        }
      }
      if (!failures.isEmpty()) {
        throw failures.getFirst();
      }
    }
  }
}
