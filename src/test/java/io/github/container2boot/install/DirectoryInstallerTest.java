package io.github.container2boot.install;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.build.OutputException;
import io.github.container2boot.build.Progress;
import io.github.container2boot.fat.FatException;
import io.github.container2boot.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DirectoryInstallerTest {
  private static final InstallPlan.Choices CAREFUL = new InstallPlan.Choices(false, false);
  private static final InstallPlan.Choices FORCED = new InstallPlan.Choices(true, false);
  private static final TestSystem OLD = TestSystem.debian("old");
  private static final TestSystem NEW = TestSystem.debian("new");

  @TempDir(factory = MemoryDirectory.class)
  private Path directory;

  private Path source(TestSystem system) throws IOException {
    Path source = directory.resolve("source of " + system.hashCode());
    return Files.exists(source) ? source : system.writeTo(source);
  }

  private Path stick() throws IOException {
    return Files.createDirectories(directory.resolve("stick"));
  }

  private InstallPlan install(TestSystem system, InstallPlan.Choices choices) throws Exception {
    return install(system, choices, _ -> {});
  }

  private InstallPlan install(
      TestSystem system, InstallPlan.Choices choices, DirectoryInstaller.Checkpoint checkpoint)
      throws Exception {
    return install(system, stick(), choices, checkpoint);
  }

  private InstallPlan install(
      TestSystem system,
      Path stick,
      InstallPlan.Choices choices,
      DirectoryInstaller.Checkpoint checkpoint)
      throws Exception {
    DirectoryInstaller installer =
        new DirectoryInstaller(
            stick, choices, Progress.unwatched(), Mounted.ofThisMachine(), checkpoint);
    try (InstallSource source = InstallSource.open(source(system))) {
      InstallPlan plan = installer.plan(source);
      installer.install(plan);
      return plan;
    }
  }

  private Set<String> booted(TestSystem... known) throws IOException {
    return new BootAccount(stick(), List.of(known)).versions();
  }

  private static Map<String, Long> files(Path root) throws IOException {
    Map<String, Long> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
        files.put(root.relativize(path).toString(), Files.size(path));
      }
    }
    return files;
  }

  @Test
  void installsOnAnEmptyStick() throws Exception {
    install(OLD, CAREFUL);
    assertThat(booted(OLD)).containsExactly("old");
    assertThat(files(stick()).keySet())
        .filteredOn(path -> path.startsWith("container2boot/"))
        .hasSize(4)
        .anyMatch(path -> path.matches("container2boot/[0-9a-f]{12}/squashfs.img"))
        .contains("container2boot/SHA256SUMS");
    assertThat(Files.getLastModifiedTime(stick().resolve("EFI/BOOT/BOOTX64.EFI")).toInstant())
        .isEqualTo(TestSystem.MODIFIED);
  }

  @Test
  void sha256sumChecksTheList() throws Exception {
    Tools.require("sha256sum");
    install(OLD, CAREFUL);
    Tools.Result result =
        Tools.execute(stick(), "sha256sum", "--check", "--strict", "container2boot/SHA256SUMS");
    assertThat(result.exitCode()).as(result.text()).isZero();
    assertThat(result.text().lines()).hasSize(OLD.files().size()).allMatch(l -> l.endsWith(": OK"));
  }

  @Test
  void doesNothingWhereAllIsThere() throws Exception {
    install(OLD, CAREFUL);
    Map<String, Long> before = files(stick());
    assertThat(install(OLD, CAREFUL).operations()).isEmpty();
    assertThat(files(stick())).isEqualTo(before);
  }

  @Test
  void replacesTheOldSystemAndLeavesNothingOfIt() throws Exception {
    install(OLD, CAREFUL);
    install(NEW, CAREFUL);
    assertThat(booted(NEW)).containsExactly("new");
    assertThat(files(stick())).hasSize(NEW.files().size() + 1);
  }

  @Test
  void takesOverAStickMadeByRsync() throws Exception {
    OLD.writeTo(stick());
    assertThat(booted(OLD)).containsExactly("old");
    install(NEW.withLoaders("2"), CAREFUL);
    assertThat(booted(NEW.withLoaders("2"))).containsExactly("new");
    assertThat(files(stick())).hasSize(NEW.files().size() + 1);
  }

  @Test
  void aSystemOfAnotherVendorTakesOver() throws Exception {
    install(OLD, CAREFUL);
    TestSystem other = NEW.withVendor("almalinux");
    install(other, CAREFUL);
    assertThat(booted(other)).containsExactly("new");
    assertThat(stick().resolve("EFI/debian")).doesNotExist();
    assertThat(files(stick())).hasSize(other.files().size() + 1);
  }

  @Test
  void installsFromAnInstalledStick() throws Exception {
    install(OLD, CAREFUL);
    Path copy = directory.resolve("copy");
    DirectoryInstaller installer =
        new DirectoryInstaller(Files.createDirectory(copy), CAREFUL, Progress.unwatched());
    try (InstallSource source = InstallSource.open(stick())) {
      installer.install(installer.plan(source));
    }
    assertThat(new BootAccount(copy, List.of(OLD)).versions()).containsExactly("old");
  }

  static List<TestSystem> updates() {
    return List.of(NEW, NEW.withVendor("almalinux"));
  }

  /// The stick is pulled at every step there is, then what is left must boot; and the installation
  /// that is repeated must end as if nothing had happened.
  @Test
  void bootsOldOrNewWhereverItEnds() throws Exception {
    assertBootsWhereverItEnds(NEW.withLoaders("2"));
  }

  @ParameterizedTest
  @MethodSource("updates")
  @Tag("full")
  void bootsOldOrNewWhereverOtherUpdatesEnd(TestSystem system) throws Exception {
    assertBootsWhereverItEnds(system);
  }

  private void assertBootsWhereverItEnds(TestSystem system) throws Exception {
    int steps = countSteps(system);
    assertThat(steps).isGreaterThan(30);
    for (int last = 0; last < steps; last++) {
      Tools.run("rm", "-rf", stick());
      install(OLD, CAREFUL);
      endAfter(last, system);
      assertThat(booted(OLD, system)).as("after %d steps", last).isSubsetOf("old", "new");
      install(system, CAREFUL);
      assertThat(booted(system)).as("repeated after %d steps", last).containsExactly("new");
      assertThat(files(stick())).as("after %d steps", last).hasSize(system.files().size() + 1);
    }
  }

  /// A third system comes where the second did not: nothing of the second stays.
  @Test
  @Tag("full")
  void whatAnotherInterruptedInstallationLeftGoes() throws Exception {
    TestSystem middle = TestSystem.debian("middle").withLoaders("2");
    int steps = countSteps(middle);
    for (int last = 0; last < steps; last++) {
      Tools.run("rm", "-rf", stick());
      install(OLD, CAREFUL);
      endAfter(last, middle);
      install(NEW, CAREFUL);
      assertThat(booted(NEW)).as("after %d steps", last).containsExactly("new");
      assertThat(files(stick())).as("after %d steps", last).hasSize(NEW.files().size() + 1);
    }
  }

  private int countSteps(TestSystem system) throws Exception {
    install(OLD, CAREFUL);
    List<String> steps = new ArrayList<>();
    install(system, CAREFUL, steps::add);
    return steps.size();
  }

  private void endAfter(int steps, TestSystem system) {
    int[] left = {steps};
    assertThatThrownBy(() ->
            install(
                system,
                CAREFUL,
                step -> {
                  if (left[0]-- == 0) {
                    throw new IOException("pulled before: " + step);
                  }
                }))
        .hasMessageStartingWith("pulled before");
  }

  @Test
  void filesOfOthersStay() throws Exception {
    Path windows = stick().resolve("EFI/Microsoft/Boot/bootmgfw.efi");
    Files.createDirectories(windows.getParent());
    Files.writeString(windows, "Windows");
    Path note = Files.writeString(stick().resolve("note.txt"), "mine");
    Path own = stick().resolve("container2boot/mine");
    Files.createDirectories(own.getParent());
    Files.writeString(own, "mine too");
    install(OLD, CAREFUL);
    install(NEW, CAREFUL);
    assertThat(windows).hasContent("Windows");
    assertThat(note).hasContent("mine");
    assertThat(own).hasContent("mine too");
  }

  @Test
  void aLoaderOfAnotherSystemIsNotReplaced() throws Exception {
    Path loader = stick().resolve("EFI/BOOT/BOOTX64.EFI");
    Files.createDirectories(loader.getParent());
    Files.writeString(loader, "of another system");
    assertThatThrownBy(() -> install(OLD, CAREFUL))
        .isInstanceOfSatisfying(
            InstallException.class,
            failed ->
                assertThat(failed.problem())
                    .isEqualTo(
                        new InstallException.OfOthers(
                            stickOrFail(), List.of("EFI/BOOT/BOOTX64.EFI"))));
    assertThat(files(stick())).containsOnlyKeys("EFI/BOOT/BOOTX64.EFI");
    install(OLD, FORCED);
    assertThat(booted(OLD)).containsExactly("old");
  }

  private Path stickOrFail() {
    return directory.resolve("stick");
  }

  /// A Debian that is installed on this partition has its configuration in EFI/debian as well.
  @Test
  void aConfigurationOfAnotherSystemIsNotReplaced() throws Exception {
    Path configuration = stick().resolve("EFI/debian/grub.cfg");
    Files.createDirectories(configuration.getParent());
    Files.writeString(configuration, "search.fs_uuid 1234 root\nconfigfile $prefix/grub.cfg\n");
    assertThatThrownBy(() -> install(OLD, CAREFUL))
        .hasMessageEndingWith("EFI/debian/grub.cfg belongs to another system");
  }

  @Test
  void anEqualFileOfAnotherSystemStaysItsOwn() throws Exception {
    Path shim = stick().resolve("EFI/debian/shimx64.efi");
    Files.createDirectories(shim.getParent());
    Files.write(shim, OLD.files().get("EFI/debian/shimx64.efi"));
    install(OLD, CAREFUL);
    assertThat(Files.readString(stick().resolve("container2boot/SHA256SUMS")))
        .doesNotContain("EFI/debian/shimx64.efi");
    install(NEW.withVendor("almalinux"), CAREFUL);
    assertThat(shim).exists();
  }

  @Test
  void anEditedConfigurationIsStillOurs() throws Exception {
    install(OLD, CAREFUL);
    Path configuration = stick().resolve("EFI/debian/grub.cfg");
    Files.writeString(configuration, Files.readString(configuration) + "# edited\n");
    install(NEW, CAREFUL);
    assertThat(booted(NEW)).containsExactly("new");
  }

  @Test
  void aDamagedFileIsWrittenAnew() throws Exception {
    install(OLD, CAREFUL);
    try (Stream<Path> paths = Files.walk(stick())) {
      Path root = paths.filter(path -> path.endsWith("squashfs.img")).findFirst().orElseThrow();
      byte[] bytes = Files.readAllBytes(root);
      bytes[1234] ^= 1;
      Files.write(root, bytes);
    }
    install(OLD, CAREFUL);
    assertThat(booted(OLD)).containsExactly("old");
  }

  @Test
  void aLinkLeadsNowhere() throws Exception {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Files.createSymbolicLink(stick().resolve("EFI"), elsewhere);
    assertThatThrownBy(() -> install(OLD, CAREFUL))
        .isInstanceOf(InstallException.class)
        .hasMessageEndingWith("EFI: expected a directory or nothing");
    assertThat(files(elsewhere)).isEmpty();
  }

  @Test
  void aSourceThatLacksAFileIsRefused() throws Exception {
    Files.delete(source(OLD).resolve("container2boot/initrd.img"));
    assertThatThrownBy(() -> install(OLD, CAREFUL))
        .hasMessageEndingWith(
            "EFI/debian/grub.cfg names container2boot/initrd.img, which is not there");
  }

  @Test
  void aHandOverToNothingIsRefused() throws Exception {
    Files.delete(source(OLD).resolve("EFI/debian/grub.cfg"));
    assertThatThrownBy(() -> install(OLD, CAREFUL))
        .hasMessageEndingWith("EFI/BOOT/grub.cfg names EFI/debian/grub.cfg, which is not there");
  }

  /// What leads to the system's configuration stays as it is from one version to the next.
  @Test
  void oneRenameSwitchesToTheNextVersion() throws Exception {
    install(OLD, CAREFUL);
    assertThat(install(NEW, CAREFUL).operations())
        .filteredOn(Operation.Write.class::isInstance)
        .extracting(write -> ((Operation.Write) write).file().path())
        .filteredOn(path -> path.endsWith("grub.cfg"))
        .containsExactly("EFI/debian/grub.cfg");
  }

  /// Each loader's place had a whole configuration, as earlier versions of this program made it.
  @Test
  void aStickWithTwoConfigurationsGetsOne() throws Exception {
    OLD.writeTo(stick());
    byte[] whole = OLD.files().get("EFI/debian/grub.cfg");
    Files.write(stick().resolve("EFI/BOOT/grub.cfg"), whole);
    List<Set<String>> onTheWay = new ArrayList<>();
    install(NEW, CAREFUL, _ -> onTheWay.add(booted(OLD, NEW)));
    assertThat(onTheWay).allMatch(versions -> Set.of("old", "new").containsAll(versions));
    assertThat(booted(NEW)).containsExactly("new");
  }

  @Test
  void whatFatCannotHoldIsRefused() throws Exception {
    Files.writeString(source(OLD).resolve("container2boot/a:b"), "");
    assertThatThrownBy(() -> install(OLD, CAREFUL)).isInstanceOf(FatException.class);
    assertThat(files(stick())).isEmpty();
  }

  @Test
  void aFullTargetKeepsTheOldSystem() throws Exception {
    try (SmallFileSystem _ = SmallFileSystem.mount(stick(), 16 << 20)) {
      install(OLD, CAREFUL);
      TestSystem large = NEW.withRootBytes(13 << 20);
      assertThatThrownBy(() -> install(large, CAREFUL))
          .isInstanceOfSatisfying(
              InstallException.class,
              failed ->
                  assertThat(failed.problem())
                      .isInstanceOfSatisfying(
                          InstallException.NoRoom.class,
                          room -> assertThat(room.fitsWithoutOld()).isTrue()));
      assertThat(booted(OLD)).containsExactly("old");
      install(large, new InstallPlan.Choices(false, true));
      assertThat(booted(large)).containsExactly("new");
    }
  }

  /// Somebody else fills it meanwhile.
  @Test
  void aTargetThatFillsUpKeepsTheOldSystemAndNothingElse() throws Exception {
    try (SmallFileSystem _ = SmallFileSystem.mount(stick(), 16 << 20)) {
      install(OLD, CAREFUL);
      Map<String, Long> before = files(stick());
      Path filler = stick().resolve("filler");
      assertThatThrownBy(() ->
              install(
                  NEW,
                  CAREFUL,
                  step -> {
                    if (step.endsWith("squashfs.img")) {
                      fill(filler);
                    }
                  }))
          .isInstanceOfSatisfying(
              InstallException.class,
              failed ->
                  assertThat(((InstallException.NotWritten) failed.problem()).problem())
                      .isInstanceOf(OutputException.Problem.NoSpace.class));
      Files.delete(filler);
      assertThat(booted(OLD)).containsExactly("old");
      assertThat(files(stick()).keySet()).isEqualTo(before.keySet());
    }
  }

  private static void fill(Path file) {
    Tools.execute("dd", "if=/dev/zero", "of=" + file, "bs=64K");
  }

  @Test
  void aReadOnlyTargetIsSaidToBe() throws Exception {
    try (SmallFileSystem _ = SmallFileSystem.mount(stick(), 16 << 20)) {
      install(OLD, CAREFUL);
      Tools.run("mount", "-o", "remount,ro", stick());
      assertThatThrownBy(() -> install(NEW, CAREFUL))
          .isInstanceOfSatisfying(
              InstallException.class,
              failed ->
                  assertThat(((InstallException.NotWritten) failed.problem()).problem())
                      .isInstanceOf(OutputException.Problem.ReadOnly.class));
    }
  }

  @Test
  void worksOnFatAsTheKernelHasIt() throws Exception {
    try (SmallFileSystem _ = SmallFileSystem.mountFat(stick(), directory.resolve("fat.img"))) {
      install(OLD, CAREFUL);
      assertThat(booted(OLD)).containsExactly("old");
      install(NEW.withLoaders("2"), CAREFUL);
      assertThat(booted(NEW.withLoaders("2"))).containsExactly("new");
      assertThat(files(stick())).hasSize(NEW.files().size() + 1);
    }
    Tools.require("fsck.fat");
    assertThat(Tools.run("fsck.fat", "-n", directory.resolve("fat.img")))
        .doesNotContain("differences", "orphan", "dirty");
  }

  @Test
  void pathsOfTheListStayInside() {
    String digest = "0".repeat(64);
    InstalledFiles list =
        InstalledFiles.parse(
            "%1$s  ../../etc/passwd\n%1$s  /etc/passwd\n%1$s  a//b\nnonsense\n%1$s  EFI/x.efi\n"
                .formatted(digest)
                .getBytes(UTF_8));
    assertThat(list.paths()).containsExactly("EFI/x.efi");
  }
}
