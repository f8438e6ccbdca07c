package io.github.container2boot.serve;

import io.github.container2boot.boot.Architecture;
import io.github.container2boot.boot.BootArguments;
import io.github.container2boot.boot.BootException;
import io.github.container2boot.boot.BootFiles;
import io.github.container2boot.boot.BootLoader;
import io.github.container2boot.boot.CommandLine;
import io.github.container2boot.boot.Initrd;
import io.github.container2boot.boot.KernelImage;
import io.github.container2boot.boot.NetworkGrubConfiguration;
import io.github.container2boot.boot.NetworkPrograms;
import io.github.container2boot.boot.OsRelease;
import io.github.container2boot.boot.RootLocation;
import io.github.container2boot.build.OpenedSystem;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.fat.FatException;
import io.github.container2boot.gpt.GptException;
import io.github.container2boot.squashfs.SquashfsImage;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.TreePath;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What one image has to offer to machines that boot from this server.
public final class ServedSystem implements Closeable {
  public static final String KERNEL = "/vmlinuz";
  public static final String INITRD = "/initrd";
  public static final String ROOT = "/squashfs.img";
  public static final String DISK = "/disk.img";
  static final String PROGRAMS = "/esp";

  /// A name is part of an address, of scripts and of a file's path.
  public static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  private final String name;
  private final Facts facts;
  private final List<ServedFile> files;
  private final NetworkPrograms programs;
  private final CommandLine arguments;
  private final Closeable opened;

  /// What people want to know.
  ///
  /// @param title what the image calls itself, and its kernel
  /// @param source as the user named it
  /// @param modified when it was made
  public record Facts(String title, Architecture architecture, String source, Instant modified) {}

  private ServedSystem(
      String name,
      Facts facts,
      List<ServedFile> files,
      NetworkPrograms programs,
      CommandLine arguments,
      Closeable opened) {
    this.name = name;
    this.facts = facts;
    this.files = List.copyOf(files);
    this.programs = programs;
    this.arguments = arguments;
    this.opened = opened;
  }

  /// A container image that was made ready to be read, and is closed with this.
  ///
  /// @param source as the user named it
  /// @param force whether to go on with an initrd that does not look as if it could fetch a root
  /// @throws ServeException with [ServeException.CannotFetchRoot]
  public static ServedSystem of(String name, String source, OpenedSystem system, boolean force)
      throws IOException, BootException, FatException, GptException, ServeException {
    BootFiles found = system.files();
    requireNetwork(name, found.initrd(), force);
    NetworkPrograms programs = NetworkPrograms.of(found.bootLoader());
    List<ServedFile> files = new ArrayList<>();
    files.add(new ServedFile(KERNEL, found.kernel().content(), true));
    files.add(new ServedFile(INITRD, found.initrd().content(), true));
    files.addAll(files(programs));
    files.add(new ServedFile(ROOT, system.root(), false));
    files.add(new ServedFile(DISK, system.disk().content(), false));
    Facts facts =
        new Facts(
            found.osRelease().prettyName() + ", kernel " + found.kernel().version(),
            found.kernel().architecture(),
            source,
            system.manifest().created());
    return new ServedSystem(name, facts, files, programs, system.commandLine(), system);
  }

  /// What an earlier build wrote, and is closed with this.
  ///
  /// @param force whether to go on with an initrd that does not look as if it could fetch a root
  /// @throws ServeException with [ServeException.CannotFetchRoot] or [ServeException.Incomplete]
  public static ServedSystem of(String name, BuiltSystem built, boolean force)
      throws IOException, BootException, ServeException {
    Content kernel = built.kernel();
    Content initrd = built.initrd();
    requireNetwork(name, Initrd.read(TreePath.of(INITRD), initrd), force);
    FileTree root = SquashfsImage.read(built.root()).tree();
    OsRelease release = OsRelease.of(root);
    KernelImage image = KernelImage.read(kernel);
    NetworkPrograms programs =
        NetworkPrograms.of(BootLoader.find(root, image.architecture(), release));
    List<ServedFile> files = new ArrayList<>();
    files.add(new ServedFile(KERNEL, kernel, true));
    files.add(new ServedFile(INITRD, initrd, true));
    files.addAll(files(programs));
    files.add(new ServedFile(ROOT, built.root(), false));
    built.disk().ifPresent(disk -> files.add(new ServedFile(DISK, disk, false)));
    String version = image.version().map(known -> ", kernel " + known).orElse("");
    Facts facts =
        new Facts(
            release.prettyName() + version,
            image.architecture(),
            built.path().toString(),
            built.modified());
    CommandLine arguments =
        BootArguments.in(built.esp()).orElseGet(() -> new CommandLine(List.of()));
    NetworkGrubConfiguration.requireSuitable(arguments);
    return new ServedSystem(name, facts, files, programs, arguments, built);
  }

  private static void requireNetwork(String name, Initrd initrd, boolean force)
      throws ServeException {
    if (!initrd.canBootFromNetwork() && !force) {
      throw new ServeException(new ServeException.CannotFetchRoot(name));
    }
  }

  private static List<ServedFile> files(NetworkPrograms programs) {
    return programs.programs().entrySet().stream()
        .map(entry -> new ServedFile(PROGRAMS + entry.getKey(), entry.getValue().content(), true))
        .toList();
  }

  public String name() {
    return name;
  }

  public Facts facts() {
    return facts;
  }

  List<ServedFile> files() {
    return files;
  }

  Optional<ServedFile> file(String path) {
    return files.stream().filter(file -> file.path().equalsIgnoreCase(path)).findFirst();
  }

  public long rootBytes() {
    return file(ROOT).orElseThrow().sizeBytes();
  }

  /// The address of a file on this server, from its root.
  public String path(String file) {
    return "/" + name + file;
  }

  /// What a firmware is told to fetch first.
  public String firstProgram() {
    return path(PROGRAMS + programs.first());
  }

  /// Whether what the firmware fetches first can go on from there.
  public boolean hasNetworkLoader() {
    return programs.fetchesMore();
  }

  /// All that the kernel is told when it boots from a server.
  ///
  /// @param rootUrl where the root is
  public CommandLine commandLine(String rootUrl) throws BootException {
    return arguments.at(new RootLocation.OnServer(rootUrl));
  }

  @Override
  public void close() throws IOException {
    opened.close();
  }
}
