package io.github.container2boot.cli;

import io.github.container2boot.build.OutputException;
import io.github.container2boot.install.InstallException;

/// What to do about a system that cannot be installed.
final class InstallRemedies {
  private InstallRemedies() {}

  static String describe(InstallException.Problem problem) {
    return switch (problem) {
      case InstallException.NotASystem other ->
          other.message() + "; give what 'container2boot build' made, esp/ or disk.img";
      case InstallException.NeedsWholeDisk other ->
          other.message() + "; write disk.img to a whole stick";
      case InstallException.NotATarget other -> other.message();
      case InstallException.InUse other ->
          other.message() + "; unmount it, or choose another device (see lsblk)";
      case InstallException.NotRemovable other ->
          other.message() + "; if that is what you want to overwrite, say --force";
      case InstallException.DeviceUnfit other -> other.message() + "; use another device";
      case InstallException.OfOthers other ->
          other.message()
              + "; use another stick, or --force to replace what boots the other system";
      case InstallException.InTheWay other -> other.message() + "; move it away";
      case InstallException.NoRoom room -> room(room);
      case InstallException.WrongPartitionName name ->
          "%s; name it so with 'sudo sfdisk --part-label' or in GNOME Disks, build with --rootlabel, or use --force"
              .formatted(name.message());
      case InstallException.NotAsWritten other ->
          other.message() + "; the stick is broken, use another";
      case InstallException.NotWritten other -> output(other.problem());
    };
  }

  private static String room(InstallException.NoRoom room) {
    String problem =
        "%s: %s are needed, %s are free"
            .formatted(
                room.target(),
                ByteSize.shown(room.neededBytes()),
                ByteSize.shown(room.freeBytes()));
    return room.fitsWithoutOld()
        ? problem
            + "; make room, or use --replace to remove the old system first (nothing boots until the new one is complete)"
        : problem + "; make room there, or use a larger stick";
  }

  private static String output(OutputException.Problem problem) {
    String advice =
        switch (problem) {
          case OutputException.Problem.NoSpace _ -> "; make room there";
          case OutputException.Problem.TooLarge _ -> "";
          case OutputException.Problem.NotPermitted _ ->
              "; mount a stick as this user, as desktops do, or run this as root";
          case OutputException.Problem.ReadOnly _ ->
              "; release the stick's lock or mount it anew, and check it with fsck.fat";
          case OutputException.Problem.InTheWay _ -> "; move it away";
          case OutputException.Problem.BadName _ -> "";
          case OutputException.Problem.Failed _ -> "; check the stick with fsck.fat";
        };
    return problem.message() + advice;
  }
}
