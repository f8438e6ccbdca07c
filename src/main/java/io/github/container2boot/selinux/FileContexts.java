package io.github.container2boot.selinux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.ExtendedAttributes;
import io.github.container2boot.tree.FileName;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The file contexts of one policy: which label each path of a file tree has.
///
/// Immutable, but for regular expressions that are compiled when first needed; may be used by
/// several threads at once.
public final class FileContexts {
  /// The extended attribute that a label is stored in.
  public static final ByteString ATTRIBUTE = ByteString.utf8("security.selinux");

  private static final String FILES = "contexts/files/file_contexts";

  private final FileName type;
  private final Substitutions localSubstitutions;
  private final Substitutions distributionSubstitutions;
  private final SpecificationIndex specifications;

  private FileContexts(
      FileName type,
      Substitutions localSubstitutions,
      Substitutions distributionSubstitutions,
      SpecificationIndex specifications) {
    this.type = type;
    this.localSubstitutions = localSubstitutions;
    this.distributionSubstitutions = distributionSubstitutions;
    this.specifications = specifications;
  }

  /// The file contexts of the policy that `tree`, a root filesystem, would load; empty if it has no
  /// policy.
  ///
  /// @throws FormatException if a file of the policy is not what libselinux would read
  /// @throws IOException if a file cannot be read
  public static Optional<FileContexts> of(FileTree tree) throws IOException {
    PolicyFiles files = new PolicyFiles(tree);
    for (FileName type : files.candidateTypes()) {
      TreePath path = PolicyFiles.ROOT.child(type);
      for (String name : FILES.split("/", -1)) {
        path = path.child(name);
      }
      if (files.has(path)) {
        return Optional.of(read(files, type, path));
      }
      if (files.has(withSuffix(path, ".bin"))) {
        throw FormatException.unsupported(
            "%s is missing, only its compiled form is there: install the policy's text form"
                .formatted(path));
      }
    }
    return Optional.empty();
  }

  private static FileContexts read(PolicyFiles files, FileName type, TreePath path)
      throws IOException {
    List<Specification> specifications = new ArrayList<>();
    for (String suffix : List.of("", ".homedirs", ".local")) {
      specifications.addAll(Specification.readAll(files.lines(withSuffix(path, suffix))));
    }
    return new FileContexts(
        type,
        Substitutions.readFrom(files.lines(withSuffix(path, ".subs"))),
        Substitutions.readFrom(files.lines(withSuffix(path, ".subs_dist"))),
        SpecificationIndex.of(specifications));
  }

  private static TreePath withSuffix(TreePath path, String suffix) {
    return path.parent().child(path.name() + suffix);
  }

  /// The policy's name: `targeted`, `default`, `mls`, …
  public FileName type() {
    return type;
  }

  /// The label of `inode` at `path` as it is stored in [#ATTRIBUTE], with its final NUL; empty if
  /// the policy has none for it.
  ///
  /// @throws FormatException if a regular expression that could decide it cannot be used
  public Optional<ByteString> label(TreePath path, Inode inode) throws FormatException {
    String decisive = decisive(latin1(path.toByteString()));
    return label(specifications.directoryOf(decisive), decisive, inode);
  }

  /// The path by which `path` is labelled.
  private String decisive(String path) {
    return distributionSubstitutions.apply(localSubstitutions.apply(path));
  }

  private static String latin1(ByteString bytes) {
    return new String(bytes.toByteArray(), ISO_8859_1);
  }

  private static Optional<ByteString> label(
      SpecificationIndex.InDirectory specifications, String decisive, Inode inode)
      throws FormatException {
    return specifications.find(decisive, FileType.of(inode)).flatMap(Specification::label);
  }

  /// `tree` with every inode labelled. Where the policy has no label, what is there stays. An inode
  /// with several paths gets the label of the first.
  public FileTree relabelled(FileTree tree) throws FormatException {
    return tree.withAttributes(new Relabelling());
  }

  /// Where a path lies, and where the one by which it is labelled.
  private static final class Place {
    private final String path;
    private final String decisive;
    private final SpecificationIndex.InDirectory specifications;
    private SpecificationIndex.@Nullable InDirectory below;

    Place(String path, String decisive, SpecificationIndex.InDirectory specifications) {
      this.path = path;
      this.decisive = decisive;
      this.specifications = specifications;
    }

    /// The specifications for what lies below, found out once for a directory.
    SpecificationIndex.InDirectory below() {
      if (below == null) {
        below = specifications.below(decisive);
      }
      return below;
    }
  }

  /// Labels a whole tree: one directory's paths share what is known of the directory.
  private final class Relabelling implements FileTree.AttributeChange<Place, FormatException> {
    private final Map<ByteString, ExtendedAttributes> labelsAlone = new HashMap<>();

    @Override
    public Place root() {
      String decisive = decisive("/");
      return new Place("", decisive, specifications.directoryOf(decisive));
    }

    @Override
    public Place below(Place directory, FileName name) {
      String path = directory.path + '/' + latin1(name.bytes());
      String decisive = decisive(path);
      SpecificationIndex.InDirectory below = directory.below();
      return new Place(
          path, decisive, below.holds(decisive) ? below : specifications.directoryOf(decisive));
    }

    @Override
    public Attributes attributes(Place place, Inode inode) throws FormatException {
      Attributes attributes = inode.attributes();
      return label(place.specifications, place.decisive, inode)
          .map(label -> attributes.withXattrs(labelled(attributes.xattrs(), label)))
          .orElse(attributes);
    }

    /// Most inodes have nothing but their label, and few labels are different.
    private ExtendedAttributes labelled(ExtendedAttributes xattrs, ByteString label) {
      return xattrs.isEmpty()
          ? labelsAlone.computeIfAbsent(label, alone -> xattrs.with(ATTRIBUTE, alone))
          : xattrs.with(ATTRIBUTE, label);
    }
  }
}
