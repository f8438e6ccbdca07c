package io.github.container2boot.boot;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.tree.Directory;
import io.github.container2boot.tree.FileName;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds the kernels of a root file system.
///
/// A kernel is `/usr/lib/modules/VERSION/vmlinuz` (Fedora, RHEL, Arch, bootc) or
/// `/boot/vmlinuz-VERSION` (Debian, openSUSE), with `Image` and `vmlinux` as names of uncompressed
/// ones. The same version at both counts once, as the one beside its modules. Arch and Alpine name
/// files after a flavour (`/boot/vmlinuz-linux`, `/boot/vmlinuz-lts`): the version is then in the
/// file's header, or that of the modules whose `pkgbase` or whose own name has the flavour. Rescue
/// kernels (`0-rescue-…`) are never found.
final class Kernels {
  private static final List<String> MODULES = List.of("/usr/lib/modules", "/lib/modules");
  private static final List<String> NAMES_BESIDE_MODULES = List.of("vmlinuz", "Image", "vmlinux");
  private static final Pattern NAME_IN_BOOT =
      Pattern.compile("(?:vmlinuz|Image|vmlinux|kernel)-(.+)");
  private static final Pattern NOT_FOR_BOOTING =
      Pattern.compile("(?:.*-)?rescue(?:-.*)?|.*\\.(?:old|bak|hmac|sig|gz|xz|zst|debug)");

  /// Versions and flavours become parts of other names; no distribution needs more than this.
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._+~^:@-]{1,128}");

  private static final int MAX_PKGBASE_BYTES = 256;

  static final List<String> LOOKED_AT =
      List.of(
          "/usr/lib/modules/*/vmlinuz",
          "/boot/vmlinuz-*",
          "/boot/Image-*",
          "/boot/vmlinux-*",
          "/boot/vmlinuz");

  private final FileTree root;

  /// By version, the first found first.
  private final Map<String, Candidate> candidates = new LinkedHashMap<>();

  private Kernels(FileTree root) {
    this.root = root;
  }

  private record Candidate(Version version, TreePath path, Content content, List<String> names) {
    Candidate withName(String name) {
      List<String> more = new ArrayList<>(names);
      more.add(name);
      return new Candidate(version, path, content, more);
    }
  }

  /// The kernel with the wanted version, or the newest.
  ///
  /// @throws BootException with [BootProblem.NoKernel] or [BootProblem.UnknownKernel]
  /// @throws FormatException if that file is not a kernel that boots by UEFI
  static Kernel select(FileTree root, Optional<String> wanted, Distribution distribution)
      throws IOException, BootException {
    List<Candidate> found = new Kernels(root).find();
    if (found.isEmpty()) {
      throw new BootException(new BootProblem.NoKernel(distribution, LOOKED_AT));
    }
    return kernel(root, wanted.isEmpty() ? found.getFirst() : named(wanted.get(), found));
  }

  /// All versions there are, newest first.
  static List<Version> versions(FileTree root) throws IOException {
    return new Kernels(root).find().stream().map(Candidate::version).toList();
  }

  private static Candidate named(String wanted, List<Candidate> found) throws BootException {
    return found.stream()
        .filter(candidate -> candidate.names().contains(wanted))
        .findFirst()
        .orElseThrow(() ->
            new BootException(
                new BootProblem.UnknownKernel(
                    wanted, found.stream().map(candidate -> candidate.version().text()).toList())));
  }

  private static Kernel kernel(FileTree root, Candidate candidate) throws IOException {
    return new Kernel(
        candidate.version(),
        candidate.path(),
        candidate.names(),
        candidate.content(),
        image(candidate.path(), candidate.content()),
        KernelConfiguration.of(root, candidate.version()));
  }

  private static KernelImage image(TreePath path, Content content) throws IOException {
    try {
      return KernelImage.read(content);
    } catch (FormatException problem) {
      throw problem.in(path.toString());
    }
  }

  private List<Candidate> find() throws IOException {
    for (String modules : MODULES) {
      for (FileName version : names(modules)) {
        for (String name : NAMES_BESIDE_MODULES) {
          add(version.toString(), TreePath.of(modules).child(version).child(name));
        }
      }
    }
    addAllInBoot();
    if (candidates.isEmpty()) {
      addFlavour("", TreePath.of("/boot/vmlinuz"));
      addFlavour("", TreePath.of("/boot/Image"));
    }
    return candidates.values().stream()
        .sorted(
            Comparator.comparing(Candidate::version)
                .thenComparing(candidate -> candidate.version().text())
                .reversed())
        .toList();
  }

  private void addAllInBoot() throws IOException {
    for (FileName name : names("/boot")) {
      Matcher matcher = NAME_IN_BOOT.matcher(name.toString());
      if (matcher.matches()) {
        String suffix = matcher.group(1);
        TreePath path = TreePath.of("/boot").child(name);
        if (Character.isDigit(suffix.charAt(0))) {
          add(suffix, path);
        } else {
          addFlavour(suffix, path);
        }
      }
    }
  }

  private void add(String version, TreePath path) {
    if (isUsable(version)) {
      file(path).ifPresent(content -> addIfNew(version, path, content));
    }
  }

  private static boolean isUsable(String name) {
    return NAME.matcher(name).matches() && !NOT_FOR_BOOTING.matcher(name).matches();
  }

  private void addIfNew(String version, TreePath path, Content content) {
    TreePath resolved = root.resolve(path).orElse(path);
    candidates.putIfAbsent(
        version, new Candidate(new Version(version), resolved, content, List.of(version)));
  }

  /// A file whose version cannot be found out is passed over: nothing would fit it.
  private void addFlavour(String flavour, TreePath path) throws IOException {
    Optional<Content> content = file(path);
    if (content.isEmpty() || !(flavour.isEmpty() || isUsable(flavour))) {
      return;
    }
    Optional<Version> version = image(path, content.get()).version();
    if (version.isEmpty()) {
      version = versionOfFlavour(flavour);
    }
    if (version.isPresent()) {
      String text = version.get().text();
      addIfNew(text, path, content.get());
      candidates.computeIfPresent(
          text, (_, known) -> flavour.isEmpty() ? known : known.withName(flavour));
    }
  }

  private Optional<Version> versionOfFlavour(String flavour) throws IOException {
    List<String> versions = new ArrayList<>();
    for (String modules : MODULES) {
      for (FileName version : names(modules)) {
        if (!isUsable(version.toString())) {
          continue;
        }
        TreePath pkgbase = TreePath.of(modules).child(version).child("pkgbase");
        if (flavour.equals(text(pkgbase)) || version.toString().endsWith("-" + flavour)) {
          return Optional.of(new Version(version.toString()));
        }
        versions.add(version.toString());
      }
    }
    long different = versions.stream().distinct().count();
    return different == 1 ? Optional.of(new Version(versions.getFirst())) : Optional.empty();
  }

  private String text(TreePath path) throws IOException {
    Optional<Content> content = file(path);
    return content.isPresent() && content.get().sizeBytes() <= MAX_PKGBASE_BYTES
        ? new String(content.get().toByteArray(), UTF_8).strip()
        : "";
  }

  private List<FileName> names(String directory) {
    return root.follow(directory).orElse(null) instanceof Directory found
        ? List.copyOf(found.entries().keySet())
        : List.of();
  }

  private Optional<Content> file(TreePath path) {
    return root.follow(path).orElse(null) instanceof RegularFile file
            && file.content().sizeBytes() > 0
        ? Optional.of(file.content())
        : Optional.empty();
  }
}
