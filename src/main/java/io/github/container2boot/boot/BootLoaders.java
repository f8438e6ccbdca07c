package io.github.container2boot.boot;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.tree.Directory;
import io.github.container2boot.tree.FileName;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Finds the boot loader a distribution put into a root file system.
///
/// There are three ways of keeping it:
///
/// - as on a mounted EFI system partition: `/boot/efi/EFI` (Fedora, RHEL and their like),
///   `/usr/lib/bootupd/updates/EFI` and `/usr/lib/ostree-boot/efi/EFI` (image based ones),
///   `/usr/lib/efi/{shim,grub2}/VERSION/EFI` (Fedora 44 and later);
/// - as files waiting for an installer: `/usr/lib/shim` and `/usr/lib/grub` (Debian, Ubuntu);
/// - under names of its own: `/usr/share/efi` (openSUSE).
///
/// A loader with shim wins over one without, GRUB over systemd-boot, and among equals the first
/// place in that order.
final class BootLoaders {
  private static final List<String> EFI_DIRECTORIES =
      List.of("/boot/efi/EFI", "/usr/lib/bootupd/updates/EFI", "/usr/lib/ostree-boot/efi/EFI");
  private static final String VERSIONED_SHIM = "/usr/lib/efi/shim";
  private static final String VERSIONED_GRUB = "/usr/lib/efi/grub2";
  private static final List<String> SUSE_DIRECTORIES =
      List.of("/usr/share/efi", "/usr/lib64/efi", "/usr/lib/efi");

  private static final Pattern SAFE_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}");

  private static final int MAX_SHIM_BYTES = 8 << 20;

  private final FileTree root;
  private final Architecture architecture;
  private final OsRelease release;
  private final String suffix;
  private final Set<String> lookedAt = new LinkedHashSet<>();

  private BootLoaders(FileTree root, Architecture architecture, OsRelease release) {
    this.root = root;
    this.architecture = architecture;
    this.release = release;
    this.suffix = architecture.efiSuffix();
  }

  /// @throws BootException with [BootProblem.NoBootLoader], or [BootProblem.WrongArchitecture] if a
  ///   file with the right name is for another processor
  static BootLoader find(FileTree root, Architecture architecture, OsRelease release)
      throws IOException, BootException {
    return new BootLoaders(root, architecture, release).find();
  }

  private BootLoader find() throws IOException, BootException {
    List<Parts> found = parts();
    for (Parts parts : found) {
      if (parts.shim().isPresent() && parts.grub().isPresent()) {
        return shimAndGrub(parts);
      }
    }
    for (Parts parts : found) {
      if (parts.grub().isPresent()) {
        return new BootLoader.Grub(
            architecture,
            parts.vendorDirectory(),
            program(parts.grub().get()),
            optionalProgram(parts.networkGrub()));
      }
    }
    Optional<Place> systemdBoot = systemdBoot();
    if (systemdBoot.isPresent()) {
      return new BootLoader.SystemdBoot(architecture, program(systemdBoot.get()));
    }
    throw new BootException(
        new BootProblem.NoBootLoader(architecture, release.distribution(), List.copyOf(lookedAt)));
  }

  /// A file that was found.
  private record Place(TreePath path, Content content) {}

  /// What one layout has of a loader.
  private record Parts(
      String vendorDirectory,
      Optional<Place> shim,
      Optional<Place> grub,
      Optional<Place> networkGrub,
      Optional<Place> mokManager,
      Optional<Place> fallback,
      Optional<Place> fallbackEntries) {}

  private List<Parts> parts() {
    List<Parts> all = new ArrayList<>();
    for (String efi : EFI_DIRECTORIES) {
      all.add(partsOfEfi(directory(efi), directory(efi)));
    }
    all.add(partsOfEfi(newest(VERSIONED_SHIM), newest(VERSIONED_GRUB)));
    all.add(partsOfDebian());
    for (String directory : SUSE_DIRECTORIES) {
      all.add(partsOfSuse(directory));
    }
    return all;
  }

  /// shim and its friends from one directory laid out like `/EFI`, GRUB from one like it.
  private Parts partsOfEfi(Optional<TreePath> shimEfi, Optional<TreePath> grubEfi) {
    TreePath grubVendor = vendor(grubEfi, "grub" + suffix + ".efi");
    TreePath shimVendor = vendor(shimEfi, "shim" + suffix + ".efi");
    Optional<TreePath> boot = shimEfi.flatMap(efi -> child(efi, "BOOT"));
    String name = vendorName(grubVendor);
    return new Parts(
        name,
        first(
            List.of(
                file(shimVendor, "shim" + suffix + ".efi"),
                file(shimVendor, "shim" + suffix + "-" + name + ".efi"),
                boot.flatMap(directory -> file(directory, architecture.removableName())))),
        file(grubVendor, "grub" + suffix + ".efi"),
        file(grubVendor, "grubnet" + suffix + ".efi"),
        first(
            List.of(
                file(shimVendor, "mm" + suffix + ".efi"),
                boot.flatMap(directory -> file(directory, "mm" + suffix + ".efi")))),
        boot.flatMap(directory -> file(directory, "fb" + suffix + ".efi")),
        first(List.of(file(shimVendor, csvName()), file(shimVendor, "BOOT.CSV"))));
  }

  /// The directory below `efi` with the file `wanted`: the one named after the distribution if it
  /// has it, else the first that does, `BOOT` last. The root where none does.
  private TreePath vendor(Optional<TreePath> efi, String wanted) {
    if (efi.isEmpty()) {
      return TreePath.root();
    }
    lookedAt.add(efi.get().child("*").child(wanted).toString());
    return children(efi.get())
        .filter(vendor -> file(vendor, wanted).isPresent())
        .min(Comparator.comparingInt(this::rank))
        .or(() -> child(efi.get(), release.id()))
        .orElse(TreePath.root());
  }

  private String vendorName(TreePath vendor) {
    boolean usable = !vendor.isRoot() && SAFE_NAME.matcher(vendor.name().toString()).matches();
    return usable ? vendor.name().toString() : release.id();
  }

  private int rank(TreePath vendor) {
    String name = vendor.name().toString();
    return name.equalsIgnoreCase(release.id()) ? 0 : name.equalsIgnoreCase("BOOT") ? 2 : 1;
  }

  private Optional<TreePath> directory(String efi) {
    lookedAt.add(efi);
    return root.follow(efi).orElse(null) instanceof Directory
        ? Optional.of(TreePath.of(efi))
        : Optional.empty();
  }

  /// The `EFI` of the newest version below `parent`.
  private Optional<TreePath> newest(String parent) {
    lookedAt.add(parent + "/*/EFI");
    return children(TreePath.of(parent))
        .sorted(
            Comparator.comparing((TreePath path) -> new Version(path.name().toString())).reversed())
        .flatMap(version -> child(version, "EFI").stream())
        .findFirst();
  }

  /// Ubuntu keeps the newest and the previous shim side by side, and `.signed` is a link to one of
  /// them that update-alternatives keeps.
  private Parts partsOfDebian() {
    TreePath shim = TreePath.of("/usr/lib/shim");
    TreePath grub = TreePath.of("/usr/lib/grub");
    String platform = architecture.grubPlatform();
    String shimName = "shim" + suffix + ".efi";
    String grubName = "grub" + suffix + ".efi";
    return new Parts(
        release.id(),
        first(
            List.of(
                looked(shim, shimName + ".signed"),
                looked(shim, shimName + ".signed.latest"),
                looked(shim, shimName + ".signed.previous"),
                looked(shim, shimName))),
        first(
            List.of(
                looked(grub.child(platform + "-signed"), grubName + ".signed"),
                looked(grub.child(platform).child("monolithic"), grubName))),
        first(
            List.of(
                file(grub.child(platform + "-signed"), "grubnet" + suffix + ".efi.signed"),
                file(grub.child(platform).child("monolithic"), "grubnet" + suffix + ".efi"))),
        first(
            List.of(file(shim, "mm" + suffix + ".efi.signed"), file(shim, "mm" + suffix + ".efi"))),
        first(
            List.of(file(shim, "fb" + suffix + ".efi.signed"), file(shim, "fb" + suffix + ".efi"))),
        file(shim, csvName()));
  }

  private Parts partsOfSuse(String parent) {
    TreePath directory = TreePath.of(parent).child(suseName());
    TreePath either = parent.endsWith("/share/efi") ? directory : TreePath.of(parent);
    return new Parts(
        release.id(),
        looked(either, "shim.efi"),
        looked(either, "grub.efi"),
        Optional.empty(),
        file(either, "MokManager.efi"),
        file(either, "fallback.efi"),
        Optional.empty());
  }

  private String suseName() {
    return switch (architecture) {
      case X86_64 -> "x86_64";
      case AARCH64 -> "aarch64";
      case RISCV64 -> "riscv64";
    };
  }

  private Optional<Place> systemdBoot() {
    TreePath directory = TreePath.of("/usr/lib/systemd/boot/efi");
    String name = "systemd-boot" + suffix + ".efi";
    return first(List.of(looked(directory, name + ".signed"), looked(directory, name)));
  }

  private BootLoader shimAndGrub(Parts parts) throws IOException, BootException {
    Place shim = parts.shim().orElseThrow();
    return new BootLoader.ShimAndGrub(
        architecture,
        parts.vendorDirectory(),
        program(shim),
        program(parts.grub().orElseThrow()),
        secondStage(shim.content()),
        companion(parts.mokManager()),
        optionalProgram(parts.networkGrub()),
        companion(parts.fallback()),
        parts.fallbackEntries().map(Place::content));
  }

  /// The name shim loads GRUB by is built into it, as UTF-16.
  private String secondStage(Content shim) throws IOException {
    String usual = "grub" + suffix + ".efi";
    if (shim.sizeBytes() > MAX_SHIM_BYTES) {
      return usual;
    }
    String bytes = new String(shim.toByteArray(), ISO_8859_1);
    return !bytes.contains(wide("\\" + usual)) && bytes.contains(wide("\\grub.efi"))
        ? "grub.efi"
        : usual;
  }

  private static String wide(String text) {
    return new String(text.getBytes(UTF_16LE), ISO_8859_1);
  }

  private Optional<BootLoader.Companion> companion(Optional<Place> place)
      throws IOException, BootException {
    if (place.isEmpty()) {
      return Optional.empty();
    }
    EfiProgram program = program(place.get());
    String name = program.path().name().toString();
    String withoutSuffix = name.replaceFirst("\\.signed$", "");
    return Optional.of(new BootLoader.Companion(withoutSuffix, program));
  }

  private Optional<EfiProgram> optionalProgram(Optional<Place> place)
      throws IOException, BootException {
    return place.isEmpty() ? Optional.empty() : Optional.of(program(place.get()));
  }

  private EfiProgram program(Place place) throws IOException, BootException {
    return EfiProgram.read(place.path(), place.content(), architecture);
  }

  private String csvName() {
    return architecture.removableName().replace(".EFI", ".CSV");
  }

  private Optional<Place> looked(TreePath directory, String name) {
    lookedAt.add(directory.child(name).toString());
    return file(directory, name);
  }

  private Optional<Place> file(TreePath directory, String name) {
    return child(directory, name)
        .flatMap(path ->
            root.follow(path).orElse(null) instanceof RegularFile file
                    && file.content().sizeBytes() > 0
                ? Optional.of(new Place(path, file.content()))
                : Optional.empty());
  }

  /// An entry by its name, or by what FAT would take for it.
  private Optional<TreePath> child(TreePath parent, String name) {
    List<TreePath> children = children(parent).toList();
    return children.stream()
        .filter(child -> child.name().is(name))
        .findFirst()
        .or(() ->
            children.stream()
                .filter(child -> child.name().toString().equalsIgnoreCase(name))
                .findFirst());
  }

  private Stream<TreePath> children(TreePath parent) {
    if (!(root.follow(parent).orElse(null) instanceof Directory directory)) {
      return Stream.empty();
    }
    List<FileName> names = List.copyOf(directory.entries().keySet());
    return names.stream().map(parent::child);
  }

  private static Optional<Place> first(List<Optional<Place>> places) {
    return places.stream().flatMap(Optional::stream).findFirst();
  }
}
