package io.github.container2boot.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.boot.BootException;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.fat.FatException;
import io.github.container2boot.gpt.GptDisk;
import io.github.container2boot.gpt.GptException;
import io.github.container2boot.layer.ImageKey;
import io.github.container2boot.layer.LayerStack;
import io.github.container2boot.oci.Digest;
import io.github.container2boot.oci.Image;
import io.github.container2boot.source.Opening;
import io.github.container2boot.squashfs.SquashfsOptions;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.RegularFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Makes what a plan asks for: the whole journey of an image, from its layers to the outputs.
public final class ImageBuilder {
  private final BuildPlan plan;
  private final WarningsKept progress;

  /// For what must not get into the manifest: it is the same on every machine.
  private final Progress unrecorded;

  public ImageBuilder(BuildPlan plan, Progress progress) {
    this.plan = plan;
    this.unrecorded = progress;
    this.progress = new WarningsKept(progress);
  }

  /// Carries out the plan: every output it names is in place when this returns, and none of them
  /// has changed if it throws.
  ///
  /// @return what was made, which is also in the output directory as `manifest.json`
  public Manifest build()
      throws IOException, BootException, FatException, GptException, BuildException {
    try (OutputDirectory output = OutputDirectory.open(plan.outputDirectory())) {
      return build(output);
    }
  }

  private Manifest build(OutputDirectory output)
      throws IOException, BootException, FatException, GptException, BuildException {
    try {
      Manifest manifest = openedAndWritten(output);
      output.writeFile(Manifest.FILE_NAME, manifest.toContent(), _ -> {});
      output.commit();
      return manifest;
    } catch (IOException failed) {
      throw output.explained(failed);
    }
  }

  private Manifest openedAndWritten(OutputDirectory output)
      throws IOException, BootException, FatException, GptException, BuildException {
    try (OpenedSystem opened = open(output, new Resources())) {
      return write(opened, output);
    }
  }

  /// Makes the system the plan asks for ready to be read, and writes none of its outputs: the
  /// output directory only has scratch files until the system is closed, and then is as it was.
  public OpenedSystem open() throws IOException, BootException {
    OutputDirectory scratch = OutputDirectory.open(plan.outputDirectory());
    Resources resources = new Resources();
    resources.add(scratch);
    try {
      return open(scratch, resources);
    } catch (IOException failed) {
      throw scratch.explained(failed);
    }
  }

  /// @param resources what the system closes too, even if it cannot be opened
  private OpenedSystem open(OutputDirectory scratch, Resources resources)
      throws IOException, BootException {
    boolean complete = false;
    try {
      Image image = resources.add(plan.source().open(opening(scratch)));
      warnOfProcess(image);
      LayerStore store = resources.add(LayerStore.open(plan.cache(), scratch, unrecorded));
      LayerImages layers = resources.add(LayerImages.make(image, store, layerOptions(), progress));
      FileChannel root = resources.add(scratch.openScratchFile("root"));
      BootableSystem system = system(image, layers, store, root);
      DiskLayout layout = DiskLayout.of(system, plan, contents(layers.described(), system));
      complete = true;
      return new OpenedSystem(plan, progress, image, layers, system, layout, resources);
    } finally {
      if (!complete) {
        resources.close();
      }
    }
  }

  private Opening opening(OutputDirectory scratch) {
    return new Opening(
        plan.platform(), scratch.scratchDirectory(), plan.sourceSettings(), unrecorded::choice);
  }

  /// The system that the layers give, the root's image as a former build left it in the cache where
  /// it did.
  private BootableSystem system(
      Image image, LayerImages layers, LayerStore store, FileChannel scratch)
      throws IOException, BootException {
    Instant created = created(image);
    Optional<ImageKey> key = rootKey(layers, created);
    Optional<Content> kept = key.isPresent() ? store.find(key.get()) : Optional.empty();
    BootableSystem system =
        kept.isPresent()
            ? asKept(kept.get(), layers, created)
            : assembled(layers, created, scratch);
    if (key.isPresent() && kept.isEmpty()) {
      keep(key.get(), system, layers, store);
    }
    system.files().forced().forEach(problem -> progress.warning(problem.message()));
    return system;
  }

  private BootableSystem asKept(Content kept, LayerImages layers, Instant created)
      throws IOException, BootException {
    progress.note("The root file system is in the cache");
    return KeptRoot.readFrom(kept, layers.images()).toSystem(layers, plan, created);
  }

  private static void keep(
      ImageKey key, BootableSystem system, LayerImages layers, LayerStore store)
      throws IOException {
    Optional<KeptRoot> root = KeptRoot.of(system, layers);
    if (root.isPresent()) {
      store.keep(key, target -> root.get().writeTo(target, layers.images()));
    }
  }

  private BootableSystem assembled(LayerImages layers, Instant created, FileChannel scratch)
      throws IOException, BootException {
    FileTree merged = LayerStack.merge(layers.trees(), created);
    Garbage.collectIfMuch();
    return BootableSystem.of(merged, plan, created, scratch);
  }

  /// What the root depends on; empty if a layer has no name.
  private Optional<ImageKey> rootKey(LayerImages layers, Instant created) {
    List<String> facts = new ArrayList<>();
    for (Optional<ImageKey> layer : layers.keys()) {
      if (layer.isEmpty()) {
        return Optional.empty();
      }
      facts.add(layer.get().fileName());
    }
    facts.add(created.toString());
    // what is chosen, the kernel decides; what is asked for, it can only refuse
    boolean asked = plan.root().compression() instanceof CompressionChoice.Given;
    facts.add("compression " + (asked ? "asked for" : "automatic"));
    facts.add("keepInitrd " + plan.root().keepInitrd());
    facts.add(
        plan.boot().kernel() instanceof KernelChoice.Version(String version)
            ? "kernel " + version
            : "newest kernel");
    facts.add("force " + plan.boot().force());
    facts.add(ToolVersion.ofThisBuild());
    byte[] text = String.join("\n", facts).getBytes(UTF_8);
    Digest digest = Digest.of(Digest.Algorithm.SHA256, text);
    return Optional.of(ImageKey.ofRoot(digest, layerOptions(), KeptRoot.FORMAT_VERSION));
  }

  private Manifest write(OpenedSystem opened, OutputDirectory output)
      throws IOException, FatException, GptException, BuildException {
    List<Output> outputs = new ArrayList<>();
    Optional<GptDisk> disk = Optional.empty();
    for (OutputFormat format : plan.formats()) {
      switch (format) {
        case OutputFormat.Disk _ -> {
          disk = Optional.of(opened.disk());
          outputs.add(write(format, disk.get().content(), output));
        }
        case OutputFormat.Esp _ -> outputs.addAll(write(format, opened.esp(), output));
      }
    }
    return opened.manifest(disk, outputs);
  }

  private Instant created(Image image) {
    return switch (plan.time()) {
      case BuildTime.OfImage _ -> image.config().created().orElse(Instant.EPOCH);
      case BuildTime.Given(Instant instant) -> instant;
    };
  }

  /// An image of a layer depends on nothing but the layer, so that it can be shared: its own time
  /// is always the same.
  private SquashfsOptions layerOptions() {
    return new SquashfsOptions(
        BootableSystem.firstChoice(plan.root().compression()),
        plan.root().blockSizeBytes(),
        Instant.EPOCH,
        plan.threads());
  }

  /// Whatever changes the root or what boots it is among these facts; what does not, such as the
  /// number of threads or where the image came from, is not.
  private Identity contents(List<Manifest.Layer> layers, BootableSystem system) {
    List<String> facts = new ArrayList<>();
    layers.forEach(layer -> facts.add(layer.diffId()));
    facts.add(system.created().toString());
    facts.add(system.compression() + " " + plan.root().blockSizeBytes());
    facts.add(system.files().kernel().version() + " " + plan.root().keepInitrd());
    return Identity.of(facts);
  }

  /// A container's process is not a machine's: init starts what the image has enabled.
  private void warnOfProcess(Image image) {
    List<String> process = new ArrayList<>(image.config().entrypoint());
    process.addAll(image.config().command());
    if (!process.isEmpty()) {
      progress.note(
          "The image's own command (%s) is not run: a machine starts its init"
              .formatted(ByteString.utf8(String.join(" ", process))));
    }
  }

  private Output write(OutputFormat format, Content content, OutputDirectory output)
      throws IOException {
    try (Progress.Stage stage = progress.begin(stageName(format), content.sizeBytes())) {
      Output written = output.writeFile(format.fileName(), content, stage::advance);
      stage.finish();
      return written;
    }
  }

  private List<Output> write(OutputFormat format, FileTree tree, OutputDirectory output)
      throws IOException {
    try (Progress.Stage stage = progress.begin(stageName(format), totalBytes(tree))) {
      List<Output> written = output.writeTree(format.fileName(), tree, stage::advance);
      stage.finish();
      return written;
    }
  }

  private static String stageName(OutputFormat format) {
    return "Writing " + format.fileName();
  }

  private static long totalBytes(FileTree tree) {
    AtomicLong total = new AtomicLong();
    tree.walk((_, inode) -> {
      if (inode instanceof RegularFile file) {
        total.addAndGet(file.content().sizeBytes());
      }
    });
    return total.get();
  }
}
