package io.github.container2boot.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.boot.SecureBoot;
import io.github.container2boot.bytes.Content;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What was made from what: the content of `manifest.json`.
///
/// It depends on the input and the choices alone, as every output does: no time of the build, no
/// name of the machine, and paths relative to the output directory. The manifest does not list
/// itself.
///
/// @param toolVersion which container2boot made this
/// @param system what the image calls itself (PRETTY_NAME), shown in the boot menu
/// @param created the time that stands in the outputs where a format wants one
/// @param layers from the bottom up
/// @param commandLine the kernel's arguments
/// @param selinuxPolicy the policy by which the root is labelled, if the image has one
/// @param partitionTable there if a disk was made
/// @param warnings what the build warned of
/// @param outputs in the order in which they were made
public record Manifest(
    String toolVersion,
    String system,
    Instant created,
    Source source,
    List<Layer> layers,
    Kernel kernel,
    String commandLine,
    RootFilesystem rootFilesystem,
    Optional<String> selinuxPolicy,
    List<Signature> secureBoot,
    Optional<PartitionTable> partitionTable,
    List<String> warnings,
    List<Output> outputs) {
  /// The version of the layout below; it changes when a reader of the former one would stumble.
  static final int FORMAT = 1;

  public static final String FILE_NAME = "manifest.json";

  public Manifest {
    layers = List.copyOf(layers);
    secureBoot = List.copyOf(secureBoot);
    warnings = List.copyOf(warnings);
    outputs = List.copyOf(outputs);
  }

  /// The image that went in.
  ///
  /// @param reference as the user wrote it
  /// @param digest of the image's manifest, `sha256:…`; a plain tarball has none but its own, and a
  ///   directory that of its only layer
  /// @param platform `linux/amd64`
  public record Source(String reference, String digest, String platform) {}

  /// One layer of the image.
  ///
  /// @param digest of the layer as it is stored
  /// @param diffId digest of the tar archive inside; for a directory, which has neither, both are
  ///   the digest of the layer image made of it
  /// @param sizeBytes as it is stored; for a directory, what its files hold; empty if its source
  ///   does not say
  public record Layer(String digest, String diffId, OptionalLong sizeBytes) {}

  /// What boots.
  ///
  /// @param version as `uname -r` prints it
  /// @param path where the image has the kernel
  /// @param initrdPath where the image has its initrd
  public record Kernel(String version, String path, String initrdPath) {}

  /// The root file system.
  ///
  /// @param type the file system: `squashfs`
  /// @param compression `zstd:6`
  public record RootFilesystem(
      String type, String compression, int blockSizeBytes, long sizeBytes, String label) {}

  /// What stands behind a program of the boot chain.
  ///
  /// @param path where the image has it
  /// @param signers names in the signing certificates; none if it is not signed
  /// @param trust who vouches for them
  public record Signature(String path, List<String> signers, SecureBoot.Trust trust) {
    public Signature {
      signers = List.copyOf(signers);
    }

    /// The file's name, for people.
    public String program() {
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  /// The GUID partition table of the disk image.
  public record PartitionTable(
      String diskGuid, int sectorSizeBytes, long sizeBytes, List<Partition> partitions) {
    public PartitionTable {
      partitions = List.copyOf(partitions);
    }
  }

  /// An entry of the partition table.
  public record Partition(
      int number, String label, String typeGuid, String guid, long offsetBytes, long sizeBytes) {}

  /// `manifest.json`, in UTF-8.
  public Content toContent() {
    return Content.of(toJson().getBytes(UTF_8));
  }

  /// The manifest as JSON text, always the same for equal manifests.
  public String toJson() {
    return JsonWriter.object(json -> {
      json.member("container2boot", toolVersion)
          .member("format", FORMAT)
          .member("system", system)
          .member("created", created.toString())
          .member("source", this::source)
          .members("layers", layers, Manifest::layer)
          .member("kernel", this::kernel)
          .member("commandLine", commandLine)
          .member("root", this::root);
      selinuxPolicy.ifPresent(policy -> json.member("selinuxPolicy", policy));
      json.members("secureBoot", secureBoot, Manifest::signature);
      partitionTable.ifPresent(
          table -> json.member("partitionTable", members -> partitionTable(members, table)));
      json.strings("warnings", warnings).members("outputs", outputs, Manifest::output);
    });
  }

  private void source(JsonWriter json) {
    json.member("reference", source.reference())
        .member("digest", source.digest())
        .member("platform", source.platform());
  }

  private static void layer(JsonWriter json, Layer layer) {
    json.member("digest", layer.digest()).member("diffId", layer.diffId());
    layer.sizeBytes().ifPresent(size -> json.member("sizeBytes", size));
  }

  private void kernel(JsonWriter json) {
    json.member("version", kernel.version())
        .member("path", kernel.path())
        .member("initrdPath", kernel.initrdPath());
  }

  private void root(JsonWriter json) {
    json.member("type", rootFilesystem.type())
        .member("compression", rootFilesystem.compression())
        .member("blockSizeBytes", rootFilesystem.blockSizeBytes())
        .member("sizeBytes", rootFilesystem.sizeBytes())
        .member("label", rootFilesystem.label());
  }

  private static void signature(JsonWriter json, Signature signature) {
    json.member("path", signature.path())
        .strings("signers", signature.signers())
        .member("trust", signature.trust().toString());
  }

  private static void partitionTable(JsonWriter json, PartitionTable table) {
    json.member("diskGuid", table.diskGuid())
        .member("sectorSizeBytes", table.sectorSizeBytes())
        .member("sizeBytes", table.sizeBytes())
        .members("partitions", table.partitions(), Manifest::partition);
  }

  private static void partition(JsonWriter json, Partition partition) {
    json.member("number", partition.number())
        .member("label", partition.label())
        .member("typeGuid", partition.typeGuid())
        .member("guid", partition.guid())
        .member("offsetBytes", partition.offsetBytes())
        .member("sizeBytes", partition.sizeBytes());
  }

  private static void output(JsonWriter json, Output output) {
    json.member("path", output.path())
        .member("sizeBytes", output.sizeBytes())
        .member("sha256", output.sha256());
  }
}
