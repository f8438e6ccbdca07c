package io.github.container2boot.oci;

import static io.github.container2boot.oci.LayoutBuilder.named;
import static io.github.container2boot.oci.LayoutBuilder.platformKey;
import static io.github.container2boot.oci.LayoutBuilder.utf8;
import static io.github.container2boot.oci.LayoutBuilder.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.source.Opening;
import io.github.container2boot.source.Source;
import io.github.container2boot.tar.TarBuilder;
import io.github.container2boot.testing.Layers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayoutTest {
  private static final byte[] LOWER = new TarBuilder().file("a", "lower").build();
  private static final byte[] UPPER = new TarBuilder().file("b", "upper").build();

  @TempDir private Path directory;

  private Image open(LayoutBuilder layout) throws IOException {
    return open(layout, "");
  }

  private Image open(LayoutBuilder layout, String reference) throws IOException {
    return open(layout, reference, Optional.empty());
  }

  private Image open(LayoutBuilder layout, String reference, Optional<Platform> platform)
      throws IOException {
    Path written = layout.writeTo(Files.createTempDirectory(directory, "layout"));
    String source = "oci:" + written + (reference.isEmpty() ? "" : ":" + reference);
    return Source.parse(source, Fixtures.noInput()).open(Opening.ofFiles(platform, directory));
  }

  private void assertRefused(LayoutBuilder layout, String... messages) {
    assertThatThrownBy(
            () -> {
              try (Image image = open(layout)) {
                Fixtures.layers(image);
              }
            })
        .isInstanceOf(FormatException.class)
        .hasMessageNotContaining("\n")
        .message()
        .contains(List.of(messages));
  }

  @Test
  void readsConfigurationAndLayers() throws IOException {
    try (Image image = open(new LayoutBuilder().image("tag", LOWER, UPPER))) {
      assertThat(image.name()).startsWith("oci:").endsWith(":tag");
      assertThat(image.digest()).isPresent();
      assertThat(image.config().created()).contains(Instant.parse("2026-01-02T03:04:05Z"));
      assertThat(image.config().platform()).contains(Platform.parse("linux/amd64"));
      assertThat(image.config().environment()).containsExactly("A=b");
      assertThat(image.config().labels()).containsEntry("k", "v");
      assertThat(image.layers().get(1).name())
          .isEqualTo("layer 2 of 2 (" + LayoutBuilder.digest(UPPER).substring(0, 19) + ")");
      assertThat(Fixtures.layers(image)).containsExactly(LOWER, UPPER);
      assertThat(Fixtures.layers(image)).containsExactly(LOWER, UPPER);
    }
  }

  @Test
  void tellsHowMuchOfALayerWasRead() throws IOException {
    try (Image image = open(new LayoutBuilder().image("tag", LOWER))) {
      AtomicLong count = new AtomicLong();
      Layer layer = image.layers().getFirst();
      try (InputStream stream = Layers.archive(layer).open(count::addAndGet)) {
        stream.readAllBytes();
      }
      assertThat(layer.sizeBytes()).hasValue(count.get());
    }
  }

  @Test
  void tellsCompressionByContent() throws IOException {
    LayoutBuilder layout = new LayoutBuilder();
    String config =
        layout.descriptor(
            LayoutBuilder.CONFIG,
            utf8(
                "{'rootfs':{'diff_ids':['%s','%s']}}"
                    .formatted(LayoutBuilder.digest(LOWER), LayoutBuilder.digest(UPPER))));
    String plain = layout.descriptor("application/vnd.oci.image.layer.v1.tar+zstd", LOWER);
    String gzip =
        layout.descriptor(
            "application/vnd.docker.image.rootfs.diff.tar", LayoutBuilder.gzip(UPPER));
    layout.entry(layout.manifest(config, List.of(plain, gzip)), "");

    try (Image image = open(layout)) {
      assertThat(Fixtures.layers(image)).containsExactly(LOWER, UPPER);
      assertThat(image.config().platform()).isEmpty();
      assertThat(image.config().created()).isEmpty();
    }
  }

  @Test
  void choosesByTag() throws IOException {
    LayoutBuilder layout = new LayoutBuilder().image("one", LOWER).image("two", UPPER);

    try (Image image = open(layout, "two")) {
      assertThat(Fixtures.layers(image)).containsExactly(UPPER);
    }
    assertThatThrownBy(() -> open(layout))
        .hasMessageContaining("holds 2 images")
        .hasMessageContaining(":one, oci:")
        .hasMessageContaining(":two");
    assertThatThrownBy(() -> open(layout, "three"))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("no image \"three\"");
  }

  @Test
  void choosesByDigestWhereThereAreNoTags() throws IOException {
    LayoutBuilder layout = new LayoutBuilder();
    layout.image("", LOWER);
    String manifest = layout.manifest("linux/amd64", UPPER);
    layout.entry(manifest, "");
    String digest = manifest.replaceAll(".*'digest':'([^']*)'.*", "$1");

    assertThatThrownBy(() -> open(layout)).hasMessageContaining(digest);
    try (Image image = open(layout, digest)) {
      assertThat(Fixtures.layers(image)).containsExactly(UPPER);
    }
  }

  @Test
  void takesOneImageUnderTwoNames() throws IOException {
    try (Image image = open(new LayoutBuilder().image("a", LOWER).image("b", LOWER))) {
      assertThat(image.layers()).hasSize(1);
    }
  }

  @Test
  void choosesByPlatform() throws IOException {
    LayoutBuilder layout =
        new LayoutBuilder()
            .index("tag", "linux/s390x", "linux/arm/v6", "linux/arm/v7", "linux/arm64/v8");

    assertPlatform("linux/s390x", layout, "linux/s390x");
    assertPlatform("linux/aarch64", layout, "linux/arm64/v8");
    assertPlatform("linux/arm64/v8", layout, "linux/arm64/v8");
    assertPlatform("linux/arm/v7", layout, "linux/arm/v7");
    assertPlatform("linux/arm", layout, "linux/arm/v6");
    assertThatThrownBy(() -> open(layout, "tag", Optional.of(Platform.parse("linux/riscv64"))))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining(
            "no image for linux/riscv64; it holds linux/arm/v6, linux/arm/v7, linux/arm64, linux/s390x");
  }

  private void assertPlatform(String wanted, LayoutBuilder layout, String expected)
      throws IOException {
    try (Image image = open(layout, "", Optional.of(Platform.parse(wanted)))) {
      assertThat(Fixtures.layers(image))
          .containsExactly(new TarBuilder().file("platform", expected).build());
    }
  }

  @Test
  void takesThisMachinesPlatformIfNobodyAsks() throws IOException {
    String here = Platform.ofThisMachine().toString();
    LayoutBuilder layout = new LayoutBuilder().index("tag", "linux/s390x", here, "linux/mips64le");

    try (Image image = open(layout)) {
      assertThat(image.config().platform()).contains(Platform.ofThisMachine());
    }
    assertThatThrownBy(
            () -> open(new LayoutBuilder().index("tag", "linux/s390x", "linux/mips64le")))
        .hasMessageContaining("(this machine)");
  }

  @Test
  void takesTheOnlyPlatformIfNobodyAsks() throws IOException {
    LayoutBuilder layout = new LayoutBuilder();
    String attestation =
        with(
            layout.manifest("unknown/unknown", LOWER),
            platformKey("unknown/unknown")
                + ",'annotations':{'vnd.docker.reference.type':'attestation-manifest'}");
    String image = with(layout.manifest("linux/mips64le", UPPER), platformKey("linux/mips64le"));
    layout.entry(layout.indexOf(List.of(image, attestation)), named("tag"));

    try (Image opened = open(layout)) {
      assertThat(Fixtures.layers(opened)).containsExactly(UPPER);
    }
    assertThatThrownBy(() -> open(layout, "", Optional.of(Platform.parse("linux/amd64"))))
        .hasMessageContaining("it holds linux/mips64le");
  }

  @Test
  void readsNestedIndexesAndConfigurationsForThePlatform() throws IOException {
    LayoutBuilder layout = new LayoutBuilder();
    String s390x = layout.indexOf(List.of(layout.manifest("linux/s390x", LOWER)));
    String riscv64 = layout.indexOf(List.of(layout.manifest("linux/riscv64", UPPER)));
    layout.entry(layout.indexOf(List.of(s390x, riscv64)), named("tag"));

    try (Image image = open(layout, "", Optional.of(Platform.parse("linux/riscv64")))) {
      assertThat(Fixtures.layers(image)).containsExactly(UPPER);
    }
  }

  @Test
  void readsSeveralLayersAtTheSameTime() throws IOException {
    byte[] archive = new LayoutBuilder().image("tag", LOWER, UPPER).archive();
    Path file = Files.write(directory.resolve("image.tar"), archive);

    try (Image image =
            Source.parse(file.toString(), Fixtures.noInput())
                .open(Opening.ofFiles(Optional.empty(), directory));
        InputStream lower = Layers.open(image, 0);
        InputStream upper = Layers.open(image, 1)) {
      for (int index = 0; index < LOWER.length; index++) {
        assertThat(lower.read()).isEqualTo(Byte.toUnsignedInt(LOWER[index]));
        assertThat(upper.read()).isEqualTo(Byte.toUnsignedInt(UPPER[index]));
      }
      assertThat(lower.read()).isEqualTo(-1);
      assertThat(upper.read()).isEqualTo(-1);
    }
  }

  @Test
  void verifiesEveryDigest() {
    byte[] stored = LayoutBuilder.gzip(LOWER);
    byte[] other = LayoutBuilder.gzip(new TarBuilder().file("a", "LOWER").build());
    assertThat(other).hasSameSizeAs(stored);
    LayoutBuilder layout = new LayoutBuilder().image("tag", LOWER);
    String path = LayoutBuilder.blobPath(stored);
    layout.files().keySet().stream()
        .filter(name -> name.startsWith("blobs/"))
        .forEach(name -> {
          LayoutBuilder damaged = new LayoutBuilder().image("tag", LOWER);
          byte[] bytes = damaged.files().get(name);
          bytes[name.equals(path) ? bytes.length - 5 : bytes.length - 1] ^= 1;
          assertRefused(damaged, "");
        });
  }

  @Test
  void verifiesTheDiffId() {
    LayoutBuilder layout = new LayoutBuilder();
    String config =
        layout.descriptor(
            LayoutBuilder.CONFIG,
            utf8("{'rootfs':{'diff_ids':['%s']}}".formatted(LayoutBuilder.digest(UPPER))));
    layout.entry(
        layout.manifest(
            config, List.of(layout.descriptor(LayoutBuilder.LAYER, LayoutBuilder.gzip(LOWER)))),
        "");

    assertRefused(
        layout,
        "uncompressed layer",
        "expected " + LayoutBuilder.digest(UPPER),
        "found " + LayoutBuilder.digest(LOWER));
  }

  @Test
  void verifiesTheDigestOfTheStoredLayer() {
    byte[] stored = LayoutBuilder.gzip(LOWER);
    byte[] padded = stored.clone();
    padded[4] = 1;
    LayoutBuilder layout = new LayoutBuilder().image("tag", LOWER);
    System.arraycopy(padded, 0, layout.files().get(LayoutBuilder.blobPath(stored)), 0, 10);

    assertRefused(layout, "layer as stored", "expected " + LayoutBuilder.digest(stored));
  }

  @Test
  void refusesMissingBlobs() {
    LayoutBuilder complete = new LayoutBuilder().image("tag", LOWER);
    for (String path : complete.files().keySet()) {
      if (path.startsWith("blobs/")) {
        assertRefused(
            new LayoutBuilder().image("tag", LOWER).remove(path),
            "expected blob sha256:" + path.substring(path.lastIndexOf('/') + 1),
            "found none");
      }
    }
  }

  @Test
  void refusesBlobsOfAnotherSize() {
    LayoutBuilder layout = new LayoutBuilder();
    String manifest = layout.manifest("linux/amd64", LOWER);
    layout.entry(manifest.replaceAll("'size':[0-9]+", "'size':4611686018427387904"), "");

    assertRefused(layout, "expected a blob of 4611686018427387904 bytes");
  }

  @Test
  void refusesOtherThings() {
    LayoutBuilder layout = new LayoutBuilder();
    String layer = layout.descriptor(LayoutBuilder.LAYER, LayoutBuilder.gzip(LOWER));
    String config = layout.descriptor(LayoutBuilder.CONFIG, utf8("{'rootfs':{'diff_ids':[]}}"));
    String helm = layout.descriptor("application/vnd.cncf.helm.config.v1+json", utf8("{}"));
    String odd = layer.replace("+gzip", "+gzip+encrypted");
    String foreign =
        with(
            layout.descriptor(
                "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", new byte[3]),
            "'urls':['https://example.com/layer']");
    layout.remove(LayoutBuilder.blobPath(new byte[3]));
    String oneDiff =
        layout.descriptor(
            LayoutBuilder.CONFIG,
            utf8("{'rootfs':{'diff_ids':['%s']}}".formatted(LayoutBuilder.digest(LOWER))));

    assertManifestRefused(layout, helm, layer, "media type \"application/vnd.cncf.helm");
    assertManifestRefused(layout, config, layer, "expected 1 diff_ids", "found 0");
    assertManifestRefused(layout, oneDiff, odd, "media type", "+encrypted");
    assertManifestRefused(layout, oneDiff, foreign, "https://example.com/layer");
    assertRefused(
        new LayoutBuilder().entry(layer, ""), "expected image manifests, found media type");
    assertRefused(
        new LayoutBuilder()
            .entry(
                layer.replace(
                    LayoutBuilder.LAYER, "application/vnd.docker.distribution.manifest.v1+json"),
                ""),
        "schema version 1",
        "skopeo copy");
  }

  private void assertManifestRefused(
      LayoutBuilder parts, String config, String layer, String... messages) {
    LayoutBuilder layout = new LayoutBuilder();
    parts.files().entrySet().stream()
        .filter(file -> file.getKey().startsWith("blobs/"))
        .forEach(file -> layout.file(file.getKey(), file.getValue()));
    assertRefused(layout.entry(layout.manifest(config, List.of(layer)), ""), messages);
  }

  @Test
  void refusesDocumentsThatAreTwoThingsAtOnce() {
    LayoutBuilder layout = new LayoutBuilder();
    String both =
        layout.descriptor(
            LayoutBuilder.MANIFEST,
            utf8("{'schemaVersion':2,'config':{},'layers':[],'manifests':[]}"));
    String index =
        layout.descriptor(
            LayoutBuilder.MANIFEST, utf8("{'mediaType':'" + LayoutBuilder.INDEX + "'}"));

    assertRefused(layout.entry(both, ""), "manifests: expected nothing in a manifest");
    assertRefused(
        new LayoutBuilder()
            .file(
                LayoutBuilder.blobPath(utf8("{'mediaType':'" + LayoutBuilder.INDEX + "'}")),
                utf8("{'mediaType':'" + LayoutBuilder.INDEX + "'}"))
            .entry(index, ""),
        "mediaType: expected " + LayoutBuilder.MANIFEST);
    assertRefused(
        new LayoutBuilder().file("index.json", "{'manifests':[],'layers':[]}"),
        "layers: expected nothing in an index");
    assertRefused(
        new LayoutBuilder().file("index.json", "{'schemaVersion':1}"), "schema version 1");
  }

  @Test
  void refusesDigestsThatAreNone() {
    for (String digest :
        List.of(
            "sha256:../../x",
            "sha256:" + "../".repeat(21) + "x",
            "sha256:" + "A".repeat(64),
            "md5:" + "0".repeat(32),
            "",
            "sha256",
            "../x:0")) {
      assertRefused(
          new LayoutBuilder()
              .entry(
                  "{'mediaType':'%s','digest':'%s','size':3}"
                      .formatted(LayoutBuilder.MANIFEST, digest),
                  ""),
          "index.json: manifests[0]: digest");
    }
  }

  @Test
  void takesSha512() throws IOException {
    LayoutBuilder layout = new LayoutBuilder();
    byte[] config =
        utf8("{'rootfs':{'diff_ids':['%s']}}".formatted(Digest.of(Digest.Algorithm.SHA512, LOWER)));
    byte[] manifest =
        utf8(
            LayoutBuilder.manifestDocument(
                sha512(layout, LayoutBuilder.CONFIG, config),
                List.of(sha512(layout, LayoutBuilder.LAYER, LOWER))));
    layout.entry(sha512(layout, LayoutBuilder.MANIFEST, manifest), "");

    try (Image image = open(layout)) {
      assertThat(Fixtures.layers(image)).containsExactly(LOWER);
    }
  }

  private static String sha512(LayoutBuilder layout, String mediaType, byte[] blob) {
    Digest digest = Digest.of(Digest.Algorithm.SHA512, blob);
    layout.file("blobs/sha512/" + digest.hex(), blob);
    return "{'mediaType':'%s','digest':'%s','size':%d}".formatted(mediaType, digest, blob.length);
  }

  @Test
  void refusesBadJson() {
    assertRefused(new LayoutBuilder().file("index.json", ""), "index.json");
    assertRefused(new LayoutBuilder().file("index.json", "[]"), "expected an object");
    assertRefused(new LayoutBuilder().file("index.json", "{'manifests':[1]}"), "manifests[0]");
    assertRefused(new LayoutBuilder().file("index.json", "{} {}"), "index.json");
    assertRefused(new LayoutBuilder().file("index.json", "{'a':1,'a':2}"), "index.json");
    assertRefused(new LayoutBuilder().file("index.json", "{'a':"), "index.json");
    assertRefused(
        new LayoutBuilder().file("index.json", "{'a':" + "[".repeat(1_000_000)), "index.json");
    assertRefused(
        new LayoutBuilder().file("index.json", "{'manifests':[{'size':1e400}]}"), "index.json");
    assertRefused(
        new LayoutBuilder().file("index.json", " ".repeat(5_000_000) + "{}"),
        "index.json: expected at most 4194304 bytes, found 5000002");
    assertRefused(
        new LayoutBuilder().file("oci-layout", "{'imageLayoutVersion':'9'}"),
        "expected layout version");
  }

  @Test
  void refusesWhatIsNoLayout() throws IOException {
    assertThatThrownBy(() -> open(new LayoutBuilder()))
        .hasMessageContaining("expected an image, found an index that lists none");
    assertThatThrownBy(() -> open(new LayoutBuilder().remove("oci-layout")))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("expected an OCI image layout, found no file oci-layout");
  }

  @Test
  void refusesLinksThatLeadNowhereAndFilesThatAreNone() throws IOException {
    Path layout = new LayoutBuilder().image("tag", LOWER).writeTo(directory.resolve("links"));
    Path index = layout.resolve("index.json");

    Files.delete(index);
    Files.createSymbolicLink(index, Path.of("index.json"));
    assertLayoutRefused(layout, "index.json: expected a readable file");
    Files.delete(index);
    Files.createDirectory(index);
    assertLayoutRefused(layout, "index.json: expected a regular file, found a directory");
  }

  private void assertLayoutRefused(Path layout, String message) {
    assertThatThrownBy(() ->
            Source.parse(layout.toString(), Fixtures.noInput())
                .open(Opening.ofFiles(Optional.empty(), directory)))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(message);
  }

  @Test
  void doesNotFollowIndexesForEver() {
    LayoutBuilder layout = new LayoutBuilder();
    String index = layout.manifest("linux/amd64", LOWER);
    for (int level = 0; level < 10; level++) {
      index = layout.indexOf(List.of(index, index));
    }

    assertRefused(layout.entry(index, named("tag")), "at most 8 levels");
  }
}
