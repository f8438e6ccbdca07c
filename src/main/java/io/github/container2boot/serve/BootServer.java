package io.github.container2boot.serve;

import io.github.container2boot.boot.Architecture;
import io.github.container2boot.boot.BootException;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.serve.http.ClientRequest;
import io.github.container2boot.serve.http.HttpServer;
import io.github.container2boot.serve.http.HttpSettings;
import io.github.container2boot.serve.http.Origin;
import io.github.container2boot.serve.http.Resource;
import io.github.container2boot.serve.http.TrafficObserver;
import io.github.container2boot.serve.pxe.LocalAddresses;
import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Several systems under one address, until it is closed; then their Contents are not read any
/// more.
///
/// By HTTP it answers itself. Other ways to the same names, and to the choice of an image for a
/// machine, are [#find], [#firstProgram] and [#originFor].
public final class BootServer implements Closeable {
  static final String IPXE = "/boot.ipxe";
  static final String GRUB = "/grub.cfg";
  static final String MACHINES = "/_machine";

  private static final long SWEEP_SECONDS = 15;

  private final Map<String, ServedSystem> systems = new LinkedHashMap<>();
  private final MachineChoice choice;
  private final BootLog log;
  private final Machines machines;
  private final Metrics metrics = new Metrics();
  private final StatusPage page;
  private final Preparation preparation;
  private final HttpServer http;
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("sweeper").factory());
  private final Future<?> sweeps;

  private BootServer(
      HttpSettings settings,
      List<ServedSystem> served,
      MachineChoice choice,
      Path scratch,
      BootLog log)
      throws IOException {
    served.forEach(system -> systems.put(system.name(), system));
    this.choice = choice;
    this.log = log;
    this.machines = new Machines(InstantSource.system(), log);
    this.page = new StatusPage(systems.values(), choice);
    this.preparation = Preparation.start(inOrder(served), scratch);
    boolean started = false;
    try {
      this.http = HttpServer.start(settings, this::resource, new Watch());
      started = true;
    } finally {
      if (!started) {
        preparation.close();
      }
    }
    sweeps =
        sweeper.scheduleAtFixedRate(
            machines::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
  }

  /// Starts a server.
  ///
  /// @param systems one or more, each under a name of its own; they stay the caller's to close
  /// @param scratch a directory for some files as long as the server runs
  /// @throws ServeException with [ServeException.CannotListen] or [ServeException.NoSuchImage]
  public static BootServer start(
      HttpSettings settings,
      List<ServedSystem> systems,
      MachineChoice choice,
      Path scratch,
      BootLog log)
      throws IOException, ServeException {
    requireKnown(choice, systems.stream().map(ServedSystem::name).toList());
    try {
      return new BootServer(settings, systems, choice, scratch, log);
    } catch (BindException | java.nio.channels.UnresolvedAddressException taken) {
      throw new ServeException(
          new ServeException.CannotListen(
              settings.listen(), Objects.requireNonNullElse(taken.getMessage(), "no such address")),
          taken);
    }
  }

  private static void requireKnown(MachineChoice choice, List<String> names) throws ServeException {
    List<String> wanted =
        new ArrayList<>(choice.rules().stream().map(MachineChoice.Rule::image).toList());
    wanted.add(choice.otherwise());
    for (String name : wanted) {
      if (!names.contains(name)) {
        throw new ServeException(new ServeException.NoSuchImage(name, names));
      }
    }
  }

  /// What is needed first comes first: the roots and disks are large.
  private static List<ServedFile> inOrder(List<ServedSystem> systems) {
    List<ServedFile> small = new ArrayList<>();
    List<ServedFile> roots = new ArrayList<>();
    List<ServedFile> disks = new ArrayList<>();
    for (ServedSystem system : systems) {
      for (ServedFile file : system.files()) {
        switch (file.path()) {
          case ServedSystem.ROOT -> roots.add(file);
          case ServedSystem.DISK -> disks.add(file);
          default -> small.add(file);
        }
      }
    }
    small.addAll(roots);
    small.addAll(disks);
    return small;
  }

  /// Where it listens.
  public InetSocketAddress address() {
    return http.address();
  }

  /// How clients on this machine call it.
  public Origin origin() {
    return http.origin();
  }

  /// How other machines call it, by each network they may be on; how this one does if it is on
  /// none.
  public List<Origin> origins() throws IOException {
    InetAddress listening = address().getAddress();
    List<Origin> origins =
        listening.isAnyLocalAddress()
            ? LocalAddresses.of(listening).stream().map(this::originAt).toList()
            : List.of();
    return origins.isEmpty() ? List.of(origin()) : origins;
  }

  /// How `client`, who came another way, is to call it.
  public Origin originFor(InetAddress client) throws IOException {
    InetSocketAddress listening = http.address();
    if (!listening.getAddress().isAnyLocalAddress()) {
      return http.origin();
    }
    // Nothing is sent: the kernel only looks up by which way it would.
    try (DatagramSocket way = new DatagramSocket()) {
      way.connect(client, 9);
      return Origin.of(
          http.origin().scheme(),
          new InetSocketAddress(way.getLocalAddress(), listening.getPort()));
    }
  }

  /// How clients that can reach `own`, an address of this machine, call it.
  Origin originAt(InetAddress own) {
    return Origin.of(http.origin().scheme(), new InetSocketAddress(own, address().getPort()));
  }

  Metrics metrics() {
    return metrics;
  }

  /// The program that a machine's firmware is to fetch first, by its path on this server; empty if
  /// no image has one for machines of this kind.
  public Optional<String> firstProgram(
      Optional<HardwareAddress> machine, Architecture architecture) {
    Optional<ServedSystem> ruled =
        machine.flatMap(choice::byRule).flatMap(name -> Optional.ofNullable(systems.get(name)));
    return ruled
        .or(() ->
            systemsDefaultFirst().stream()
                .filter(system -> system.facts().architecture() == architecture)
                .findFirst())
        .filter(system -> system.facts().architecture() == architecture)
        .map(ServedSystem::firstProgram);
  }

  private List<ServedSystem> systemsDefaultFirst() {
    List<ServedSystem> all = new ArrayList<>(List.of(otherwise()));
    systems.values().stream().filter(system -> system != otherwise()).forEach(all::add);
    return all;
  }

  /// The same names as by HTTP, without those of the page and other texts for people.
  ///
  /// @param path as it was sent, with or without a slash in front
  public Optional<Content> find(String path, InetAddress client) throws IOException {
    Optional<Named> named = named(path, originFor(client));
    if (named.isEmpty()) {
      return Optional.empty();
    }
    watch(named.get(), client);
    return switch (named.get()) {
      case Named.File(_, ServedFile file, _) -> Optional.of(served(file));
      case Named.Script(_, String text, _) ->
          Optional.of(Content.of(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    };
  }

  /// What was kept, or what it is read from until then.
  private static Content served(ServedFile file) {
    return file.body().isDone() && !file.body().isCompletedExceptionally()
        ? file.body().join().content()
        : file.content();
  }

  private Optional<Resource> resource(ClientRequest request) throws IOException {
    return switch (request.path()) {
      case "/" -> Optional.of(page.resource(request.origin(), machines.lately()));
      case "/healthz" -> Optional.of(Resource.text("ok\n", Resource.TEXT));
      case "/metrics" ->
          Optional.of(
              Resource.text(
                  metrics.text(systems.values(), machines, http.connections()),
                  Metrics.MEDIA_TYPE));
      default -> named(request.path(), request.origin()).map(BootServer::resource);
    };
  }

  private static Resource resource(Named named) {
    return switch (named) {
      case Named.File(ServedSystem system, ServedFile file, _) ->
          Resource.of(file.sizeBytes(), file.body(), system.facts().modified());
      case Named.Script(_, String text, _) -> Resource.text(text, Resource.TEXT);
    };
  }

  /// What a name stands for.
  private sealed interface Named {
    ServedSystem system();

    Optional<HardwareAddress> machine();

    record File(ServedSystem system, ServedFile file, Optional<HardwareAddress> machine)
        implements Named {}

    record Script(ServedSystem system, String text, Optional<HardwareAddress> machine)
        implements Named {}
  }

  private Optional<Named> named(String path, Origin origin) throws IOException {
    Optional<List<String>> names = ServedPath.names(path);
    if (names.isEmpty() || names.get().isEmpty()) {
      return Optional.empty();
    }
    try {
      return named(names.get(), new BootScripts(origin));
    } catch (BootException unsuitable) {
      throw new IOException(unsuitable.getMessage(), unsuitable);
    }
  }

  private Optional<Named> named(List<String> names, BootScripts scripts)
      throws IOException, BootException {
    ServedSystem system = systems.get(names.getFirst());
    if (system != null) {
      String below = "/" + String.join("/", names.subList(1, names.size()));
      Optional<ServedFile> file = system.file(below);
      return file.isPresent()
          ? Optional.of(new Named.File(system, file.get(), Optional.empty()))
          : script(names, Optional.of(system), scripts);
    }
    if (names.size() == 3 && names.getFirst().equals(MACHINES.substring(1))) {
      return ofMachine(names, scripts);
    }
    return script(names, Optional.empty(), scripts);
  }

  /// One image for each kind of processor that the default is not made for.
  private List<ServedSystem> byProcessor() {
    Map<Architecture, ServedSystem> found = new EnumMap<>(Architecture.class);
    for (ServedSystem system : systems.values()) {
      found.putIfAbsent(system.facts().architecture(), system);
    }
    found.remove(otherwise().facts().architecture());
    return List.copyOf(found.values());
  }

  /// What a machine is told that has said who it is. Every machine is: GRUB cannot ask first.
  private Optional<Named> ofMachine(List<String> names, BootScripts scripts) throws BootException {
    Optional<HardwareAddress> machine = HardwareAddress.parse(names.get(1));
    if (machine.isEmpty()) {
      return Optional.empty();
    }
    ServedSystem system = Objects.requireNonNull(systems.get(choice.imageFor(machine)));
    return script("/" + names.getLast(), system, machine, scripts);
  }

  private static Optional<Named> script(
      String name, ServedSystem system, Optional<HardwareAddress> machine, BootScripts scripts)
      throws BootException {
    return switch (name) {
      case IPXE -> Optional.of(new Named.Script(system, scripts.ipxe(system), machine));
      case GRUB -> Optional.of(new Named.Script(system, scripts.grub(system), machine));
      default -> Optional.empty();
    };
  }

  /// GRUBs look for their configuration in several directories, and those of some distributions for
  /// one with their own address in its name first.
  private Optional<Named> script(
      List<String> names, Optional<ServedSystem> within, BootScripts scripts) throws BootException {
    String last = names.getLast();
    Optional<HardwareAddress> machine = ServedPath.machineOfConfiguration(last);
    if (machine.isPresent()) {
      ServedSystem system =
          choice
              .byRule(machine.get())
              .flatMap(name -> Optional.ofNullable(systems.get(name)))
              .or(() -> within)
              .orElseGet(this::otherwise);
      return script(GRUB, system, machine, scripts);
    }
    if (within.isPresent()) {
      return script("/" + last, within.get(), Optional.empty(), scripts);
    }
    boolean byAddress = !choice.rules().isEmpty();
    if (last.equals(GRUB.substring(1))) {
      return Optional.of(
          new Named.Script(
              otherwise(),
              scripts.grubByMachine(otherwise(), choice.rules(), byProcessor()),
              Optional.empty()));
    }
    if (names.equals(List.of(IPXE.substring(1)))) {
      return byAddress
          ? Optional.of(
              new Named.Script(otherwise(), scripts.ipxeByMachine(otherwise()), Optional.empty()))
          : script(IPXE, otherwise(), Optional.empty(), scripts);
    }
    return Optional.empty();
  }

  private ServedSystem otherwise() {
    return Objects.requireNonNull(systems.get(choice.otherwise()));
  }

  private void watch(Named named, InetAddress client) {
    machines.reached(client, named.system(), stage(named));
    named.machine().ifPresent(machine -> machines.known(client, machine));
  }

  private static Stage stage(Named named) {
    return switch (named) {
      case Named.Script _ -> Stage.MENU;
      case Named.File(_, ServedFile file, _) ->
          switch (file.path()) {
            case ServedSystem.KERNEL -> Stage.KERNEL;
            case ServedSystem.INITRD -> Stage.INITRD;
            case ServedSystem.ROOT -> Stage.ROOT;
            default -> Stage.LOADER;
          };
    };
  }

  /// Whoever fetches a disk does not boot it from here.
  private static boolean isPartOfBoot(Named named) {
    return !(named instanceof Named.File(_, ServedFile file, _)
        && file.path().equals(ServedSystem.DISK));
  }

  /// Watches what is sent by HTTP.
  private final class Watch implements TrafficObserver {
    @Override
    public Exchange began(ClientRequest request, int status, long bodyBytes) {
      Optional<Named> named = booting(request, status);
      InetAddress client = request.client().getAddress();
      named.ifPresent(found -> watch(found, client));
      boolean ofRoot = named.isPresent() && stage(named.get()) == Stage.ROOT && status < 300;
      return new Exchange() {
        private long sentBytes;

        @Override
        public void sent(long bytes) {
          sentBytes += bytes;
          metrics.sent(bytes);
          if (ofRoot) {
            machines.fetched(client, bytes);
          }
        }

        @Override
        public void ended(boolean complete) {
          metrics.answered(status, complete);
          if (ofRoot && complete) {
            machines.fetchedLast(client);
          }
          log.answered(request, status, sentBytes, complete);
        }
      };
    }

    private Optional<Named> booting(ClientRequest request, int status) {
      if (status >= 400 || !request.method().equals("GET")) {
        return Optional.empty();
      }
      try {
        return named(request.path(), request.origin()).filter(BootServer::isPartOfBoot);
      } catch (IOException alreadyAnswered) {
        return Optional.empty();
      }
    }
  }

  /// Stops at once; whoever is still being served gets no more.
  @Override
  public void close() throws IOException {
    sweeps.cancel(false);
    sweeper.shutdown();
    try (preparation;
        http) {
      // Both, whatever the other does; the server first.
    }
  }
}
