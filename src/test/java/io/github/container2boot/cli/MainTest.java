package io.github.container2boot.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.container2boot.build.BuildPlan;
import io.github.container2boot.build.BuildPlan.BootSettings;
import io.github.container2boot.build.BuildPlan.DiskSettings;
import io.github.container2boot.build.BuildPlan.RootSettings;
import io.github.container2boot.build.BuildTime;
import io.github.container2boot.build.CacheChoice;
import io.github.container2boot.build.CompressionChoice;
import io.github.container2boot.build.DiskSize;
import io.github.container2boot.build.KernelChoice;
import io.github.container2boot.build.OutputException;
import io.github.container2boot.build.OutputFormat;
import io.github.container2boot.build.ToolVersion;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.compress.Compression;
import io.github.container2boot.compress.CompressionSettings;
import io.github.container2boot.oci.Platform;
import io.github.container2boot.source.Source;
import io.github.container2boot.source.SourceSettings;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  private static final OutputFormat DISK = new OutputFormat.Disk();
  private static final OutputFormat ESP = new OutputFormat.Esp();

  @Test
  void defaults() {
    CommandRun run =
        CommandRun.with(
            Map.of("HOME", "/home/anna"), (_, _) -> CommandRun.MANIFEST, "build", "machine.tar");
    assertThat(run.plan())
        .isEqualTo(
            new BuildPlan(
                new Source.FileOrDirectory(Path.of("machine.tar")),
                new SourceSettings(
                    Map.of("HOME", "/home/anna"),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()),
                Optional.empty(),
                Path.of("out"),
                List.of(DISK),
                new RootSettings(new CompressionChoice.Automatic(), 131072, false),
                new BootSettings(new KernelChoice.Newest(), List.of(), false, false),
                new DiskSettings(new DiskSize.Automatic(), 512, "C2BOOT"),
                new BuildTime.OfImage(),
                new CacheChoice.In(
                    Path.of("/home/anna/.cache/container2boot"), OptionalLong.empty()),
                Runtime.getRuntime().availableProcessors()));
  }

  @Test
  void everyOption() {
    String line =
        "build -o there -f esp --format disk --append console=ttyS0 --append quiet"
            + " --rootlabel LIVE --size 8G --sector-size 4096 --compression xz:9 --block-size 1M"
            + " --kernel 6.1.0-1 --platform linux/arm64 --keep-initrd --keep-fallback --force"
            + " --tls-verify=false --cert-dir certs --authfile auth.json"
            + " --cache-dir kept --cache-limit 5G --threads 3 --progress none -v oci:layout:tag";
    CommandRun run =
        CommandRun.with(
            Map.of("SOURCE_DATE_EPOCH", "1700000000"),
            (_, _) -> CommandRun.MANIFEST,
            line.split(" "));
    assertThat(run.err()).isEmpty();
    assertThat(run.plan())
        .isEqualTo(
            new BuildPlan(
                new Source.LayoutDirectory(Path.of("layout"), Optional.of("tag")),
                new SourceSettings(
                    Map.of("SOURCE_DATE_EPOCH", "1700000000"),
                    Optional.of(false),
                    Optional.of(Path.of("certs")),
                    Optional.of(Path.of("auth.json"))),
                Optional.of(Platform.parse("linux/arm64")),
                Path.of("there"),
                List.of(DISK, ESP),
                new RootSettings(
                    new CompressionChoice.Given(new CompressionSettings(Compression.XZ, 9)),
                    1 << 20,
                    true),
                new BootSettings(
                    new KernelChoice.Version("6.1.0-1"),
                    List.of("console=ttyS0", "quiet"),
                    true,
                    true),
                new DiskSettings(new DiskSize.Exactly(8L << 30), 4096, "LIVE"),
                new BuildTime.Given(Instant.ofEpochSecond(1_700_000_000)),
                new CacheChoice.In(Path.of("kept"), OptionalLong.of(5L << 30)),
                3));
  }

  @Test
  void theCacheFollowsTheEnvironment() {
    Map<String, String> environment = Map.of("HOME", "/home/anna", "XDG_CACHE_HOME", "/var/cache");
    assertThat(cacheOf(environment, "build", "x"))
        .isEqualTo(new CacheChoice.In(Path.of("/var/cache/container2boot"), OptionalLong.empty()));
    assertThat(cacheOf(Map.of("HOME", "/h", "XDG_CACHE_HOME", "relative"), "build", "x"))
        .isEqualTo(new CacheChoice.In(Path.of("/h/.cache/container2boot"), OptionalLong.empty()));
    assertThat(cacheOf(environment, "build", "--no-cache", "x")).isEqualTo(new CacheChoice.None());
  }

  private static CacheChoice cacheOf(Map<String, String> environment, String... arguments) {
    return CommandRun.with(environment, (_, _) -> CommandRun.MANIFEST, arguments).plan().cache();
  }

  @Test
  void optionsMayFollowTheSource() {
    BuildPlan plan = CommandRun.of("build", "-", "--output=x", "-f", "disk,esp").plan();
    assertThat(plan.source()).isInstanceOf(Source.StandardInput.class);
    assertThat(plan.outputDirectory()).isEqualTo(Path.of("x"));
    assertThat(plan.formats()).containsExactly(DISK, ESP);
  }

  /// Scripts add options to a line that has them already.
  @Test
  void theLastOfAnOptionCounts() {
    assertThat(CommandRun.of("build", "--size", "1G", "--size", "auto", "x").plan().disk().size())
        .isEqualTo(new DiskSize.Automatic());
  }

  static Stream<Arguments> wrongUsage() {
    return Stream.of(
        arguments("", "missing required subcommand"),
        arguments("biuld x", "did you mean build?"),
        arguments("--frobnicate", "unknown option"),
        arguments("build", "missing required parameter: 'SOURCE'"),
        arguments("build x y", "'y'"),
        arguments("build --fromat=esp x", "unknown option: '--fromat=esp'"),
        arguments("build --size 1G", "missing required parameter: 'SOURCE'"),
        arguments("build x --size", "--size"),
        arguments("build --size 0 x", "expected a number with K, M, G or T behind it, or auto"),
        arguments("build --size -1G x", "--size"),
        arguments("build --size 9999999999G x", "--size: expected"),
        arguments("build --size 10P x", "--size: expected"),
        arguments("build --size 1001 x", "no whole number of sectors of 512 bytes"),
        arguments("build --sector-size 4096 --size 1536 x", "sectors of 4096 bytes"),
        arguments("build --sector-size 1024 x", "expected 512, 4096"),
        arguments("build -f iso x", "--format: unknown value 'iso': expected disk, esp"),
        arguments("build -f disk,,esp x", "--format: unknown value '': expected disk, esp"),
        arguments("build --compression brotli x", "expected one of gzip, zstd, xz, lz4, lzo"),
        arguments("build --compression zstd:23 x", "expected 1 to 22"),
        arguments("build --compression zstd: x", "expected 1 to 22"),
        arguments("build --compression lzo:9 x", "lzo has no levels"),
        arguments("build --block-size 100K x", "expected a power of two from 4K to 1M"),
        arguments("build --block-size 2K x", "expected a power of two from 4K to 1M"),
        arguments("build --block-size 2M x", "expected a power of two from 4K to 1M"),
        arguments("build --rootlabel a/b x", "expected 1 to 36 letters"),
        arguments("build --rootlabel 1234567890123456789012345678901234567 x", "1 to 36"),
        arguments("build --rootlabel= x", "expected 1 to 36 letters"),
        arguments("build --append= x", "expected kernel arguments"),
        arguments("build --append=a\nb x", "expected kernel arguments in one line"),
        arguments("build --kernel= x", "expected a version"),
        arguments("build --platform linux x", "expected OS/ARCH"),
        arguments("build --threads 0 x", "expected a number from 1 to 1024"),
        arguments("build --threads two x", "expected a number from 1 to 1024"),
        arguments("build --progress loud x", "expected auto, plain, none"),
        arguments("build ftp://somewhere", "write ./ in front of a file name with a colon"));
  }

  @ParameterizedTest
  @MethodSource
  void wrongUsage(String line, String expected) {
    String[] words = line.isEmpty() ? new String[0] : line.split(" ");
    CommandRun run = CommandRun.of(words);
    assertOneLine(run, expected);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.plan()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "-1", "1.5", "99999999999999999999"})
  void sourceDateEpochMustBeATime(String value) {
    CommandRun run =
        CommandRun.with(
            Map.of("SOURCE_DATE_EPOCH", value), (_, _) -> CommandRun.MANIFEST, "build", "x");
    assertOneLine(run, "SOURCE_DATE_EPOCH: expected seconds since 1970, found '" + value + "'");
    assertThat(run.exitCode()).isEqualTo(2);
  }

  static Stream<Arguments> failures() {
    Path path = Path.of("out/disk.img");
    return Stream.of(
        arguments(
            FormatException.malformed(512, "bad checksum").in("layer 2"),
            "layer 2: bad checksum (at byte 512); the image is damaged or incomplete"),
        arguments(FormatException.unsupported("a thing"), "container2boot: a thing\n"),
        arguments(new NoSuchFileException("gone"), "gone: no such file or directory"),
        arguments(
            new OutputException(new OutputException.Problem.NoSpace(path, 400L << 20, 100L << 20)),
            "out/disk.img: no space left after 100 MiB of 400 MiB; make room there"),
        arguments(new IOException("two\nlines"), "container2boot: two lines\n"),
        arguments(new IOException("move the \u001b[2Jcursor"), "move the \\x1b[2Jcursor"),
        arguments(new IOException(), "IOException"),
        arguments(new IllegalStateException("oops"), "internal error"),
        arguments(new NullPointerException(), "internal error"));
  }

  @ParameterizedTest
  @MethodSource
  void failures(Exception failure, String expected) {
    CommandRun run = failing(failure, "build", "--progress=none", "x");
    assertOneLine(run, expected);
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void runningOutOfMemoryIsAFailureToo() {
    CommandRun run =
        CommandRun.with(
            Map.of(),
            (_, _) -> {
              throw new OutOfMemoryError("Java heap space");
            },
            "build",
            "x");
    assertOneLine(run, "C2B_JAVA_OPTIONS=-Xmx2g");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void onlyDebugShowsWhereAnErrorArose() {
    IOException failure = new IOException("broken");
    assertThat(failing(failure, "build", "x").err()).doesNotContain("\tat ");
    assertThat(failing(failure, "build", "--debug", "x").err())
        .contains("\tat " + MainTest.class.getName())
        .endsWith("container2boot: broken\n");
  }

  private static CommandRun failing(Exception failure, String... arguments) {
    return CommandRun.with(
        Map.of(),
        (_, _) -> {
          throw failure;
        },
        arguments);
  }

  @Test
  void theSummaryGoesToStandardOutput() {
    CommandRun run = CommandRun.of("build", "-f", "disk,esp", "-o", "it's here", "x");
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .isEqualTo(
            """
            Debian GNU/Linux 13 (trixie), Linux 6.12.57, squashfs zstd:6, SELinux policy default
              it's here/disk.img          400 MiB
              it's here/esp/              399 MiB
            Secure Boot may stay on: shim, grub and vmlinuz are signed.
            Try it in a virtual machine:
              container2boot run 'it'\\''s here/disk.img'
            Write it to a disk or stick (everything on /dev/sdX is lost):
              sudo dd if='it'\\''s here/disk.img' of=/dev/sdX bs=4M conv=fsync
            Copy it to the FAT file system of an EFI system partition named C2BOOT:
              rsync --recursive --times 'it'\\''s here/esp/' /mnt/
            """);
  }

  @Test
  void version() {
    CommandRun run = CommandRun.of("--version");
    assertThat(run.out()).isEqualTo("container2boot " + ToolVersion.current() + "\n");
    assertThat(ToolVersion.current()).matches("[0-9]+\\.[0-9]+\\.[0-9]+.*");
    assertThat(CommandRun.of("build", "--version").out()).isEqualTo(run.out());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--help", "-h", "build --help", "run --help", "generate-completion --help"})
  void helpFitsAnOrdinaryTerminal(String line) {
    CommandRun run = CommandRun.of(line.split(" "));
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines()).isNotEmpty().allMatch(text -> text.length() <= 80);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--output",
        "--format",
        "--append",
        "--rootlabel",
        "--size",
        "--sector-size",
        "--compression",
        "--block-size",
        "--kernel",
        "--platform",
        "--keep-initrd",
        "--keep-fallback",
        "--force",
        "--threads",
        "--progress",
        "--verbose",
        "--debug"
      })
  void helpNamesEveryOption(String option) {
    assertThat(CommandRun.of("build", "--help").out())
        .containsPattern("  " + option + "[ =\n]|, " + option + "[ =\n]");
  }

  @Test
  void completionKnowsTheValues() {
    assertThat(CommandRun.of("generate-completion").out())
        .contains("--sector-size", "zstd", "plain");
  }

  private static void assertOneLine(CommandRun run, String expected) {
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("container2boot: ").contains(expected);
    assertThat(run.err().lines().filter(line -> line.startsWith("container2boot: "))).hasSize(1);
    assertThat(run.err()).hasLineCount(1).endsWith("\n");
  }
}
