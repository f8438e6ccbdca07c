package io.github.container2boot.cli;

import io.github.container2boot.boot.Architecture;
import io.github.container2boot.boot.BootException;
import io.github.container2boot.boot.BootFiles;
import io.github.container2boot.boot.BootProblem;
import io.github.container2boot.boot.CommandLine;
import io.github.container2boot.boot.EspTree;
import io.github.container2boot.boot.Initrd;
import io.github.container2boot.boot.KernelImage;
import io.github.container2boot.boot.RootLocation;
import io.github.container2boot.build.BuildPlan;
import io.github.container2boot.build.ImageBuilder;
import io.github.container2boot.build.OpenedSystem;
import io.github.container2boot.build.Progress;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.oci.Digest;
import io.github.container2boot.serve.BuiltSystem;
import io.github.container2boot.serve.ServeException;
import io.github.container2boot.serve.http.EntityTag;
import io.github.container2boot.serve.http.HttpServer;
import io.github.container2boot.serve.http.HttpSettings;
import io.github.container2boot.serve.http.Resource;
import io.github.container2boot.serve.http.Site;
import io.github.container2boot.serve.http.TrafficObserver;
import io.github.container2boot.tree.TreePath;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/// A system that boots without a disk: its kernel and initrd are given to QEMU, and the initrd
/// fetches the root from this process, which has it ready but nowhere written.
final class DirectSystem implements Closeable {
  private static final String LIVE_NETWORK = "livenet";

  private final Closeable opened;
  private final HttpServer server;
  private final Architecture architecture;
  private final DirectKernel kernel;

  private DirectSystem(
      Closeable opened, HttpServer server, Architecture architecture, DirectKernel kernel) {
    this.opened = opened;
    this.server = server;
    this.architecture = architecture;
    this.kernel = kernel;
  }

  /// What is booted.
  private record Parts(
      KernelImage image, Content kernel, Content initrd, Content root, Arguments arguments) {}

  /// All that the kernel is told, once it is known where its root is.
  private interface Arguments {
    CommandLine with(RootLocation root) throws BootException;
  }

  /// Makes all of it ready; kernel and initrd go into the plan's output directory.
  ///
  /// @throws BootException if the initrd cannot fetch a root
  static DirectSystem open(BuildPlan plan, Progress progress) throws Exception {
    OpenedSystem system = new ImageBuilder(plan, progress).open();
    return closingUnlessReturned(
        system, () -> serve(system, parts(system, plan.boot().force()), plan.outputDirectory()));
  }

  private static Parts parts(OpenedSystem system, boolean force) throws BootException {
    BootFiles files = system.files();
    requireNetwork(files, force);
    return new Parts(
        files.kernel().image(),
        files.kernel().content(),
        files.initrd().content(),
        system.root(),
        system::commandLine);
  }

  /// What an earlier build wrote, told the same as there and `appended`; kernel and initrd go into
  /// `directory`.
  ///
  /// @param force whether to go on with an initrd that does not look as if it could fetch a root
  /// @throws ServeException if something is missing, or the initrd cannot fetch a root
  static DirectSystem of(Path path, List<String> appended, boolean force, Path directory)
      throws Exception {
    BuiltSystem system = BuiltSystem.open(path);
    return closingUnlessReturned(
        system, () -> serve(system, parts(path, system, appended, force), directory));
  }

  private static Parts parts(Path path, BuiltSystem system, List<String> appended, boolean force)
      throws IOException, BootException, ServeException {
    Content initrd = system.initrd();
    boolean fetches = Initrd.read(TreePath.of(EspTree.INITRD), initrd).canBootFromNetwork();
    if (!fetches && !force) {
      throw new ServeException(new ServeException.CannotFetchRoot(path.toString()));
    }
    CommandLine line = DirectKernel.arguments(system.esp(), appended);
    Content kernel = system.kernel();
    return new Parts(KernelImage.read(kernel), kernel, initrd, system.root(), line::at);
  }

  private static DirectSystem closingUnlessReturned(Closeable opened, Callable<DirectSystem> work)
      throws Exception {
    try {
      return work.call();
    } catch (Exception failed) {
      opened.close();
      throw failed;
    }
  }

  private static void requireNetwork(BootFiles files, boolean force) throws BootException {
    Initrd initrd = files.initrd();
    if (!initrd.canBootFromNetwork() && !force) {
      throw new BootException(
          new BootProblem.InitrdCannotBootLive(
              initrd.path(),
              initrd.generator(),
              initrd.generator() == Initrd.Generator.DRACUT ? List.of(LIVE_NETWORK) : List.of(),
              files.osRelease().distribution()));
    }
  }

  private static DirectSystem serve(Closeable opened, Parts parts, Path directory)
      throws Exception {
    HttpServer server =
        HttpServer.start(
            HttpSettings.loopback(),
            Site.of(Map.of(DirectKernel.ROOT_PATH, resource(parts.root()))),
            TrafficObserver.none());
    return closingUnlessReturned(
        server,
        () -> {
          CommandLine line =
              parts.arguments().with(DirectKernel.rootAt(server.address().getPort()));
          line.requireFits(parts.image());
          DirectKernel kernel = DirectKernel.in(directory, line);
          write(parts.kernel(), kernel.kernel());
          write(parts.initrd(), kernel.initrd());
          return new DirectSystem(opened, server, parts.image().architecture(), kernel);
        });
  }

  /// It has one name and one content as long as the server lives, so that any tag tells it from all
  /// others.
  private static Resource resource(Content root) {
    EntityTag tag = new EntityTag(Digest.of(Digest.Algorithm.SHA256, new byte[0]));
    return Resource.of(
        root.sizeBytes(),
        CompletableFuture.completedFuture(new Resource.Body(root, tag)),
        Instant.EPOCH);
  }

  private static void write(Content content, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      content.asInputStream().transferTo(out);
    }
  }

  Architecture architecture() {
    return architecture;
  }

  DirectKernel kernel() {
    return kernel;
  }

  @Override
  public void close() throws IOException {
    try (opened) {
      server.close();
    }
  }
}
