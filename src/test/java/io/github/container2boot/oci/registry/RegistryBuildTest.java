package io.github.container2boot.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.boot.BootableFiles;
import io.github.container2boot.oci.LayoutBuilder;
import io.github.container2boot.tar.TarBuilder;
import io.github.container2boot.testing.Program;
import io.github.container2boot.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program, process by process, against a registry that counts.
class RegistryBuildTest {
  @TempDir Path temporary;

  private final LayoutBuilder image =
      new LayoutBuilder()
          .image("latest", machine(), RegistryFixture.archive(7, 900_000))
          .index("other", "linux/arm64", "linux/riscv64");

  private FakeRegistry registry;

  @BeforeEach
  void start() throws IOException {
    registry = FakeRegistry.start().with(image);
  }

  @AfterEach
  void stop() throws IOException {
    registry.close();
  }

  private static byte[] machine() {
    TarBuilder archive = new TarBuilder();
    new TreeMap<>(BootableFiles.debian()).forEach(archive::file);
    return archive.build();
  }

  private Tools.Result build(String source, Object... options) throws IOException {
    List<Object> arguments = new ArrayList<>(List.of("build", source));
    arguments.addAll(List.of("--output", temporary.resolve("out")));
    arguments.addAll(List.of("--cache-dir", temporary.resolve("cache")));
    arguments.addAll(List.of(options));
    return Program.execute(arguments.toArray());
  }

  private byte[] disk(String source, Object... options) throws IOException {
    Tools.Result result = build(source, options);
    assertThat(result.exitCode()).as(result.text()).isZero();
    return Files.readAllBytes(temporary.resolve("out/disk.img"));
  }

  @Test
  void aLayerInTheCacheIsNotFetched() throws IOException {
    byte[] expected =
        disk("oci:" + image.writeTo(temporary.resolve("layout")) + ":latest", "--no-cache");
    String name = "docker://" + registry.host() + "/machine";
    assertThat(disk(name)).isEqualTo(expected);
    assertThat(registry.targets()).hasSize(4).doesNotHaveDuplicates();
    registry.forgetRequests();
    assertThat(disk(name)).isEqualTo(expected);
    assertThat(registry.targets()).hasSize(2);
    assertThat(registry.targets().getFirst()).endsWith("/manifests/latest");
    assertThat(registry.sentBytes("/blobs/")).isLessThan(1000);
  }

  @Test
  void saysWhatHappensWhenAskedForDetails() throws IOException {
    AtomicInteger cuts = new AtomicInteger();
    registry.rule(request -> {
      FakeRegistry.Reply right = registry.right(request);
      boolean cut = right.body().length > 1 << 19 && cuts.getAndIncrement() == 0;
      return cut ? Optional.of(right.cutAfter(300_000)) : Optional.empty();
    });
    Tools.Result result = build("docker://" + registry.host() + "/machine", "--verbose");
    assertThat(result.exitCode()).isZero();
    assertThat(result.text()).contains(registry.host() + ": ", "; trying again in 0.5 s");
  }

  @Test
  void listsThePlatformsThereAre() throws IOException {
    Tools.Result result =
        build("docker://" + registry.host() + "/machine:other", "--platform", "linux/amd64");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.text())
        .contains("linux/arm64, linux/riscv64", "choose one with --platform")
        .hasLineCount(1);
  }

  @Test
  void aNameThatIsNoneIsWrongUsage() throws IOException {
    Tools.Result result = build("docker://" + registry.host() + "/Machine");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.text()).contains("is no name of an image").hasLineCount(1);
  }

  @Test
  void whatIsSecretIsNotPrintedForDebuggingEither() throws IOException {
    registry.rule(request ->
        request.isFor("blobs")
            ? Optional.of(
                FakeRegistry.Reply.of(307)
                    .with("Location", "http://u:xyzzy@127.0.0.1:1/?signature=xyzzy"))
            : Optional.empty());
    Tools.Result result = build("docker://" + registry.host() + "/machine", "--debug");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.text())
        .contains("127.0.0.1:1 cannot be reached", "RegistryException")
        .doesNotContain("xyzzy");
  }
}
