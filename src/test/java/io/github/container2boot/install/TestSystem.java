package io.github.container2boot.install;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.boot.BootException;
import io.github.container2boot.boot.CommandLine;
import io.github.container2boot.boot.GrubConfiguration;
import io.github.container2boot.boot.GrubHandOver;
import io.github.container2boot.boot.RootLocation;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.FileTreeBuilder;
import io.github.container2boot.tree.RegularFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// A small system with the layout of a real one: two of different versions have no file in common
/// but the boot loaders, if they come from the same vendor.
record TestSystem(String version, String vendor, String loaders, int rootBytes) {
  static final Instant MODIFIED = Instant.parse("2026-11-22T12:34:56Z");

  static TestSystem debian(String version) {
    return new TestSystem(version, "debian", "1", 2_500_000);
  }

  TestSystem withLoaders(String changed) {
    return new TestSystem(version, vendor, changed, rootBytes);
  }

  TestSystem withVendor(String changed) {
    return new TestSystem(version, changed, loaders, rootBytes);
  }

  TestSystem withRootBytes(int changed) {
    return new TestSystem(version, vendor, loaders, changed);
  }

  Map<String, byte[]> files() {
    Map<String, byte[]> files = new TreeMap<>();
    String signed = vendor + " " + loaders;
    files.put("EFI/BOOT/BOOTX64.EFI", ("shim of " + signed).getBytes(UTF_8));
    files.put("EFI/BOOT/grubx64.efi", ("GRUB of " + signed).getBytes(UTF_8));
    files.put("EFI/BOOT/mmx64.efi", ("MokManager of " + signed).getBytes(UTF_8));
    files.put("EFI/BOOT/grub.cfg", handOver().toByteArray());
    files.put("EFI/" + vendor + "/shimx64.efi", ("shim of " + signed).getBytes(UTF_8));
    files.put("EFI/" + vendor + "/grubx64.efi", ("GRUB of " + signed).getBytes(UTF_8));
    files.put("EFI/" + vendor + "/grub.cfg", configuration());
    files.put("container2boot/vmlinuz", random("vmlinuz", 70_000));
    files.put("container2boot/initrd.img", random("initrd.img", 300_000));
    files.put("container2boot/squashfs.img", random("squashfs.img", rootBytes));
    return files;
  }

  private GrubHandOver handOver() {
    return new GrubHandOver("/EFI/" + vendor + "/grub.cfg");
  }

  private byte[] configuration() {
    try {
      CommandLine line =
          CommandLine.of(new RootLocation.InFile("C2BOOT")).append("console=ttyS0 quiet");
      return new GrubConfiguration("Version " + version, line, 5).toByteArray();
    } catch (BootException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private byte[] random(String name, int sizeBytes) {
    byte[] bytes = new byte[sizeBytes];
    new Random((version + name).hashCode()).nextBytes(bytes);
    return bytes;
  }

  /// As `build --format esp` and rsync would leave it.
  Path writeTo(Path directory) throws IOException {
    for (Map.Entry<String, byte[]> file : files().entrySet()) {
      Path path = directory.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
      Files.setLastModifiedTime(path, FileTime.from(MODIFIED));
    }
    return directory;
  }

  FileTree tree() {
    FileTreeBuilder tree = new FileTreeBuilder(Attributes.ofRoot(0755, MODIFIED));
    files()
        .forEach((path, bytes) ->
            tree.put(
                "/" + path, new RegularFile(Attributes.ofRoot(0644, MODIFIED), Content.of(bytes))));
    return tree.build();
  }
}
