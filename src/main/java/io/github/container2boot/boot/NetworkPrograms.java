package io.github.container2boot.boot;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The boot loader as a firmware fetches it from a server, instead of from a medium.
///
/// shim fetches its second stage from where it came from itself, under the same name as on a
/// medium. Debian's GRUB for media cannot reach a network, and another one can
/// (`grubnetx64.efi.signed`), which then has that name; elsewhere one GRUB does both.
///
/// @param programs by their paths below the URL of the image: `/EFI/BOOT/BOOTX64.EFI`
/// @param first what the firmware is told to fetch
/// @param fetchesMore whether it can go on from there
public record NetworkPrograms(Map<String, EfiProgram> programs, String first, boolean fetchesMore) {
  private static final String DIRECTORY = "/EFI/BOOT/";

  public NetworkPrograms {
    programs = Collections.unmodifiableMap(new LinkedHashMap<>(programs));
  }

  public static NetworkPrograms of(BootLoader loader) throws IOException {
    Map<String, EfiProgram> programs = new LinkedHashMap<>();
    String first = DIRECTORY + loader.architecture().removableName();
    boolean fetchesMore =
        switch (loader) {
          case BootLoader.ShimAndGrub shim -> {
            EfiProgram grub = shim.networkGrub().orElse(shim.grub());
            programs.put(first, shim.shim());
            programs.put(DIRECTORY + shim.secondStage(), grub);
            shim.mokManager()
                .ifPresent(manager -> programs.put(DIRECTORY + manager.name(), manager.program()));
            yield canFetch(shim.networkGrub(), grub);
          }
          case BootLoader.Grub alone -> {
            EfiProgram grub = alone.networkGrub().orElse(alone.grub());
            programs.put(first, grub);
            yield canFetch(alone.networkGrub(), grub);
          }
          case BootLoader.SystemdBoot systemd -> {
            programs.put(first, systemd.loader());
            yield false;
          }
        };
    return new NetworkPrograms(programs, first, fetchesMore);
  }

  private static boolean canFetch(Optional<EfiProgram> made, EfiProgram grub) throws IOException {
    return made.isPresent() || GrubImage.hasNetwork(grub);
  }
}
