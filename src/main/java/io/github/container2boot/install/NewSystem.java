package io.github.container2boot.install;

import io.github.container2boot.boot.EspTree;
import io.github.container2boot.build.Progress;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.fat.FatException;
import io.github.container2boot.fat.FatFileSystem;
import io.github.container2boot.fat.FatOptions;
import io.github.container2boot.fat.VolumeLabel;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A system as it is going to lie on the target: its own files in a directory that is named by what
/// is in it, and configurations that look for them there.
///
/// @param directory its name below `container2boot`
/// @param files all of them, ordered by role and path
/// @param partitionLabel what the partition must be called for the root to be found
record NewSystem(String directory, List<SystemFile> files, Optional<String> partitionLabel) {
  /// What directories of systems are called.
  static final Pattern DIRECTORY = Pattern.compile("[0-9a-f]{12}");

  /// Where all systems lie, relative to the target.
  static final String SYSTEMS = EspTree.DIRECTORY.substring(1);

  private static final int DIRECTORY_DIGITS = 12;
  private static final Pattern FIRST_LOADER = Pattern.compile("efi/boot/boot[a-z0-9]+\\.efi");

  NewSystem {
    files = List.copyOf(files);
  }

  /// Reads everything once and decides where it goes.
  ///
  /// @throws InstallException if it would not boot by its own account
  /// @throws FatException if a FAT file system cannot hold it
  static NewSystem of(InstallSource source, Progress progress) throws IOException, FatException {
    FileTree tree = source.files();
    requireFat(tree);
    List<SystemFile> found = digested(regularFiles(tree), progress);
    requireSystem(source.path(), found);
    String directory = directory(found);
    List<SystemFile> placed = new ArrayList<>();
    for (SystemFile file : found) {
      placed.add(placed(file, directory));
    }
    placed.sort(Comparator.comparing(SystemFile::role).thenComparing(SystemFile::path));
    return new NewSystem(directory, placed, partitionLabel(found));
  }

  /// Firmware reads FAT and nothing else, whatever the target is now.
  private static void requireFat(FileTree tree) throws FatException {
    FatFileSystem.of(tree, FatOptions.exact(512, 0, 0, VolumeLabel.none()));
  }

  private static List<SystemFile> regularFiles(FileTree tree) throws IOException {
    List<SystemFile> files = new ArrayList<>();
    tree.walk((TreePath path, Inode inode) -> {
      if (inode instanceof RegularFile file && !isList(path)) {
        String name = text(path).substring(1);
        Instant modified = file.attributes().modified();
        files.add(new SystemFile(name, role(name), file.content(), modified, ""));
      }
    });
    return files;
  }

  /// That of a target which is installed from is about other paths.
  private static boolean isList(TreePath path) {
    return text(path).equals("/" + InstalledFiles.PATH);
  }

  private static String text(TreePath path) {
    ByteString bytes = path.toByteString();
    return new String(bytes.toByteArray(), StandardCharsets.UTF_8);
  }

  private static SystemFile.Role role(String path) {
    if (path.startsWith(SYSTEMS + "/")) {
      return SystemFile.Role.SYSTEM;
    }
    if (Configuration.isAt(path)) {
      return SystemFile.Role.CONFIGURATION;
    }
    return FIRST_LOADER.matcher(path.toLowerCase(Locale.ROOT)).matches()
        ? SystemFile.Role.FIRST_LOADER
        : SystemFile.Role.LOADER;
  }

  private static List<SystemFile> digested(List<SystemFile> files, Progress progress)
      throws IOException {
    long total = files.stream().mapToLong(SystemFile::sizeBytes).sum();
    List<SystemFile> digested = new ArrayList<>();
    try (Progress.Stage stage = progress.begin("Reading the system", total)) {
      for (SystemFile file : files) {
        digested.add(file.withSha256(Sha256.of(file.content(), stage::advance)));
      }
      stage.finish();
    }
    return digested;
  }

  private static void requireSystem(Path source, List<SystemFile> files) throws IOException {
    if (files.stream().noneMatch(file -> file.role() == SystemFile.Role.FIRST_LOADER)) {
      throw notASystem(source, "has no EFI/BOOT/BOOT….EFI that a firmware would start");
    }
    boolean named = false;
    for (SystemFile file : files) {
      if (file.role() == SystemFile.Role.CONFIGURATION) {
        named |= requireFiles(source, file, files);
      }
    }
    if (!named) {
      throw notASystem(
          source, "no boot loader's configuration there names a file in " + EspTree.DIRECTORY);
    }
  }

  /// @return whether the configuration names any of the system's own
  private static boolean requireFiles(Path source, SystemFile file, List<SystemFile> files)
      throws IOException {
    Configuration configuration = configuration(source, file);
    List<String> needed = new ArrayList<>();
    configuration.files().forEach(name -> needed.add(SYSTEMS + "/" + name));
    configuration.handsOverTo().ifPresent(needed::add);
    for (String path : needed) {
      if (files.stream().noneMatch(other -> isAt(path, other))) {
        throw notASystem(source, "%s names %s, which is not there".formatted(file.path(), path));
      }
    }
    return !configuration.files().isEmpty();
  }

  /// As FAT takes names.
  private static boolean isAt(String path, SystemFile file) {
    return TargetState.key(file.path()).equals(TargetState.key(path));
  }

  private static Configuration configuration(Path source, SystemFile file) throws IOException {
    if (file.sizeBytes() > Configuration.MOST_BYTES) {
      throw notASystem(
          source,
          "%s: expected at most %d bytes, found %d"
              .formatted(file.path(), Configuration.MOST_BYTES, file.sizeBytes()));
    }
    return Configuration.of(file.content().toByteArray());
  }

  private static InstallException notASystem(Path source, String reason) {
    return new InstallException(new InstallException.NotASystem(source, reason));
  }

  /// Follows from every name and byte of the system's own files.
  private static String directory(List<SystemFile> files) {
    String list =
        files.stream()
            .filter(file -> file.role() == SystemFile.Role.SYSTEM)
            .map(file -> file.sha256() + "  " + file.path() + "\n")
            .collect(Collectors.joining());
    return Sha256.of(list.getBytes(StandardCharsets.UTF_8)).substring(0, DIRECTORY_DIGITS);
  }

  private static SystemFile placed(SystemFile file, String directory) throws IOException {
    return switch (file.role()) {
      case SYSTEM -> file.at(SYSTEMS + "/" + directory + file.path().substring(SYSTEMS.length()));
      case CONFIGURATION, HAND_OVER -> file.with(moved(file, directory));
      case LOADER, FIRST_LOADER -> file;
    };
  }

  private static Configuration moved(SystemFile file, String directory) throws IOException {
    return Configuration.of(file.content().toByteArray()).movedTo(directory);
  }

  private static Optional<String> partitionLabel(List<SystemFile> files) throws IOException {
    for (SystemFile file : files) {
      if (file.role() == SystemFile.Role.CONFIGURATION) {
        Optional<String> label = Configuration.of(file.content().toByteArray()).partitionLabel();
        if (label.isPresent()) {
          return label;
        }
      }
    }
    return Optional.empty();
  }

  /// What the target's list says of it.
  InstalledFiles list() {
    return new InstalledFiles(
        files.stream()
            .map(file -> new InstalledFiles.Entry(file.path(), file.sha256()))
            .collect(Collectors.toSet()));
  }

  /// A file whose content is at hand.
  static SystemFile small(String path, SystemFile.Role role, byte[] bytes, Instant modified) {
    return new SystemFile(path, role, Content.of(bytes), modified, Sha256.of(bytes));
  }
}
