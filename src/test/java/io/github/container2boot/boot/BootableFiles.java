package io.github.container2boot.boot;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.TreeMap;

/// The files of a root file system that can be made to boot, as far as this program looks: they
/// have the right headers and nothing that runs.
public final class BootableFiles {
  public static final String KERNEL = "6.12.1-1";

  private BootableFiles() {}

  /// A GRUB that is another one than that for media.
  public static byte[] networkGrub() {
    return PeBuilder.of(Architecture.X86_64).grubPrefix("/grub").build();
  }

  /// A Debian machine: paths without a leading slash to contents.
  public static Map<String, byte[]> debian() {
    byte[] program = PeBuilder.of(Architecture.X86_64).section(".text", new byte[64]).build();
    Map<String, byte[]> files = new TreeMap<>();
    files.put(
        "usr/lib/os-release",
        "ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\n".getBytes(UTF_8));
    files.put("boot/vmlinuz-" + KERNEL, KernelBuilder.bzImage(KERNEL + " (builder@host) #1 SMP"));
    files.put("boot/initrd.img-" + KERNEL, InitrdBuilder.dracut("106-6").zstd());
    files.put("usr/lib/shim/shimx64.efi.signed", program);
    files.put("usr/lib/shim/mmx64.efi.signed", program);
    files.put("usr/lib/shim/fbx64.efi.signed", program);
    files.put(
        "usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed",
        PeBuilder.of(Architecture.X86_64).grubPrefix("/EFI/debian").build());
    return files;
  }

  /// As dracut makes it without livenet.
  public static byte[] initrdWithoutNetwork() {
    return InitrdBuilder.dracut("106-6")
        .file("usr/lib/dracut/modules.txt", "bash\nsystemd\ndmsquash-live\nbase\n")
        .zstd();
  }
}
