package io.github.container2boot.gpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.testing.SparseFiles;
import io.github.container2boot.testing.Tools;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrownDiskTest {
  private static final long LARGER_BYTES = 96 << 20;

  @ParameterizedTest
  @ValueSource(ints = {512, 4096})
  void partitionsStayAndTheTableMoves(int sectorSizeBytes) throws Exception {
    Content image = Disks.disk(sectorSizeBytes).content();
    Content grown = GrownDisk.of(image, LARGER_BYTES).content();
    assertThat(grown.sizeBytes()).isEqualTo(LARGER_BYTES);
    GptImage before = GptImage.read(image);
    GptImage after = GptImage.read(grown);
    assertThat(after.damage()).isEmpty();
    assertThat(after.diskId()).isEqualTo(before.diskId());
    assertThat(after.partitions()).hasSameSizeAs(before.partitions());
    for (int index = 0; index < before.partitions().size(); index++) {
      assertThat(after.partitions().get(index).entry())
          .isEqualTo(before.partitions().get(index).entry());
      assertThat(after.partitions().get(index).content().toByteArray())
          .isEqualTo(before.partitions().get(index).content().toByteArray());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4096})
  void theSameSizeChangesNothing(int sectorSizeBytes) throws Exception {
    Content image = Disks.disk(sectorSizeBytes).content();
    assertThat(GrownDisk.of(image, image.sizeBytes()).content().toByteArray())
        .isEqualTo(image.toByteArray());
  }

  @Test
  void sgdiskFindsNothingWrong(@TempDir Path directory) throws Exception {
    Tools.require("sgdisk");
    Content grown = GrownDisk.of(Disks.disk(512).content(), LARGER_BYTES).content();
    Path disk = SparseFiles.write(grown, directory.resolve("disk"));
    assertThat(Tools.run("sgdisk", "-v", disk)).contains("No problems found");
  }

  @Test
  void aSmallerDiskIsRefused() throws Exception {
    Content image = Disks.disk(512).content();
    assertThatThrownBy(() -> GrownDisk.of(image, image.sizeBytes() - 4096))
        .isInstanceOfSatisfying(
            GptException.class,
            failed -> assertThat(failed.problem()).isInstanceOf(GptException.DiskTooSmall.class));
  }
}
