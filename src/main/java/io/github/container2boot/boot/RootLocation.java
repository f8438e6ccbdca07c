package io.github.container2boot.boot;

import java.util.List;

/// Where a live root's SquashFS lies, as the initrd is told.
///
/// Source: dracut.cmdline(7), "Booting live images", and modules.d/90dmsquash-live of dracut 049,
/// 052, 057, 059, 106 and 111.
public sealed interface RootLocation {
  /// `squashfs.img` in the directory `container2boot` of a partition that a FAT or ISO 9660 file
  /// system lies on.
  ///
  /// @param partitionLabel the GPT partition's name
  record InFile(String partitionLabel) implements RootLocation {
    @Override
    public List<String> arguments() {
      return List.of(
          "root=live:PARTLABEL=" + partitionLabel,
          "rd.live.dir=" + EspTree.DIRECTORY,
          "rd.live.image",
          "rd.live.overlay.readonly");
    }
  }

  /// A partition that is the SquashFS: for roots that do not fit a file on FAT. dracut can since
  /// 052.
  record InPartition(String partitionLabel) implements RootLocation {
    @Override
    public List<String> arguments() {
      return List.of(
          "root=live:PARTLABEL=" + partitionLabel, "rd.live.image", "rd.live.overlay.readonly");
    }
  }

  /// A server has it; the initrd needs dracut's livenet.
  ///
  /// @param url `http://…/squashfs.img`
  record OnServer(String url) implements RootLocation {
    @Override
    public List<String> arguments() {
      return List.of(
          "root=live:" + url,
          "rd.neednet=1",
          "ip=dhcp",
          "rd.live.image",
          "rd.live.overlay.readonly");
    }
  }

  /// The kernel arguments that say so.
  List<String> arguments();

  /// Whether an argument says where a live root is, or goes along with that.
  static boolean isAboutLocation(String argument) {
    return argument.startsWith("root=")
        || argument.startsWith("rd.live.dir=")
        || argument.startsWith("rd.live.squashimg=")
        || argument.equals("rd.live.image")
        || argument.equals("rd.live.overlay.readonly")
        || argument.equals("rd.neednet=1")
        || argument.equals("ip=dhcp");
  }
}
