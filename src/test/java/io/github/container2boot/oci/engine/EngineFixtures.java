package io.github.container2boot.oci.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.oci.Digest;
import io.github.container2boot.oci.Image;
import io.github.container2boot.oci.Request;
import io.github.container2boot.tar.TarBuilder;
import io.github.container2boot.testing.Layers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What engines say and hand out of an image with the given layers.
public final class EngineFixtures {
  public static final String ID = "1f".repeat(32);
  public static final byte[] FIRST = new TarBuilder().file("etc/one", bytes("one")).build();
  public static final byte[] SECOND = new TarBuilder().file("etc/two", new byte[70_000]).build();

  private EngineFixtures() {}

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  public static Digest digest(byte[] layer) {
    return Digest.of(Digest.Algorithm.SHA256, layer);
  }

  /// The keys that docker and podman share.
  public static String inspection(byte[]... layers) {
    String diffIds =
        Arrays.stream(layers)
            .map(layer -> "\"" + digest(layer) + "\"")
            .collect(Collectors.joining(","));
    return """
    {"Id":"sha256:%s","RepoTags":["localhost/machine:latest"],"Created":"2026-01-02T03:04:05.678Z",
    "Os":"linux","Architecture":"arm64","Variant":"v8","GraphDriver":{"Name":"vfs","Data":null},
    "Config":{"Env":["A=b"],"Cmd":null,"Entrypoint":["/init"],"Labels":{"c":"d"}},
    "RootFS":{"Type":"layers","Layers":[%s]}}\
    """
        .formatted(ID, diffIds);
  }

  /// An archive as `podman save` writes it: layers are called by their digests and come first.
  public static byte[] archive(byte[]... layers) {
    TarBuilder archive = new TarBuilder();
    for (byte[] layer : layers) {
      archive.file(digest(layer).hex() + ".tar", layer);
    }
    return finish(archive, layer -> digest(layer).hex() + ".tar", layers);
  }

  /// An archive of docker's from before 25: only the manifest at its end says which layer is which.
  public static byte[] archiveByNumber(byte[]... layers) {
    TarBuilder archive = new TarBuilder();
    for (int index = layers.length - 1; index >= 0; index--) {
      archive.file(Integer.toString(index).repeat(64) + "/layer.tar", layers[index]);
    }
    List<byte[]> all = List.of(layers);
    return finish(
        archive, layer -> Integer.toString(all.indexOf(layer)).repeat(64) + "/layer.tar", layers);
  }

  private interface Naming {
    String path(byte[] layer);
  }

  private static byte[] finish(TarBuilder archive, Naming naming, byte[]... layers) {
    String diffIds =
        Arrays.stream(layers)
            .map(layer -> "\"" + digest(layer) + "\"")
            .collect(Collectors.joining(","));
    byte[] config =
        bytes("{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[%s]}}".formatted(diffIds));
    String paths =
        Arrays.stream(layers)
            .map(layer -> "\"" + naming.path(layer) + "\"")
            .collect(Collectors.joining(","));
    return archive
        .file(digest(config).hex() + ".json", config)
        .file(
            "manifest.json",
            bytes(
                "[{\"Config\":\"%s.json\",\"RepoTags\":null,\"Layers\":[%s]}]"
                    .formatted(digest(config).hex(), paths)))
        .build();
  }

  public static Request request(Path scratch) {
    return new Request(
        "machine", "docker-daemon", Optional.empty(), Optional.empty(), Optional.empty(), scratch);
  }

  public static List<byte[]> layers(Image image) throws IOException {
    return Layers.bytes(image);
  }
}
