package io.github.container2boot.boot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.TreePath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every distribution's way of keeping what boots.
class BootFilesTest {
  private static final String V = "6.12.1-1";

  /// A distribution's layout and what its EFI system partition must hold.
  private record Layout(
      String name, Roots root, String kernel, String initrd, List<String> partition) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Content efi(String prefix) {
    return PeBuilder.of(Architecture.X86_64).grubPrefix(prefix).content();
  }

  private static Content efi() {
    return PeBuilder.of(Architecture.X86_64).section(".text", new byte[64]).content();
  }

  private static Content arm() {
    return PeBuilder.of(Architecture.AARCH64).content();
  }

  private static Roots root(String id) {
    return new Roots()
        .directory("/proc")
        .file("/usr/lib/os-release", "ID=%s\nPRETTY_NAME=\"The %s\"\n".formatted(id, id))
        .link("/etc/os-release", "../usr/lib/os-release")
        .link("/lib", "usr/lib");
  }

  private static Roots red(String id, String version) {
    return root(id)
        .file("/usr/lib/modules/" + version + "/vmlinuz", KernelBuilder.of(version))
        .file(
            "/usr/lib/modules/" + version + "/config",
            "CONFIG_SQUASHFS=m\nCONFIG_SQUASHFS_ZLIB=y\nCONFIG_BLK_DEV_LOOP=m\nCONFIG_OVERLAY_FS=m\n")
        .file("/boot/initramfs-" + version + ".img", InitrdBuilder.dracut("057-44").content());
  }

  private static Roots efiTree(Roots root, String efi, String id) {
    return root.file(efi + "/BOOT/BOOTX64.EFI", efi())
        .file(efi + "/BOOT/fbx64.efi", efi())
        .file(efi + "/" + id + "/shimx64.efi", efi())
        .file(efi + "/" + id + "/shimx64-" + id + ".efi", efi())
        .file(efi + "/" + id + "/mmx64.efi", efi())
        .file(efi + "/" + id + "/BOOTX64.CSV", "csv")
        .file(efi + "/" + id + "/gcdx64.efi", efi("/EFI/BOOT"))
        .file(efi + "/" + id + "/grubx64.efi", efi("/EFI/" + id));
  }

  private static Roots debian(String id) {
    return root(id)
        .file("/boot/vmlinuz-" + V, KernelBuilder.of(V))
        .file("/boot/initrd.img-" + V, InitrdBuilder.dracut("106-6").content());
  }

  private static Roots debianLoaders(Roots root, String shimSuffix, String id) {
    return root.file("/usr/lib/shim/shimx64.efi.signed" + shimSuffix, efi())
        .file("/usr/lib/shim/mmx64.efi" + (shimSuffix.isEmpty() ? ".signed" : ""), efi())
        .file("/usr/lib/shim/fbx64.efi" + (shimSuffix.isEmpty() ? ".signed" : ""), efi())
        .file("/usr/lib/shim/BOOTX64.CSV", "csv")
        .file("/usr/lib/grub/x86_64-efi-signed/gcdx64.efi.signed", efi("/boot/grub"))
        .file("/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed", efi("/EFI/" + id));
  }

  private static List<String> shimPartition(String vendor, String... more) {
    List<String> paths =
        new ArrayList<>(
            List.of(
                "/EFI/BOOT/BOOTX64.EFI",
                "/EFI/BOOT/grub.cfg",
                "/EFI/BOOT/grubx64.efi",
                "/EFI/BOOT/mmx64.efi",
                "/EFI/" + vendor + "/grub.cfg",
                "/EFI/" + vendor + "/grubx64.efi",
                "/EFI/" + vendor + "/mmx64.efi",
                "/EFI/" + vendor + "/shimx64.efi",
                "/container2boot/initrd.img",
                "/container2boot/squashfs.img",
                "/container2boot/vmlinuz"));
    paths.addAll(List.of(more));
    return paths;
  }

  static Stream<Layout> layouts() {
    String el = "5.14.0-362.8.1.el9_3.x86_64";
    String fedora = "6.17.1-300.fc44.x86_64";
    return Stream.of(
        new Layout(
            "Debian 13",
            debianLoaders(debian("debian"), "", "debian"),
            "/boot/vmlinuz-" + V,
            "/boot/initrd.img-" + V,
            shimPartition("debian")),
        new Layout(
            "Ubuntu, through update-alternatives",
            debianLoaders(debian("ubuntu"), ".latest", "ubuntu")
                .file("/usr/lib/shim/shimx64.efi.signed.previous", "not even a program")
                .link("/usr/lib/shim/shimx64.efi.signed", "/etc/alternatives/shimx64.efi.signed")
                .link(
                    "/etc/alternatives/shimx64.efi.signed",
                    "/usr/lib/shim/shimx64.efi.signed.latest"),
            "/boot/vmlinuz-" + V,
            "/boot/initrd.img-" + V,
            shimPartition("ubuntu")),
        new Layout(
            "Ubuntu, link lost",
            debianLoaders(debian("ubuntu"), ".latest", "ubuntu"),
            "/boot/vmlinuz-" + V,
            "/boot/initrd.img-" + V,
            shimPartition("ubuntu")),
        new Layout(
            "a derivative with Ubuntu's GRUB",
            debianLoaders(debian("linuxmint"), "", "ubuntu"),
            "/boot/vmlinuz-" + V,
            "/boot/initrd.img-" + V,
            shimPartition("linuxmint", "/EFI/ubuntu/grub.cfg")),
        new Layout(
            "AlmaLinux 9",
            efiTree(red("almalinux", el), "/boot/efi/EFI", "almalinux"),
            "/usr/lib/modules/" + el + "/vmlinuz",
            "/boot/initramfs-" + el + ".img",
            shimPartition("almalinux")),
        new Layout(
            "AlmaLinux 9, kernel copied to /boot",
            efiTree(red("almalinux", el), "/boot/efi/EFI", "almalinux")
                .file("/boot/vmlinuz-" + el, KernelBuilder.of(el))
                .file("/boot/vmlinuz-0-rescue-0123456789abcdef", KernelBuilder.of(el))
                .file("/boot/initramfs-0-rescue-0123456789abcdef.img", "rescue"),
            "/usr/lib/modules/" + el + "/vmlinuz",
            "/boot/initramfs-" + el + ".img",
            shimPartition("almalinux")),
        new Layout(
            "RHEL 9, whose directory is not its ID",
            efiTree(red("rhel", el), "/boot/efi/EFI", "redhat"),
            "/usr/lib/modules/" + el + "/vmlinuz",
            "/boot/initramfs-" + el + ".img",
            shimPartition("redhat", "/EFI/rhel/grub.cfg")),
        new Layout(
            "Fedora 44",
            fedora44(red("fedora", fedora)),
            "/usr/lib/modules/" + fedora + "/vmlinuz",
            "/boot/initramfs-" + fedora + ".img",
            shimPartition("fedora")),
        new Layout(
            "CentOS bootc",
            efiTree(
                root("centos")
                    .file("/usr/lib/modules/" + el + "/vmlinuz", KernelBuilder.of(el))
                    .file(
                        "/usr/lib/modules/" + el + "/initramfs.img",
                        InitrdBuilder.dracut("057").content()),
                "/usr/lib/bootupd/updates/EFI",
                "centos"),
            "/usr/lib/modules/" + el + "/vmlinuz",
            "/usr/lib/modules/" + el + "/initramfs.img",
            shimPartition("centos")),
        new Layout(
            "openSUSE",
            root("opensuse-tumbleweed")
                .file("/usr/lib/modules/" + V + "/vmlinuz", KernelBuilder.of(V))
                .link("/boot/vmlinuz-" + V, "../usr/lib/modules/" + V + "/vmlinuz")
                .link("/boot/vmlinuz", "vmlinuz-" + V)
                .file("/boot/initrd-" + V, InitrdBuilder.dracut("059").content())
                .file(
                    "/usr/share/efi/x86_64/shim.efi",
                    PeBuilder.of(Architecture.X86_64)
                        .section(
                            ".data",
                            "\\grub.efi".getBytes(java.nio.charset.StandardCharsets.UTF_16LE))
                        .content())
                .file("/usr/share/efi/x86_64/MokManager.efi", efi())
                .file("/usr/share/efi/x86_64/fallback.efi", efi())
                .file("/usr/share/efi/x86_64/grub.efi", efi("/EFI/opensuse")),
            "/usr/lib/modules/" + V + "/vmlinuz",
            "/boot/initrd-" + V,
            List.of(
                "/EFI/BOOT/BOOTX64.EFI",
                "/EFI/BOOT/MokManager.efi",
                "/EFI/BOOT/grub.cfg",
                "/EFI/BOOT/grub.efi",
                "/EFI/opensuse-tumbleweed/MokManager.efi",
                "/EFI/opensuse-tumbleweed/grub.cfg",
                "/EFI/opensuse-tumbleweed/grub.efi",
                "/EFI/opensuse-tumbleweed/shimx64.efi",
                "/EFI/opensuse/grub.cfg",
                "/container2boot/initrd.img",
                "/container2boot/squashfs.img",
                "/container2boot/vmlinuz")),
        new Layout(
            "Arch",
            root("arch")
                .file("/boot/vmlinuz-linux", KernelBuilder.of("6.17.3-arch1-1"))
                .file("/usr/lib/modules/6.17.3-arch1-1/pkgbase", "linux\n")
                .file("/boot/initramfs-linux.img", InitrdBuilder.dracut("108").content())
                .file("/usr/lib/systemd/boot/efi/systemd-bootx64.efi", efi()),
            "/boot/vmlinuz-linux",
            "/boot/initramfs-linux.img",
            List.of(
                "/EFI/BOOT/BOOTX64.EFI",
                "/EFI/systemd/systemd-bootx64.efi",
                "/container2boot/initrd.img",
                "/container2boot/squashfs.img",
                "/container2boot/vmlinuz",
                "/loader/entries/container2boot.conf",
                "/loader/loader.conf")),
        new Layout(
            "Debian without signed packages",
            debian("debian")
                .file("/usr/lib/grub/x86_64-efi/monolithic/grubx64.efi", efi("/EFI/debian")),
            "/boot/vmlinuz-" + V,
            "/boot/initrd.img-" + V,
            List.of(
                "/EFI/BOOT/BOOTX64.EFI",
                "/EFI/BOOT/grub.cfg",
                "/EFI/debian/grub.cfg",
                "/EFI/debian/grubx64.efi",
                "/container2boot/initrd.img",
                "/container2boot/squashfs.img",
                "/container2boot/vmlinuz")),
        new Layout(
            "Debian on arm64",
            root("debian")
                .file("/boot/vmlinuz-" + V, KernelBuilder.zboot(Architecture.AARCH64))
                .file("/boot/initrd.img-" + V, InitrdBuilder.dracut("106").content())
                .file("/usr/lib/shim/shimaa64.efi.signed", arm())
                .file("/usr/lib/shim/mmaa64.efi.signed", arm())
                .file("/usr/lib/grub/arm64-efi-signed/grubaa64.efi.signed", arm()),
            "/boot/vmlinuz-" + V,
            "/boot/initrd.img-" + V,
            List.of(
                "/EFI/BOOT/BOOTAA64.EFI",
                "/EFI/BOOT/grub.cfg",
                "/EFI/BOOT/grubaa64.efi",
                "/EFI/BOOT/mmaa64.efi",
                "/EFI/debian/grub.cfg",
                "/EFI/debian/grubaa64.efi",
                "/EFI/debian/mmaa64.efi",
                "/EFI/debian/shimaa64.efi",
                "/container2boot/initrd.img",
                "/container2boot/squashfs.img",
                "/container2boot/vmlinuz")));
  }

  private static Roots fedora44(Roots root) {
    Roots shim =
        root.file("/usr/lib/efi/shim/15.8-3/EFI/fedora/shimx64.efi", "older")
            .file("/usr/lib/efi/shim/16.1-2/EFI/BOOT/BOOTX64.EFI", efi())
            .file("/usr/lib/efi/shim/16.1-2/EFI/BOOT/fbx64.efi", efi())
            .file("/usr/lib/efi/shim/16.1-2/EFI/fedora/shimx64.efi", efi())
            .file("/usr/lib/efi/shim/16.1-2/EFI/fedora/mmx64.efi", efi())
            .file("/usr/lib/efi/shim/16.1-2/EFI/fedora/BOOTX64.CSV", "csv");
    return shim.file("/usr/lib/efi/grub2/1:2.12-9.fc44/EFI/fedora/grubx64.efi", "older")
        .file("/usr/lib/efi/grub2/1:2.12-40.fc44/EFI/fedora/grubx64.efi", efi("/EFI/fedora"));
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void findsWhatADistributionKeeps(Layout layout) throws Exception {
    BootFiles files = BootFiles.find(layout.root().build(), BootOptions.defaults());
    assertThat(files.kernel().path()).hasToString(layout.kernel());
    assertThat(files.initrd().path()).hasToString(layout.initrd());
    assertThat(files.initrd().canBootFromNetwork()).isTrue();
    assertThat(files.forced()).isEmpty();
    FileTree partition =
        EspTree.of(
            files,
            CommandLine.of(new RootLocation.InFile("C2BOOT")),
            EspOptions.of(Instant.EPOCH),
            Optional.of(Content.hole(1 << 20)));
    assertThat(filesIn(partition)).containsExactlyInAnyOrderElementsOf(layout.partition());
    assertOneConfiguration(partition, files.osRelease().id());
  }

  /// Wherever GRUB looks, it is led to the one configuration.
  private static void assertOneConfiguration(FileTree partition, String id) throws Exception {
    String place = "/EFI/" + id + "/grub.cfg";
    for (String path : filesIn(partition)) {
      if (path.endsWith("grub.cfg")) {
        RegularFile file = (RegularFile) partition.find(TreePath.of(path)).orElseThrow();
        String text = new String(file.content().toByteArray(), UTF_8);
        if (path.equals(place)) {
          assertThat(text).contains("menuentry ");
        } else {
          assertThat(text).isEqualTo(new GrubHandOver(place).text());
        }
      }
    }
  }

  private static List<String> filesIn(FileTree tree) {
    List<String> paths = new ArrayList<>();
    tree.walk((path, inode) -> {
      if (inode instanceof RegularFile) {
        paths.add(path.toString());
      }
    });
    return paths;
  }

  @Test
  void takesTheFallbackLoaderAlongOnlyWhenAsked() throws Exception {
    BootFiles files = find(debianLoaders(debian("debian"), "", "debian"), BootOptions.defaults());
    FileTree partition =
        EspTree.of(
            files,
            new CommandLine(List.of()),
            new EspOptions(5, true, Instant.EPOCH),
            Optional.empty());
    assertThat(filesIn(partition))
        .contains("/EFI/BOOT/fbx64.efi", "/EFI/debian/BOOTX64.CSV")
        .doesNotContain("/container2boot/squashfs.img");
  }

  @Test
  void takesTheNewestKernelByVersionNotByString() throws Exception {
    Roots root = debianLoaders(debian("debian"), "", "debian");
    for (String version : List.of("5.14.0-70", "5.14.0-362", "5.14.0-9")) {
      root.file("/boot/vmlinuz-" + version, KernelBuilder.of(version))
          .file("/boot/initrd.img-" + version, InitrdBuilder.dracut("106").content());
    }
    assertThat(find(root, BootOptions.defaults()).kernel().version().text()).isEqualTo(V);
    assertThat(find(root, wanted("5.14.0-70")).kernel().version().text()).isEqualTo("5.14.0-70");
    assertThat(Kernels.versions(root.build()))
        .extracting(Version::text)
        .containsExactly(V, "5.14.0-362", "5.14.0-70", "5.14.0-9");
    assertThat(problem(root, wanted("4.19")).message())
        .isEqualTo(
            "no kernel 4.19: the image has %s, 5.14.0-362, 5.14.0-70, 5.14.0-9".formatted(V));
  }

  private static BootOptions wanted(String version) {
    return new BootOptions(Optional.of(version), false);
  }

  @Test
  void takesTheFlavourAsAName() throws Exception {
    Roots root =
        root("alpine")
            .file("/boot/vmlinuz-lts", KernelBuilder.of("6.12.9-0-lts"))
            .file("/boot/vmlinuz-virt", KernelBuilder.of("6.12.9-0-virt"))
            .file("/boot/initramfs-lts", InitrdBuilder.dracut("106").content())
            .file("/usr/lib/systemd/boot/efi/systemd-bootx64.efi", efi());
    assertThat(find(root, wanted("lts")).kernel().version().text()).isEqualTo("6.12.9-0-lts");
  }

  @Test
  void takesTheVersionOfAnImageFromItsModules() throws Exception {
    Roots root =
        root("arch")
            .file("/boot/Image", KernelBuilder.image(Architecture.AARCH64))
            .directory("/usr/lib/modules/6.17.0-1-aarch64-ARCH")
            .file(
                "/boot/initramfs-6.17.0-1-aarch64-ARCH.img", InitrdBuilder.dracut("106").content())
            .file("/usr/lib/systemd/boot/efi/systemd-bootaa64.efi", arm());
    assertThat(find(root, BootOptions.defaults()).kernel().version().text())
        .isEqualTo("6.17.0-1-aarch64-ARCH");
  }

  @Test
  void passesOverNamesThatWouldNotFitIntoOthers() throws Exception {
    Roots root = debianLoaders(debian("debian"), "", "debian");
    for (String name : List.of("9" + "\u00e9".repeat(120), "9" + "a".repeat(240), "9 \n9", "9%s")) {
      root.file("/usr/lib/modules/" + name + "/vmlinuz", KernelBuilder.of("9.0"))
          .file("/boot/vmlinuz-" + name, KernelBuilder.of("9.0"))
          .file("/boot/vmlinuz-x" + name, KernelBuilder.of("8".repeat(250)));
    }
    assertThat(find(root, BootOptions.defaults()).kernel().version().text()).isEqualTo(V);
  }

  @Test
  void followsLinksInsideTheRootOnly() throws Exception {
    Roots root =
        debianLoaders(debian("debian"), "", "debian")
            .file("/boot/real", KernelBuilder.of("9.0"))
            .link("/boot/vmlinuz-9.0", "/../../boot/real")
            .link("/boot/vmlinuz-99.0", "/boot/vmlinuz-99.0")
            .link("/boot/initrd.img-9.0", "initrd.img-" + V);
    BootFiles files = find(root, BootOptions.defaults());
    assertThat(files.kernel().path()).hasToString("/boot/real");
    assertThat(files.initrd().path()).hasToString("/boot/initrd.img-" + V);
  }

  @Test
  void prefersAnInitrdThatCanBoot() throws Exception {
    Roots root =
        debianLoaders(debian("debian"), "", "debian")
            .file(
                "/usr/lib/modules/" + V + "/initrd",
                new InitrdBuilder().file("conf/initramfs.conf", "").content());
    assertThat(find(root, BootOptions.defaults()).initrd().path())
        .hasToString("/boot/initrd.img-" + V);
  }

  @Test
  void saysWhatIsMissing() {
    assertThat(problem(root("debian"), BootOptions.defaults()))
        .isInstanceOfSatisfying(
            BootProblem.NoKernel.class,
            problem -> {
              assertThat(problem.distribution().kernelPackages(Architecture.X86_64))
                  .containsExactly("linux-image-amd64");
              assertThat(problem.message()).startsWith("no kernel: looked for /usr/lib/modules/");
            });
    assertThat(
            problem(
                root("fedora").file("/usr/lib/modules/6.1/vmlinuz", KernelBuilder.of("6.1")),
                BootOptions.defaults()))
        .isInstanceOfSatisfying(
            BootProblem.NoInitrd.class,
            problem -> assertThat(problem.lookedAt()).contains("/boot/initramfs-6.1.img"));
    assertThat(problem(debian("debian"), BootOptions.defaults()))
        .isInstanceOfSatisfying(
            BootProblem.NoBootLoader.class,
            problem ->
                assertThat(problem.lookedAt())
                    .contains("/boot/efi/EFI", "/usr/lib/shim/shimx64.efi.signed"));
  }

  @Test
  void stopsAtAnInitrdThatCannotBootUnlessForced() throws Exception {
    Roots root =
        debianLoaders(debian("debian"), "", "debian")
            .file(
                "/boot/initrd.img-" + V,
                new InitrdBuilder()
                    .file("usr/lib/dracut/modules.txt", "base\nlivenet\n")
                    .content());
    assertThat(problem(root, BootOptions.defaults()).message())
        .isEqualTo(
            "/boot/initrd.img-%s cannot boot a live root: it was made by dracut without the module dmsquash-live"
                .formatted(V));
    BootFiles forced = find(root, new BootOptions(Optional.empty(), true));
    assertThat(forced.forced()).hasOnlyElementsOfType(BootProblem.InitrdCannotBootLive.class);
  }

  @Test
  void stopsAtAKernelWithoutSquashfs() {
    Roots root =
        debianLoaders(debian("debian"), "", "debian")
            .file("/boot/config-" + V, "# CONFIG_SQUASHFS is not set\nCONFIG_OVERLAY_FS=m\n");
    assertThat(problem(root, BootOptions.defaults()).message())
        .isEqualTo(
            "kernel %s cannot boot a live root: /boot/config-%s does not set CONFIG_SQUASHFS, CONFIG_BLK_DEV_LOOP"
                .formatted(V, V));
  }

  @Test
  void refusesALoaderForAnotherProcessor() {
    Roots root =
        debianLoaders(debian("debian"), "", "debian")
            .file("/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed", arm());
    assertThat(problem(root, BootOptions.defaults()).message())
        .isEqualTo(
            "/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed: expected a program for x86_64, found one for aarch64");
  }

  @Test
  void namesWhatLiesAtTheRemovablePath() throws Exception {
    Roots root = debianLoaders(debian("debian"), "", "debian");
    BootFiles files = find(root, BootOptions.defaults());
    FileTree partition =
        EspTree.of(
            files, new CommandLine(List.of()), EspOptions.of(Instant.EPOCH), Optional.empty());
    Content shim =
        ((RegularFile) partition.find(TreePath.of("/EFI/BOOT/BOOTX64.EFI")).orElseThrow())
            .content();
    assertThat(shim)
        .isSameAs(
            ((RegularFile) root.build().find("/usr/lib/shim/shimx64.efi.signed").orElseThrow())
                .content());
  }

  private static BootFiles find(Roots root, BootOptions options) throws Exception {
    return BootFiles.find(root.build(), options);
  }

  private static BootProblem problem(Roots root, BootOptions options) {
    return catchThrowableOfType(BootException.class, () -> BootFiles.find(root.build(), options))
        .problem();
  }
}
