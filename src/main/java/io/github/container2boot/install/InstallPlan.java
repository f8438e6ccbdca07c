package io.github.container2boot.install;

import io.github.container2boot.install.Operation.Remove;
import io.github.container2boot.install.Operation.Synchronise;
import io.github.container2boot.install.Operation.Write;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// What to do, decided from what is to be installed and what is there.
///
/// | step | why there |
/// |---|---|
/// | what an interrupted installation left goes | nothing names it |
/// | the list names old files and new | whatever happens next, they are known to be ours |
/// | the system's files come, in a directory of their own | nothing names them yet |
/// | files come where none were, the firmware's first last | whoever finds them boots the new system, which is complete |
/// | boot loaders are replaced, the firmware's first last | either version loads either |
/// | configurations are replaced | what they name is complete, before and after |
/// | the old system goes, what names it first | nothing boots it any more |
///
/// Between two steps everything is brought to the medium.
///
/// @param operations in their order
/// @param neededBytes what has to be free for them
public record InstallPlan(Path target, List<Operation> operations, long neededBytes) {
  /// Room for directories.
  private static final int SPARE_BLOCKS = 16;

  private static final String REMOVABLE = "efi/boot/";

  public InstallPlan {
    operations = List.copyOf(operations);
  }

  /// What the user allows.
  ///
  /// @param force to replace files of others
  /// @param replace to remove the old system first where both do not fit; then nothing boots until
  ///   the new one is there
  public record Choices(boolean force, boolean replace) {}

  static InstallPlan of(Path target, NewSystem system, TargetState state, Choices choices)
      throws InstallException {
    return new Planner(target, system, state, choices).plan();
  }

  /// How many bytes will be written.
  public long writtenBytes() {
    return operations.stream()
        .mapToLong(operation -> operation instanceof Write write ? write.file().sizeBytes() : 0)
        .sum();
  }

  private static final class Planner {
    private final Path target;
    private final NewSystem system;
    private final TargetState state;
    private final Choices choices;
    private final List<Operation> operations = new ArrayList<>();
    private final List<Write> writes;

    /// What the list will say after the operations that are decided.
    private InstalledFiles listed;

    Planner(Path target, NewSystem system, TargetState state, Choices choices) {
      this.target = target;
      this.system = system;
      this.state = state;
      this.choices = choices;
      this.listed = state.list();
      this.writes =
          system.files().stream()
              .filter(file -> !isThere(file))
              .map(file -> new Write(file, state.find(file.path()).isPresent()))
              .toList();
    }

    private boolean isThere(SystemFile file) {
      return state
          .find(file.path())
          .filter(existing -> existing.sha256().equals(file.sha256()))
          .isPresent();
    }

    InstallPlan plan() throws InstallException {
      requireOurs();
      state.leftovers().forEach((path, size) -> operations.add(new Remove(path, size)));
      removeSystems(this::isUnfinished);
      long needed = neededBytes();
      makeRoom(needed);
      if (!writes.isEmpty()) {
        writeList(state.list().and(system.list()));
      }
      writeAll(write -> write.file().role() == SystemFile.Role.SYSTEM);
      writeAll(write -> !isSystem(write) && !write.replaces());
      writeAll(write -> isLoader(write) && write.replaces());
      writeAll(write -> write.file().role().isConfiguration() && write.replaces());
      removeOld();
      writeList(ownFiles());
      return new InstallPlan(target, operations, needed);
    }

    private void requireOurs() throws InstallException {
      List<String> others =
          writes.stream()
              .filter(Write::replaces)
              .map(write -> state.find(write.file().path()).orElseThrow())
              .filter(existing -> !state.isOurs(existing))
              .map(TargetState.Existing::path)
              .toList();
      if (!others.isEmpty() && !choices.force()) {
        throw new InstallException(new InstallException.OfOthers(target, others));
      }
    }

    /// An older interrupted installation has never come to where its system is named.
    private boolean isUnfinished(String name) {
      return NewSystem.DIRECTORY.matcher(name).matches() && !state.isNamed(name);
    }

    private void removeSystems(Predicate<String> which) {
      state.systems().entrySet().stream()
          .filter(entry -> !entry.getKey().equals(system.directory()))
          .filter(entry -> which.test(entry.getKey()))
          .map(InstallPlan::removal)
          .filter(removal -> !operations.contains(removal))
          .forEach(operations::add);
    }

    private long neededBytes() {
      long bytes = SPARE_BLOCKS * state.blockBytes();
      for (Write write : writes) {
        bytes += Math.ceilDiv(write.file().sizeBytes(), state.blockBytes()) * state.blockBytes();
      }
      return writes.isEmpty() ? 0 : bytes;
    }

    private void makeRoom(long needed) throws InstallException {
      long free = state.freeBytes() + removedBytes();
      if (needed <= free) {
        return;
      }
      long old =
          state.systems().entrySet().stream()
              .filter(entry -> !entry.getKey().equals(system.directory()))
              .filter(entry -> !isUnfinished(entry.getKey()))
              .mapToLong(Map.Entry::getValue)
              .sum();
      InstallException.NoRoom problem = new InstallException.NoRoom(target, needed, free, old);
      if (!choices.replace() || !problem.fitsWithoutOld()) {
        throw new InstallException(problem);
      }
      removeSystems(_ -> true);
    }

    private long removedBytes() {
      return operations.stream()
          .mapToLong(operation -> operation instanceof Remove removal ? removal.sizeBytes() : 0)
          .sum();
    }

    private void writeAll(Predicate<Write> which) {
      List<Write> chosen = writes.stream().filter(which).sorted(ORDER).toList();
      operations.addAll(chosen);
      if (!chosen.isEmpty()) {
        operations.add(new Synchronise());
      }
    }

    private static boolean isSystem(Write write) {
      return write.file().role() == SystemFile.Role.SYSTEM;
    }

    private static boolean isLoader(Write write) {
      return switch (write.file().role()) {
        case LOADER, FIRST_LOADER -> true;
        case SYSTEM, CONFIGURATION, HAND_OVER -> false;
      };
    }

    /// What the firmware starts comes last of all, before it what leads to something else, and what
    /// lies where the firmware looks by itself behind the rest.
    private static final Comparator<Write> ORDER =
        Comparator.comparing((Write write) -> write.file().role() == SystemFile.Role.FIRST_LOADER)
            .thenComparing(write -> write.file().role() == SystemFile.Role.HAND_OVER)
            .thenComparing(write -> TargetState.key(write.file().path()).startsWith(REMOVABLE))
            .thenComparing(write -> write.file().path());

    private void removeOld() {
      int before = operations.size();
      Set<String> kept =
          system.files().stream()
              .map(file -> TargetState.key(file.path()))
              .collect(Collectors.toSet());
      removeConfigurations(kept, configuration -> configuration.handsOverTo().isPresent());
      removeConfigurations(kept, configuration -> configuration.handsOverTo().isEmpty());
      state.files().values().stream()
          .filter(file -> !kept.contains(TargetState.key(file.path())))
          .filter(file -> state.list().has(file.path(), file.sha256()))
          .map(file -> new Remove(file.path(), file.sizeBytes()))
          .filter(removal -> !operations.contains(removal))
          .sorted(Comparator.comparing(Remove::path))
          .forEach(operations::add);
      synchroniseSince(before);
      before = operations.size();
      removeSystems(_ -> true);
      synchroniseSince(before);
    }

    private void removeConfigurations(Set<String> kept, Predicate<Configuration> which) {
      state
          .configurations()
          .forEach((path, configuration) -> {
            if (!kept.contains(TargetState.key(path))
                && configuration.isOfSystem()
                && which.test(configuration)) {
              operations.add(new Remove(path, configuration.text().length()));
            }
          });
    }

    private void synchroniseSince(int before) {
      if (operations.size() > before) {
        operations.add(new Synchronise());
      }
    }

    /// What others have put there stays theirs, even if it is the same.
    private InstalledFiles ownFiles() {
      return new InstalledFiles(
          system.files().stream()
              .filter(file -> !isThere(file) || state.isOurs(state.find(file.path()).orElseThrow()))
              .map(file -> new InstalledFiles.Entry(file.path(), file.sha256()))
              .collect(Collectors.toSet()));
    }

    private void writeList(InstalledFiles list) {
      if (list.equals(listed)) {
        return;
      }
      Instant modified = system.files().getLast().modified();
      SystemFile file =
          NewSystem.small(InstalledFiles.PATH, SystemFile.Role.SYSTEM, list.bytes(), modified);
      operations.add(new Write(file, !listed.entries().isEmpty()));
      operations.add(new Synchronise());
      listed = list;
    }
  }

  private static Remove removal(Map.Entry<String, Long> system) {
    return new Remove(NewSystem.SYSTEMS + "/" + system.getKey(), system.getValue());
  }
}
