package io.github.container2boot.boot;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.FileTreeBuilder;
import io.github.container2boot.tree.RegularFile;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The files of an EFI system partition.
///
/// | path | what |
/// |---|---|
/// | EFI/BOOT/BOOTX64.EFI | what a firmware starts on a medium it does not know: shim, or the loader |
/// | EFI/BOOT/grubx64.efi, mmx64.efi | what shim looks for beside it |
/// | EFI/\<vendor\>/… | the same where the distribution has them |
/// | EFI/\<ID\>/grub.cfg | the one that says what is booted |
/// | grub.cfg in EFI/BOOT, EFI/\<vendor\>, \<prefix\> | wherever else this GRUB looks: they lead to that one |
/// | container2boot/vmlinuz, initrd.img | kernel and initrd |
/// | container2boot/squashfs.img | the root, unless it has a partition of its own |
///
/// systemd-boot has loader/loader.conf and loader/entries/container2boot.conf instead of grub.cfg.
public final class EspTree {
  /// The directory of kernel, initrd and root, from the root of the partition.
  public static final String DIRECTORY = "/container2boot";

  public static final String KERNEL = DIRECTORY + "/vmlinuz";
  public static final String INITRD = DIRECTORY + "/initrd.img";

  /// The root's name in it: the one dracut looks for.
  public static final String ROOT_IMAGE = DIRECTORY + "/squashfs.img";

  private static final String REMOVABLE = "/EFI/BOOT";

  private final FileTreeBuilder tree;
  private final Attributes fileAttributes;
  private final BootFiles files;
  private final CommandLine commandLine;
  private final EspOptions options;

  /// Paths in lower case to the way they are written.
  private final Map<String, String> spellings = new HashMap<>();

  private EspTree(BootFiles files, CommandLine commandLine, EspOptions options) {
    this.tree = new FileTreeBuilder(Attributes.ofRoot(0755, options.modified()));
    this.fileAttributes = Attributes.ofRoot(0644, options.modified());
    this.files = files;
    this.commandLine = commandLine;
    this.options = options;
  }

  /// Lays out a partition.
  ///
  /// @param commandLine what the kernel is given, all of it
  /// @param rootImage the root's SquashFS; empty if it lies elsewhere
  /// @throws BootException with [BootProblem.CommandLineTooLong] or
  ///   [BootProblem.UnsuitableArgument]
  public static FileTree of(
      BootFiles files, CommandLine commandLine, EspOptions options, Optional<Content> rootImage)
      throws IOException, BootException {
    commandLine.requireFits(files.kernel().image());
    EspTree esp = new EspTree(files, commandLine, options);
    esp.putLoader(files.bootLoader());
    esp.put(KERNEL, files.kernel().content());
    esp.put(INITRD, files.initrd().content());
    rootImage.ifPresent(image -> esp.put(ROOT_IMAGE, image));
    return esp.tree.build();
  }

  private void putLoader(BootLoader loader) throws IOException, BootException {
    switch (loader) {
      case BootLoader.ShimAndGrub shim -> putShimAndGrub(shim);
      case BootLoader.Grub grub -> putGrub(grub);
      case BootLoader.SystemdBoot systemd -> putSystemdBoot(systemd);
    }
  }

  private void putShimAndGrub(BootLoader.ShimAndGrub loader) throws IOException, BootException {
    String vendor = "/EFI/" + loader.vendorDirectory();
    String shimName = "shim" + loader.architecture().efiSuffix() + ".efi";
    put(removable(loader), loader.shim().content());
    put(vendor + "/" + shimName, loader.shim().content());
    for (String directory : new String[] {REMOVABLE, vendor}) {
      put(directory + "/" + loader.secondStage(), loader.grub().content());
      loader.mokManager().ifPresent(manager -> put(directory, manager));
    }
    if (options.keepFallback()) {
      loader.fallback().ifPresent(fallback -> put(REMOVABLE, fallback));
      String list = loader.architecture().removableName().replace(".EFI", ".CSV");
      loader.fallbackEntries().ifPresent(entries -> put(vendor + "/" + list, entries));
    }
    putGrubConfiguration(loader.vendorDirectory(), loader.grub());
  }

  private void putGrub(BootLoader.Grub loader) throws IOException, BootException {
    String name = "grub" + loader.architecture().efiSuffix() + ".efi";
    put(removable(loader), loader.grub().content());
    put("/EFI/" + loader.vendorDirectory() + "/" + name, loader.grub().content());
    putGrubConfiguration(loader.vendorDirectory(), loader.grub());
  }

  private void putGrubConfiguration(String vendorDirectory, EfiProgram grub)
      throws IOException, BootException {
    GrubConfiguration.requireSuitable(commandLine);
    String place = "/EFI/" + files.osRelease().id() + "/grub.cfg";
    Content handOver = Content.of(new GrubHandOver(place).toByteArray());
    put(REMOVABLE + "/grub.cfg", handOver);
    put("/EFI/" + vendorDirectory + "/grub.cfg", handOver);
    GrubImage.prefix(grub).ifPresent(prefix -> put(prefix + "/grub.cfg", handOver));
    put(
        place,
        Content.of(
            new GrubConfiguration(title(), commandLine, options.timeoutSeconds()).toByteArray()));
  }

  private void putSystemdBoot(BootLoader.SystemdBoot loader) {
    String name = "systemd-boot" + loader.architecture().efiSuffix() + ".efi";
    put(removable(loader), loader.loader().content());
    put("/EFI/systemd/" + name, loader.loader().content());
    put(
        "/loader/loader.conf",
        "default container2boot.conf\ntimeout %d\n".formatted(options.timeoutSeconds()));
    put(
        "/loader/entries/container2boot.conf",
        """
        title %s
        version %s
        linux %s
        initrd %s
        options %s
        """
            .formatted(
                files.osRelease().prettyName(),
                files.kernel().version(),
                KERNEL,
                INITRD,
                commandLine.text()));
  }

  /// `Debian GNU/Linux 13 (trixie), kernel 6.12.117+deb13-amd64`.
  private String title() {
    return files.osRelease().prettyName() + ", kernel " + files.kernel().version();
  }

  private static String removable(BootLoader loader) {
    return REMOVABLE + "/" + loader.architecture().removableName();
  }

  private void put(String directory, BootLoader.Companion companion) {
    put(directory + "/" + companion.name(), companion.program().content());
  }

  private void put(String path, String text) {
    put(path, Content.of(text.getBytes(UTF_8)));
  }

  /// FAT takes `EFI/Debian` and `EFI/debian` for the same: the first spelling of each name is kept.
  private void put(String path, Content content) {
    StringBuilder spelled = new StringBuilder();
    for (String name : path.substring(1).split("/", -1)) {
      String below = spelled + "/" + name;
      spelled.replace(
          0,
          spelled.length(),
          spellings.computeIfAbsent(below.toLowerCase(Locale.ROOT), _ -> below));
    }
    tree.put(spelled.toString(), new RegularFile(fileAttributes, content));
  }
}
