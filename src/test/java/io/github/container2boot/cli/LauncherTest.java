package io.github.container2boot.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The launcher, in a source tree of its own, with a java and a mvn that only say that they ran.
class LauncherTest {
  @TempDir Path temporary;
  private Path home;
  private Path tools;
  private Path jdk;

  @BeforeEach
  void makeASourceTree() throws IOException {
    Tools.require("sh");
    home = Files.createDirectories(temporary.resolve("a source tree"));
    Files.writeString(home.resolve("pom.xml"), "");
    Files.createDirectories(home.resolve("src/main"));
    Files.writeString(home.resolve("src/main/Some.java"), "");
    tools = Files.createDirectories(temporary.resolve("tools"));
    script(
        tools.resolve("mvn"),
        """
        echo "$JAVA_HOME" >> builds
        mkdir -p target/lib; echo jar > target/container2boot.jar
        """);
    jdk = jdk("25.0.1");
    install("LEAST_JAVA=25", "LEAST_JAVA=25");
  }

  /// Puts the launcher into the tree, one of its words changed.
  private void install(String word, String replacement) throws IOException {
    String text = Files.readString(Path.of("container2boot"));
    assertThat(text).contains(word);
    script(home.resolve("container2boot"), text.replace(word, replacement));
  }

  private Path jdk(String version) throws IOException {
    Path installation = Files.createDirectories(temporary.resolve("jdk " + version));
    Files.createDirectories(installation.resolve("bin"));
    Files.writeString(
        installation.resolve("release"),
        "IMPLEMENTOR=\"Somebody\"\nJAVA_VERSION=\"" + version + "\"\n");
    script(
        installation.resolve("bin/java"),
        """
        for argument; do
          case $argument in -XX:AOTCacheOutput=*) echo cache > "${argument#*=}"; exit ;; esac
        done
        echo java "$0"; for argument; do echo "<$argument>"; done
        """);
    script(installation.resolve("bin/javac"), "");
    return installation;
  }

  private static void script(Path path, String text) throws IOException {
    Files.writeString(path, text.startsWith("#!") ? text : "#!/bin/sh\n" + text);
    assertThat(path.toFile().setExecutable(true)).isTrue();
  }

  private record Run(int exitCode, List<String> out, String err) {}

  private Run run(Map<String, String> environment, Path program, String... arguments)
      throws Exception {
    Process process = start(environment, program, arguments);
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Run(process.exitValue(), out.lines().toList(), err);
  }

  private Process start(Map<String, String> environment, Path program, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(temporary.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", tools + ":/usr/bin:/bin");
    builder.environment().put("JAVA_HOME", jdk.toString());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private Run run(String... arguments) throws Exception {
    return run(Map.of(), home.resolve("container2boot"), arguments);
  }

  private long builds() throws IOException {
    Path builds = home.resolve("builds");
    return Files.exists(builds) ? Files.readAllLines(builds).size() : 0;
  }

  /// Where the newest build lies.
  private Path built() throws IOException {
    Path target = home.resolve("target");
    return target.resolve(Files.readString(target.resolve("current")).strip());
  }

  @Test
  void buildsOnFirstUseAndThenRuns() throws Exception {
    Run first = run("build", "a b", "", "*");
    assertThat(first.err()).isEqualTo("container2boot: building the program; this happens once\n");
    assertThat(first.exitCode()).isZero();
    assertThat(first.out().getFirst()).isEqualTo("java " + jdk.resolve("bin/java"));
    assertThat(first.out())
        .contains("<-XX:AOTCache=" + built().resolve("container2boot.aot") + ">")
        .containsSubsequence(
            "<--enable-native-access=ALL-UNNAMED>",
            "<-jar>",
            "<" + built().resolve("container2boot.jar") + ">",
            "<build>",
            "<a b>",
            "<>",
            "<*>");
    assertThat(run("--version").err()).isEmpty();
    assertThat(builds()).isEqualTo(1);
    assertThat(home.resolve("target/.building")).doesNotExist();
  }

  @Test
  void buildsAgainWhenTheSourcesAreNewer() throws Exception {
    run();
    age(built().resolve("container2boot.jar"), 100);
    age(home.resolve("pom.xml"), 200);
    age(home.resolve("src/main/Some.java"), 200);
    age(home.resolve("src/main"), 200);
    run();
    assertThat(builds()).isEqualTo(1);
    age(home.resolve("src/main/Some.java"), 50);
    run();
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void aProgramThatRunsKeepsItsFilesThroughABuild() throws Exception {
    run();
    Path first = built();
    buildAgain();
    Path second = built();
    assertThat(second).isNotEqualTo(first);
    assertThat(first.resolve("container2boot.jar")).exists();
    buildAgain();
    assertThat(first).doesNotExist();
    assertThat(second.resolve("container2boot.jar")).exists();
    assertThat(names(second)).containsExactly("container2boot.aot", "container2boot.jar", "lib");
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private void buildAgain() throws Exception {
    Files.setLastModifiedTime(
        home.resolve("pom.xml"), FileTime.from(Instant.now().plusSeconds(60)));
    run();
    age(home.resolve("pom.xml"), 1000);
  }

  @Test
  void aCacheThatJavaCannotStartFromIsNotKept() throws Exception {
    Path java = jdk.resolve("bin/java");
    script(
        java,
        Files.readString(java).replace("esac", " -XX:AOTCache=*) echo cannot >&2; exit 1 ;; esac"));
    Run run = run("build");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("<build>").noneMatch(line -> line.contains("AOTCache"));
  }

  /// What a package installs below `prefix`, its java as verbose as the others.
  private Path installed(String prefix) throws IOException {
    Path place = Files.createDirectories(temporary.resolve(prefix).resolve("lib/container2boot"));
    Files.createDirectories(place.resolve("runtime"));
    Tools.run("cp", "-r", jdk.resolve("bin"), place.resolve("runtime/bin"));
    Files.writeString(place.resolve("container2boot.jar"), "jar");
    Files.writeString(place.resolve("container2boot.aot"), "");
    Path program = Files.createDirectories(temporary.resolve(prefix).resolve("bin"));
    script(program.resolve("container2boot"), Files.readString(Path.of("container2boot")));
    return place;
  }

  @Test
  void installedItUsesTheJavaThatCameAlong() throws Exception {
    Path place = installed("some prefix");
    Path program = temporary.resolve("some prefix/bin/container2boot");
    Run first = run(Map.of(), program, "build", "x");
    assertThat(first.err())
        .isEqualTo("container2boot: preparing for quick starts; this happens once\n");
    assertThat(first.out())
        .startsWith("java " + place.resolve("runtime/bin/java"))
        .containsSubsequence(
            "<-XX:AOTCache=" + place.resolve("container2boot.aot") + ">",
            "<" + place.resolve("container2boot.jar") + ">",
            "<build>");
    assertThat(names(place)).containsExactly("container2boot.aot", "container2boot.jar", "runtime");
    assertThat(place.resolve("container2boot.aot")).hasContent("cache");
    assertThat(run(Map.of(), program).err()).isEmpty();
    assertThat(temporary.resolve("some prefix/target")).doesNotExist();
  }

  @Test
  void installedItTriesToPrepareOnce() throws Exception {
    Path place = installed("prefix");
    Path java = place.resolve("runtime/bin/java");
    script(java, Files.readString(java).replace("esac", " -XX:AOTCache=*) exit 1 ;; esac"));
    Path program = temporary.resolve("prefix/bin/container2boot");
    assertThat(run(Map.of(), program, "build").out())
        .contains("<build>")
        .noneMatch(line -> line.contains("AOTCache"));
    Run second = run(Map.of(), program, "build");
    assertThat(second.err()).isEmpty();
    assertThat(second.out()).contains("<build>");
    assertThat(names(place)).containsExactly("container2boot.jar", "runtime");
  }

  @Test
  void installedItTakesTheJavaItIsTold() throws Exception {
    Path place = installed("prefix");
    Path told = jdk("26").resolve("bin/java");
    Run run =
        run(
            Map.of("C2B_JAVA", told.toString()),
            temporary.resolve("prefix/bin/container2boot"),
            "build");
    assertThat(run.out())
        .startsWith("java " + told)
        .contains("<build>")
        .noneMatch(line -> line.contains("AOTCache"));
    assertThat(place.resolve("container2boot.aot")).isEmptyFile();
  }

  @ParameterizedTest
  @CsvSource({
    "'', true",
    "--help, true",
    "-V, true",
    "build --help, true",
    "build -h, true",
    "build machine.tar --help, false",
    "build --output=x machine.tar, false"
  })
  void whatOnlyPrintsATextIsNotOptimised(String line, boolean onlyText) throws Exception {
    Run run = run(line.isEmpty() ? new String[0] : line.split(" "));
    assertThat(run.out().contains("<-XX:TieredStopAtLevel=1>")).isEqualTo(onlyText);
  }

  private static void age(Path path, int seconds) throws IOException {
    Files.setLastModifiedTime(path, FileTime.from(Instant.now().minusSeconds(seconds)));
  }

  @Test
  void worksThroughASymbolicLinkFromAnywhere() throws Exception {
    Path links = Files.createDirectories(temporary.resolve("links"));
    Files.createSymbolicLink(links.resolve("first"), Path.of("../a source tree/container2boot"));
    Files.createSymbolicLink(temporary.resolve("second"), Path.of("links/first"));
    assertThat(run(Map.of(), temporary.resolve("second")).out())
        .contains("<" + built().resolve("container2boot.jar") + ">");
  }

  @Test
  void aFailedBuildIsShownAndTriedAgain() throws Exception {
    script(tools.resolve("mvn"), "echo 'a compiler error'; exit 1");
    Run failed = run();
    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.err()).contains("a compiler error", "container2boot: the build failed");
    assertThat(failed.out()).isEmpty();
    assertThat(home.resolve("target/.building")).doesNotExist();
    script(tools.resolve("mvn"), "mkdir -p target/lib; echo jar > target/container2boot.jar");
    assertThat(run().exitCode()).isZero();
  }

  @Test
  void twoFirstRunsBuildOnce() throws Exception {
    script(
        tools.resolve("mvn"),
        "sleep 1; echo . >> builds; mkdir -p target/lib; echo jar > target/container2boot.jar");
    Process one = start(Map.of(), home.resolve("container2boot"));
    Process other = start(Map.of(), home.resolve("container2boot"));
    assertThat(one.waitFor()).isZero();
    assertThat(other.waitFor()).isZero();
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void aLockWhoseOwnerDiedGivesWay() throws Exception {
    Path lock = Files.createDirectories(home.resolve("target/.building"));
    Files.writeString(lock.resolve("pid"), "99999999\n");
    assertThat(run().exitCode()).isZero();
  }

  @Test
  void takesTheJavaItIsTold() throws Exception {
    run();
    Path told = jdk("26-ea").resolve("bin/java");
    assertThat(run(Map.of("C2B_JAVA", told.toString()), home.resolve("container2boot")).out())
        .startsWith("java " + told);
    assertThat(
            run(Map.of("C2B_JAVA", jdk("21.0.2") + "/bin/java"), home.resolve("container2boot"))
                .err())
        .isEqualTo(
            "container2boot: C2B_JAVA: %s/bin/java is not a Java 25 or later\n"
                .formatted(temporary.resolve("jdk 21.0.2")));
  }

  @Test
  void passesOptionsToJava() throws Exception {
    Run run = run(Map.of("C2B_JAVA_OPTIONS", "-Xmx2g -Dx=y"), home.resolve("container2boot"));
    assertThat(run.out()).containsSubsequence("<-Xmx2g>", "<-Dx=y>", "<-jar>");
    assertThat(run.out()).anyMatch(line -> line.startsWith("<-XX:AOTCache="));
  }

  /// Java would not start: what it takes from the cache must find room on the heap at once.
  @ParameterizedTest
  @ValueSource(strings = {"-Xms8m", "-Xmx2g -Xmn96m", "-XX:NewSize=96m"})
  void aHeapThatMayBeginTooSmallGetsNoCache(String options) throws Exception {
    Run run = run(Map.of("C2B_JAVA_OPTIONS", options), home.resolve("container2boot"));
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).noneMatch(line -> line.startsWith("<-XX:AOTCache="));
  }

  @ParameterizedTest
  @ValueSource(strings = {"24.0.2", "17", "1.8.0_402"})
  void anOlderJavaHomeIsPassedOver(String version) throws Exception {
    Path path = Files.createDirectories(temporary.resolve("path"));
    Files.createSymbolicLink(path.resolve("java"), jdk.resolve("bin/java"));
    Run run =
        run(
            Map.of(
                "JAVA_HOME",
                jdk(version).toString(),
                "PATH",
                path + ":" + tools + ":/usr/bin:/bin"),
            home.resolve("container2boot"));
    assertThat(run.out().getFirst()).isEqualTo("java " + jdk.resolve("bin/java"));
  }

  @Test
  void showsTextsWithoutJava() throws Exception {
    run("build");
    Path texts = Files.createDirectories(built().resolve("texts"));
    Files.writeString(texts.resolve("version"), "container2boot 1\n");
    Files.writeString(texts.resolve("help"), "Usage\n");
    Files.writeString(texts.resolve("help-build"), "Usage of build\n");
    assertThat(run("--version")).isEqualTo(new Run(0, List.of("container2boot 1"), ""));
    assertThat(run("-V").out()).containsExactly("container2boot 1");
    assertThat(run("--help").out()).containsExactly("Usage");
    assertThat(run("build", "-h").out()).containsExactly("Usage of build");
    for (String line : List.of("cache --help", "../texts/x --help", "build --help x", "--help x")) {
      assertThat(run(line.split(" ")).out().getFirst()).startsWith("java ");
    }
    assertThat(builds()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "'ID=debian\nVERSION_ID=\"13\"', sudo apt install openjdk-25-jdk-headless maven",
    "'ID=debian\nVERSION_ID=\"12\"', install one from https://adoptium.net and set JAVA_HOME",
    "'ID=ubuntu\nID_LIKE=debian\nVERSION_ID=\"24.04\"', sudo apt install openjdk-25-jdk-headless maven",
    "'ID=\"almalinux\"\nID_LIKE=\"rhel centos fedora\"', sudo dnf install java-25-openjdk-devel maven",
    "'ID=\"opensuse-leap\"', sudo zypper install java-25-openjdk-devel maven",
    "'ID=frobnix\nID_LIKE=arch', sudo pacman -S jdk-openjdk maven",
    "'NAME=Unknown', install one from https://adoptium.net and set JAVA_HOME"
  })
  void withoutAJdkItSaysHowToGetOne(String release, String advice) throws Exception {
    install("LEAST_JAVA=25", "LEAST_JAVA=999");
    Path file = Files.writeString(temporary.resolve("os-release"), release + "\n");
    Run run = run(Map.of("C2B_OS_RELEASE", file.toString()), home.resolve("container2boot"));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).isEqualTo("container2boot: no JDK 999 or later found: " + advice + "\n");
  }
}
