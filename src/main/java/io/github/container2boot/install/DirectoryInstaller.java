package io.github.container2boot.install;

import io.github.container2boot.build.OutputException;
import io.github.container2boot.build.Progress;
import io.github.container2boot.build.WriteProblems;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.fat.FatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/// Installs into a directory: where an EFI system partition is mounted.
///
/// Whoever may write there can do this.
public final class DirectoryInstaller {
  private static final List<String> FAT_TYPES = List.of("vfat", "msdos", "fuseblk", "exfat");

  private static final Set<OpenOption> NEW_FILE =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE,
          LinkOption.NOFOLLOW_LINKS);

  private final Path target;
  private final InstallPlan.Choices choices;
  private final Progress progress;
  private final Mounted mounted;
  private final Checkpoint checkpoint;

  /// What can be taken back, the latest first.
  private final Deque<Path> written = new ArrayDeque<>();

  private boolean warned;

  public DirectoryInstaller(Path target, InstallPlan.Choices choices, Progress progress) {
    this(target, choices, progress, Mounted.ofThisMachine(), _ -> {});
  }

  DirectoryInstaller(
      Path target,
      InstallPlan.Choices choices,
      Progress progress,
      Mounted mounted,
      Checkpoint checkpoint) {
    this.target = target;
    this.choices = choices;
    this.progress = progress;
    this.mounted = mounted;
    this.checkpoint = checkpoint;
  }

  /// Is told before and after everything that changes the target. What it throws, ends the
  /// installation there.
  interface Checkpoint {
    void reached(String step) throws IOException;
  }

  /// Decides what to do; nothing is written yet.
  ///
  /// @throws InstallException if it cannot be done, or should not
  /// @throws FatException if a FAT file system cannot hold it
  public InstallPlan plan(InstallSource source) throws IOException, FatException {
    NewSystem system = NewSystem.of(source, progress);
    requirePartition(system);
    return InstallPlan.of(target, system, TargetScan.of(target, system), choices);
  }

  private void requirePartition(NewSystem system) throws IOException {
    Optional<Mounted.Partition> partition = mounted.partition(target);
    String expected = system.partitionLabel().orElse("");
    String type = Files.getFileStore(target).type().toLowerCase(Locale.ROOT);
    if (!FAT_TYPES.contains(type)) {
      progress.warning(
          "%s: a firmware reads FAT only, and this is %s: copy it on to an EFI system partition"
              .formatted(target, type));
    } else if (partition.isPresent()
        && !expected.isEmpty()
        && !partition.get().name().equals(expected)) {
      requireName(partition.get(), expected);
    }
  }

  private void requireName(Mounted.Partition partition, String expected) throws InstallException {
    InstallException.WrongPartitionName problem =
        new InstallException.WrongPartitionName(
            target, partition.device(), expected, partition.name());
    if (!choices.force()) {
      throw new InstallException(problem);
    }
    progress.warning(problem.message());
  }

  /// Carries out a plan. What fails before anything is replaced leaves nothing behind.
  ///
  /// @throws InstallException if the target cannot be written, or does not keep what is written
  public void install(InstallPlan plan) throws IOException {
    long total = 2 * plan.writtenBytes();
    try (Progress.Stage stage = progress.begin("Writing and reading back", total)) {
      for (Operation operation : plan.operations()) {
        perform(operation, stage::advance);
      }
      stage.finish();
    } catch (InstallException failed) {
      undo();
      throw failed;
    }
  }

  private void perform(Operation operation, LongConsumer meter) throws IOException {
    switch (operation) {
      case Operation.Write write -> write(write, meter);
      case Operation.Remove removal -> remove(removal.path());
      case Operation.Synchronise _ -> synchronise();
    }
  }

  private void write(Operation.Write write, LongConsumer meter) throws IOException {
    SystemFile file = write.file();
    Path place = target.resolve(file.path());
    Path unfinished = target.resolve(file.path() + TargetScan.UNFINISHED);
    checkpoint.reached("write " + file.path());
    undoable(write, unfinished);
    onTarget(place, () -> Files.createDirectories(Objects.requireNonNull(place.getParent())));
    writeUnfinished(file, place, unfinished, meter);
    requireAsWritten(file, unfinished, meter);
    checkpoint.reached("rename " + file.path());
    undoable(write, place);
    onTarget(place, () -> Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE));
    checkpoint.reached("renamed " + file.path());
  }

  /// Only what nothing names yet may be undone, and no more once something else has been written.
  private void undoable(Operation.Write write, Path path) {
    boolean isUnnamed = path.toString().endsWith(TargetScan.UNFINISHED);
    boolean isSystem = write.file().role() == SystemFile.Role.SYSTEM;
    if (!isUnnamed && (!isSystem || write.replaces())) {
      written.clear();
    } else {
      written.push(path);
    }
  }

  private void undo() {
    for (Path path : written) {
      try {
        Files.deleteIfExists(path);
        removeEmptyParents(path);
      } catch (IOException notEvenThat) {
        progress.note("%s is left behind: %s".formatted(path, notEvenThat.getMessage()));
      }
    }
  }

  private void writeUnfinished(SystemFile file, Path place, Path unfinished, LongConsumer meter)
      throws IOException {
    try (FileChannel channel = onTarget(place, () -> FileChannel.open(unfinished, NEW_FILE))) {
      ByteBuffer piece = ByteBuffer.allocateDirect(Sha256.PIECE_BYTES);
      for (long offset = 0; offset < file.sizeBytes(); offset += piece.limit()) {
        checkpoint.reached("write " + file.path() + " at " + offset);
        piece.clear().limit((int) Math.min(piece.capacity(), file.sizeBytes() - offset));
        file.content().read(offset, piece);
        onTarget(place, () -> writeFully(channel, piece.flip()));
        meter.accept(piece.limit());
      }
      setTime(file, unfinished);
      onTarget(
          place,
          () -> {
            channel.force(true);
            return channel;
          });
    }
  }

  private static FileChannel writeFully(FileChannel channel, ByteBuffer piece) throws IOException {
    while (piece.hasRemaining()) {
      channel.write(piece);
    }
    return channel;
  }

  /// Some mounts let users write files that are not theirs to set times of.
  private void setTime(SystemFile file, Path path) {
    try {
      Files.setLastModifiedTime(path, FileTime.from(file.modified()));
    } catch (IOException notAllowed) {
      progress.note("%s: keeps the time it is written at".formatted(path));
    }
  }

  private void requireAsWritten(SystemFile file, Path unfinished, LongConsumer meter)
      throws IOException {
    boolean forgotten = LinuxCalls.forget(unfinished);
    if (!forgotten && !warned) {
      warned = true;
      progress.note("What is read back may come from the memory of the system, not the medium");
    }
    String found;
    try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.READ)) {
      found = Sha256.of(Content.ofFile(channel, 0, channel.size()), meter);
    }
    if (!found.equals(file.sha256())) {
      throw new InstallException(new InstallException.NotAsWritten(target.resolve(file.path())));
    }
  }

  private void remove(String path) throws IOException {
    Path place = target.resolve(path);
    checkpoint.reached("remove " + path);
    if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
      for (Path file : deepestFirst(place)) {
        checkpoint.reached("remove " + file);
        onTarget(file, () -> Files.deleteIfExists(file));
      }
    } else {
      onTarget(place, () -> Files.deleteIfExists(place));
    }
    removeEmptyParents(place);
    checkpoint.reached("removed " + path);
  }

  private static List<Path> deepestFirst(Path directory) throws IOException {
    try (Stream<Path> inside = Files.walk(directory)) {
      return inside.sorted(Comparator.reverseOrder()).toList();
    }
  }

  private void removeEmptyParents(Path path) throws IOException {
    Path parent = path.getParent();
    while (parent != null && !parent.equals(target)) {
      try {
        Files.deleteIfExists(parent);
      } catch (DirectoryNotEmptyException inUse) {
        return;
      }
      parent = parent.getParent();
    }
  }

  private void synchronise() throws IOException {
    checkpoint.reached("synchronise");
    if (!LinuxCalls.synchronise(target)) {
      progress.note("%s: the system is left to bring names to the medium".formatted(target));
    }
  }

  /// What fails in here is the target's fault, what fails in reading a Content is not.
  private static <T> T onTarget(Path place, OnTarget<T> action) throws InstallException {
    try {
      return action.run();
    } catch (IOException failed) {
      OutputException explained = WriteProblems.explained(place, failed);
      throw new InstallException(new InstallException.NotWritten(explained.problem()), failed);
    }
  }

  private interface OnTarget<T> {
    T run() throws IOException;
  }
}
