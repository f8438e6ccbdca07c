package io.github.container2boot.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;

/// Files of the image that are looked into: whatever they hold, a [FormatException] is the worst.
class BootFuzzTest {
  @FuzzTest
  void readsPrograms(byte[] bytes) {
    PortableExecutableTest.read(bytes);
  }

  @FuzzTest
  void readsKernels(byte[] bytes) throws IOException {
    try {
      assertThat(KernelImage.read(Content.of(bytes))).isNotNull();
    } catch (FormatException expected) {
      assertThat(expected.getMessage()).isNotEmpty();
    }
  }

  @FuzzTest
  void readsInitrds(byte[] bytes) throws IOException {
    try {
      assertThat(InitrdReader.read(TreePath.of("/initrd"), Content.of(bytes))).isNotNull();
    } catch (FormatException expected) {
      assertThat(expected.getMessage()).isNotEmpty();
    }
  }

  @FuzzTest
  void readsOsReleases(byte[] bytes) throws BootException {
    OsRelease release = OsRelease.parse(bytes);
    assertThat(release.id()).matches("[a-z0-9][a-z0-9._-]*");
    assertThat(release.prettyName().codePoints().allMatch(ShellText::isVisible)).isTrue();
    String configuration =
        new GrubConfiguration(release.prettyName(), new CommandLine(java.util.List.of()), 1).text();
    assertThat(configuration.lines().filter(line -> line.startsWith("menuentry"))).hasSize(1);
  }
}
