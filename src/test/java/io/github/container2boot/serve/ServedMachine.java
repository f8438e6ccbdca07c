package io.github.container2boot.serve;

import io.github.container2boot.boot.BootableFiles;
import io.github.container2boot.build.BuildPlan;
import io.github.container2boot.build.BuildTime;
import io.github.container2boot.build.CacheChoice;
import io.github.container2boot.build.CompressionChoice;
import io.github.container2boot.build.DiskSize;
import io.github.container2boot.build.ImageBuilder;
import io.github.container2boot.build.KernelChoice;
import io.github.container2boot.build.OpenedSystem;
import io.github.container2boot.build.OutputFormat;
import io.github.container2boot.build.Progress;
import io.github.container2boot.source.Source;
import io.github.container2boot.source.SourceSettings;
import io.github.container2boot.tar.TarBuilder;
import io.github.container2boot.testing.OciLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/// A small machine that has everything but code, and about a megabyte of root.
public final class ServedMachine {
  private ServedMachine() {}

  /// Makes an image layout of it below `directory`.
  public static Path image(Path directory) throws IOException {
    return image(directory, Map.of());
  }

  /// The same, with other files in the place of some.
  static Path image(Path directory, Map<String, byte[]> others) throws IOException {
    Map<String, byte[]> files = new TreeMap<>(BootableFiles.debian());
    files.putAll(others);
    byte[] noise = new byte[1_000_000];
    new Random(9).nextBytes(noise);
    files.put("srv/noise", noise);
    files.put("usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed", BootableFiles.networkGrub());
    TarBuilder archive = new TarBuilder();
    files.forEach(archive::file);
    Path tar = Files.write(Files.createTempFile(directory, "layer", ".tar"), archive.build());
    Path layout = Files.createTempDirectory(directory, "layout");
    OciLayout.write(layout, List.of(tar));
    return layout;
  }

  /// Opens the image in a layout.
  static ServedSystem open(String name, Path layout, Path scratch) throws Exception {
    return open(name, layout, scratch, false);
  }

  static ServedSystem open(String name, Path layout, Path scratch, boolean force) throws Exception {
    OpenedSystem system = new ImageBuilder(plan(layout, scratch), Progress.unwatched()).open();
    return ServedSystem.of(name, "oci:machine", system, force);
  }

  /// Writes what a build writes.
  static void build(Path layout, Path output) throws Exception {
    new ImageBuilder(plan(layout, output), Progress.unwatched()).build();
  }

  private static BuildPlan plan(Path layout, Path directory) {
    return new BuildPlan(
        new Source.LayoutDirectory(layout, Optional.empty()),
        SourceSettings.none(),
        Optional.empty(),
        directory,
        OutputFormat.ALL,
        new BuildPlan.RootSettings(new CompressionChoice.Automatic(), 128 << 10, false),
        new BuildPlan.BootSettings(
            new KernelChoice.Newest(), List.of("quiet console=ttyS0"), false, false),
        new BuildPlan.DiskSettings(new DiskSize.Automatic(), 512, "C2BOOT"),
        new BuildTime.OfImage(),
        new CacheChoice.None(),
        1);
  }
}
