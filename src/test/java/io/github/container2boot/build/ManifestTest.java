package io.github.container2boot.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.boot.SecureBoot;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class ManifestTest {
  private static final Manifest MANIFEST =
      new Manifest(
          "0.1.0",
          "Debian GNU/Linux 13 (trixie)",
          Instant.parse("2026-11-01T00:00:00Z"),
          new Manifest.Source("oci-archive:machine.tar", "sha256:aa", "linux/amd64"),
          List.of(new Manifest.Layer("sha256:bb", "sha256:cc", OptionalLong.of(1000))),
          new Manifest.Kernel(
              "6.12.57+deb13-amd64",
              "/boot/vmlinuz-6.12.57+deb13-amd64",
              "/boot/initrd.img-6.12.57+deb13-amd64"),
          "root=live:PARTLABEL=C2BOOT quiet",
          new Manifest.RootFilesystem("squashfs", "zstd:6", 131072, 5_000_000_000L, "C2BOOT"),
          Optional.of("default"),
          List.of(
              new Manifest.Signature(
                  "/usr/lib/shim/shimx64.efi.signed", List.of("A"), SecureBoot.Trust.FIRMWARE),
              new Manifest.Signature("/boot/vmlinuz", List.of(), SecureBoot.Trust.UNSIGNED)),
          Optional.of(
              new Manifest.PartitionTable(
                  "d1", 512, 7000, List.of(new Manifest.Partition(1, "C2BOOT", "t", "g", 10, 20)))),
          List.of(),
          List.of(new Output("disk.img", 7000, "dd")));

  @Test
  void golden() {
    assertThat(MANIFEST.toJson())
        .isEqualTo(
            """
            {
              "container2boot": "0.1.0",
              "format": 1,
              "system": "Debian GNU/Linux 13 (trixie)",
              "created": "2026-11-01T00:00:00Z",
              "source": {
                "reference": "oci-archive:machine.tar",
                "digest": "sha256:aa",
                "platform": "linux/amd64"
              },
              "layers": [
                {
                  "digest": "sha256:bb",
                  "diffId": "sha256:cc",
                  "sizeBytes": 1000
                }
              ],
              "kernel": {
                "version": "6.12.57+deb13-amd64",
                "path": "/boot/vmlinuz-6.12.57+deb13-amd64",
                "initrdPath": "/boot/initrd.img-6.12.57+deb13-amd64"
              },
              "commandLine": "root=live:PARTLABEL=C2BOOT quiet",
              "root": {
                "type": "squashfs",
                "compression": "zstd:6",
                "blockSizeBytes": 131072,
                "sizeBytes": 5000000000,
                "label": "C2BOOT"
              },
              "selinuxPolicy": "default",
              "secureBoot": [
                {
                  "path": "/usr/lib/shim/shimx64.efi.signed",
                  "signers": [
                    "A"
                  ],
                  "trust": "firmware"
                },
                {
                  "path": "/boot/vmlinuz",
                  "signers": [],
                  "trust": "unsigned"
                }
              ],
              "partitionTable": {
                "diskGuid": "d1",
                "sectorSizeBytes": 512,
                "sizeBytes": 7000,
                "partitions": [
                  {
                    "number": 1,
                    "label": "C2BOOT",
                    "typeGuid": "t",
                    "guid": "g",
                    "offsetBytes": 10,
                    "sizeBytes": 20
                  }
                ]
              },
              "warnings": [],
              "outputs": [
                {
                  "path": "disk.img",
                  "sizeBytes": 7000,
                  "sha256": "dd"
                }
              ]
            }
            """);
  }

  /// Names come from the image and may hold anything.
  @Test
  void anyTextComesBackFromAJsonReader() throws IOException {
    String odd =
        "quote \" backslash \\ tab \t newline \n escape \u001b delete \u007f é 😀 \ud800 end";
    String json = JsonWriter.object(writer -> writer.member("text", odd).member("last", true));
    JsonNode read = new ObjectMapper().readTree(json.getBytes(UTF_8));
    assertThat(read.get("text").asString()).isEqualTo(odd);
    assertThat(read.get("last").asBoolean()).isTrue();
  }
}
