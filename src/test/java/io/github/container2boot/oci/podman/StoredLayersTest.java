package io.github.container2boot.oci.podman;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.tar.TarBuilder;
import io.github.container2boot.testing.Tools;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Layers put together again from a storage, and storages that are not what they should be.
@EnabledOnOs(OS.LINUX)
class StoredLayersTest {
  @TempDir private Path directory;
  private Store store;

  @BeforeEach
  void makeStore() {
    store = new Store(directory.resolve("storage"));
  }

  private StoredLayers layers() {
    return store.layers(_ -> {
      throw new AssertionError("everything can be read");
    });
  }

  private static byte[] bytes(InputStream stream) throws IOException {
    try (stream) {
      return stream.readAllBytes();
    }
  }

  private Optional<byte[]> read(int index) throws IOException {
    Optional<InputStream> stream = layers().open(index);
    return stream.isPresent() ? Optional.of(bytes(stream.get())) : Optional.empty();
  }

  @Test
  void givesTheArchiveBack() throws IOException {
    byte[] noise = new byte[500_000];
    new Random(5).nextBytes(noise);
    byte[] first =
        new TarBuilder()
            .directory("usr/")
            .file("usr/lib/deep/er/large", noise)
            .file("usr/lib/deep/small", "small")
            .file("./usr/bin/ä", "unicode")
            .symlink("usr/link", "lib")
            .hardLink("usr/hard", "usr/lib/deep/small")
            .file("usr/lib/deep/er/empty", "")
            .file("usr/lib/deep/er/last", new byte[1])
            .build();
    byte[] second = new TarBuilder().whiteout("usr", "link").build();
    store.add(first).add(second);
    assertThat(read(0)).hasValue(first);
    assertThat(read(1)).hasValue(second);
    assertThat(layers().sizeBytes(0)).isEmpty();
    assertThat(layers().sizeBytes(1)).hasValue(second.length);
  }

  @Test
  void namesAreBytes() throws IOException {
    byte[] name = {'o', 'd', 'd', (byte) 0xff, '\n', 'x'};
    store.add(
        new byte[0],
        "{\"type\":1,\"name_raw\":\"%s\",\"size\":4}\n"
            .formatted(Base64.getEncoder().encodeToString(name)));
    Tools.run("sh", "-c", "printf data >%s/\"$(printf 'odd\\377\\nx')\"".formatted(store.diff(0)));
    assertThat(read(0)).hasValue("data".getBytes(UTF_8));
  }

  /// Nothing outside the layer's directory is read, whatever the storage says.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../secret",
        "a/../../../secret",
        "/../../../secret",
        "link/secret",
        "linked",
        "",
        ".",
        "/",
        "a/",
        "fifo",
        "missing",
        "file/below",
        "a\\u0000b"
      })
  void readsOnlyRegularFilesInside(String name) throws IOException {
    Path secret = Files.writeString(directory.resolve("storage-secret"), "secret");
    store.add(new byte[0], Store.segment(new byte[512]) + Store.file(name, 6));
    Files.writeString(directory.resolve("storage").resolve("secret"), "secret");
    Files.createDirectories(store.diff(0).resolve("a"));
    Files.writeString(store.diff(0).resolve("file"), "secret");
    Files.createSymbolicLink(store.diff(0).resolve("link"), directory.resolve("storage"));
    Files.createSymbolicLink(store.diff(0).resolve("linked"), secret);
    Tools.run("mkfifo", store.diff(0).resolve("fifo"));
    assertThat(read(0)).as("podman is asked instead").isEmpty();
  }

  @Test
  void aFileThatChangesLaterIsAnErrorThatNamesIt() throws IOException {
    byte[] archive =
        new TarBuilder().file("etc/first", "1").file("etc/passwd", new byte[90_000]).build();
    store.add(archive);
    Path file = store.diff(0).resolve("etc/passwd");
    Files.write(file, new byte[89_999]);
    assertThatThrownBy(() -> read(0))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            "etc/passwd: expected a file of 90000 bytes in podman's storage, found 89999; was the image removed or changed meanwhile?");
    Files.delete(file);
    assertThatThrownBy(() -> read(0))
        .hasMessageContaining("etc/passwd")
        .hasMessageContaining("none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":3}",
        "{\"type\":-1}",
        "{}",
        "[]",
        "nonsense",
        "{\"type\":2,\"payload\":\"!\"}",
        "{\"type\":1,\"name\":\"a\",\"size\":-5}",
        "{\"type\":1,\"name\":\"a\",\"size\":9223372036854775807}",
        "{\"type\":1,\"name\":\"a\",\"size\":99999999999999999999}",
        "{\"type\":1,\"name_raw\":\"?\",\"size\":1}"
      })
  void whatIsNoTarSplitIsNotRead(String line) throws IOException {
    store.add(new byte[0], line + "\n");
    Files.writeString(store.diff(0).resolve("a"), "a");
    assertThat(read(0)).isEmpty();
  }

  @Test
  void linesAreBounded() throws IOException {
    store.add(new byte[0], "");
    try (OutputStream file = new GZIPOutputStream(Files.newOutputStream(store.split(0)))) {
      byte[] piece = new byte[1 << 20];
      for (int count = 0; count < 64; count++) {
        file.write(piece);
      }
    }
    assertThat(read(0)).isEmpty();
  }

  @Test
  void damagedFilesAreNotRead() throws IOException {
    byte[] archive = new TarBuilder().file("a", "a").build();
    store.add(archive).add(archive).add(archive);
    Files.delete(store.split(0));
    byte[] whole = Files.readAllBytes(store.split(1));
    Files.write(store.split(1), Arrays.copyOf(whole, 30));
    Tools.run("rm", "-r", store.diff(2));
    assertThat(read(0)).isEmpty();
    assertThat(read(1)).isEmpty();
    assertThat(read(2)).isEmpty();
  }

  /// Podman names a directory for each layer, or nobody knows which is whose.
  @Test
  void countsDirectories() throws IOException {
    byte[] archive = new TarBuilder().file("a", "a").build();
    store.add(archive);
    StoredLayers none = new StoredLayers(List.of(), store.diffIds(), _ -> null);
    assertThat(none.open(0)).isEmpty();
    assertThat(none.sizeBytes(0)).isEmpty();
    StoredLayers strange = new StoredLayers(List.of("/etc"), store.diffIds(), _ -> null);
    assertThat(strange.open(0)).isEmpty();
  }

  /// What this user may not read, its owner reads: as root sees everything, here another reader
  /// refuses.
  @Test
  void asksTheOwnerForTheRest() throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(lines)) {
      gzip.write(
          (Store.file("a", 1) + Store.file("private/b", 2) + Store.file("c", 1)).getBytes(UTF_8));
    }
    LayerFiles own =
        new FakeFiles() {
          @Override
          public InputStream open(ByteString path, long sizeBytes) throws IOException {
            if (path.startsWith(ByteString.utf8("private"))) {
              throw new Denied(path);
            }
            return super.open(path, sizeBytes);
          }
        };
    try (TarSplitInputStream layer =
        new TarSplitInputStream(
            TarSplitReader.open(new ByteArrayInputStream(lines.toByteArray())),
            own,
            FakeFiles::new)) {
      assertThat(layer.readAllBytes()).asString(UTF_8).isEqualTo("aprivate/bc");
    }
  }

  /// Every file holds its name.
  private static class FakeFiles implements LayerFiles {
    @Override
    public InputStream open(ByteString path, long sizeBytes) throws IOException {
      return new ByteArrayInputStream(path.toByteArray());
    }

    @Override
    public void close() {}
  }
}
