package io.github.container2boot.cli;

import io.github.container2boot.boot.Architecture;
import io.github.container2boot.boot.BootException;
import io.github.container2boot.boot.BootFiles;
import io.github.container2boot.boot.BootProblem;
import io.github.container2boot.boot.CommandLine;
import io.github.container2boot.boot.Initrd;
import io.github.container2boot.build.BuildPlan;
import io.github.container2boot.build.ImageBuilder;
import io.github.container2boot.build.OpenedSystem;
import io.github.container2boot.build.Progress;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.oci.Digest;
import io.github.container2boot.serve.http.EntityTag;
import io.github.container2boot.serve.http.HttpServer;
import io.github.container2boot.serve.http.HttpSettings;
import io.github.container2boot.serve.http.Resource;
import io.github.container2boot.serve.http.Site;
import io.github.container2boot.serve.http.TrafficObserver;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// A system that boots without a disk: its kernel and initrd are given to QEMU, and the initrd
/// fetches the root from this process, which has it ready but nowhere written.
final class DirectSystem implements Closeable {
  private static final String LIVE_NETWORK = "livenet";

  private final OpenedSystem system;
  private final HttpServer server;
  private final DirectKernel kernel;

  private DirectSystem(OpenedSystem system, HttpServer server, DirectKernel kernel) {
    this.system = system;
    this.server = server;
    this.kernel = kernel;
  }

  /// Makes all of it ready; kernel and initrd go into the plan's output directory.
  ///
  /// @throws BootException if the initrd cannot fetch a root
  static DirectSystem open(BuildPlan plan, Progress progress) throws IOException, BootException {
    OpenedSystem system = new ImageBuilder(plan, progress).open();
    try {
      requireNetwork(system.files(), plan.boot().force());
      return serve(system, plan.outputDirectory());
    } catch (IOException | BootException | RuntimeException failed) {
      system.close();
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

  private static DirectSystem serve(OpenedSystem system, Path directory)
      throws IOException, BootException {
    HttpServer server =
        HttpServer.start(
            HttpSettings.loopback(),
            Site.of(Map.of(DirectKernel.ROOT_PATH, resource(system.root()))),
            TrafficObserver.none());
    try {
      CommandLine line = system.commandLine(DirectKernel.rootAt(server.address().getPort()));
      line.requireFits(system.files().kernel().image());
      DirectKernel kernel = DirectKernel.in(directory, line);
      write(system.files().kernel().content(), kernel.kernel());
      write(system.files().initrd().content(), kernel.initrd());
      return new DirectSystem(system, server, kernel);
    } catch (IOException | BootException | RuntimeException failed) {
      server.close();
      throw failed;
    }
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
    return system.files().kernel().architecture();
  }

  DirectKernel kernel() {
    return kernel;
  }

  @Override
  public void close() throws IOException {
    try (system) {
      server.close();
    }
  }
}
