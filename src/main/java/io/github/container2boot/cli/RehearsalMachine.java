package io.github.container2boot.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.compress.BlockCompressor;
import io.github.container2boot.compress.Compression;
import io.github.container2boot.tar.TarEntry;
import io.github.container2boot.tar.TarReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// A machine that has, in small, what a build meets in large ones: two layers with some thousand
/// files, a policy, signed programs. It has the right headers and nothing that runs.
final class RehearsalMachine {
  private static final String KERNEL = "6.12.1-1";
  private static final int SMALL_FILES = 2500;
  private static final int LARGE_FILE_BYTES = 6 << 20;
  private static final String CAPABILITY = "\1\0\0\2\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

  private final Map<String, byte[]> blobs = new LinkedHashMap<>();
  private final String manifestDescriptor;
  private final byte[] manifest;

  RehearsalMachine() throws IOException {
    byte[] base = base();
    byte[] changes = changes();
    String layers = layer(base) + "," + layer(changes);
    String config =
        descriptor(
            "config.v1+json",
            "{\"created\":\"2026-01-02T03:04:05Z\",\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"%s\",\"%s\"]}}"
                .formatted(digest(base), digest(changes))
                .getBytes(US_ASCII));
    manifest =
        "{\"schemaVersion\":2,\"config\":%s,\"layers\":[%s]}"
            .formatted(config, layers)
            .getBytes(US_ASCII);
    manifestDescriptor = descriptor("manifest.v1+json", manifest);
  }

  /// An OCI image in a tar archive.
  byte[] archive() {
    Archive archive =
        new Archive()
            .file("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}")
            .file(
                "index.json",
                "{\"schemaVersion\":2,\"manifests\":[%s]}".formatted(manifestDescriptor));
    blobs.forEach((digest, blob) -> archive.file("blobs/" + digest.replace(':', '/'), blob));
    return archive.finished();
  }

  byte[] manifest() {
    return manifest.clone();
  }

  /// What of the image has this digest.
  byte[] blob(String digest) {
    return Objects.requireNonNull(blobs.get(digest)).clone();
  }

  /// Puts the files of its first layer into `root`, an empty directory.
  static void unpack(Path root) throws IOException {
    try (TarReader reader = new TarReader(new ByteArrayInputStream(base()))) {
      for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
        Path path = root.resolve(entry.path().toString());
        Files.createDirectories(path.getParent());
        switch (entry.type()) {
          case FILE -> write(reader, path);
          case HARD_LINK -> Files.createLink(path, root.resolve(entry.linkTarget().toString()));
          case SYMBOLIC_LINK ->
              Files.createSymbolicLink(path, Path.of(entry.linkTarget().toString()));
          case CHARACTER_DEVICE, BLOCK_DEVICE, DIRECTORY, FIFO -> {}
        }
      }
    }
  }

  private static void write(TarReader reader, Path path) throws IOException {
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      reader.transferTo(
          new Content.Sink() {
            @Override
            public void data(ByteBuffer bytes) throws IOException {
              while (bytes.hasRemaining()) {
                file.write(bytes);
              }
            }

            @Override
            public void hole(long countBytes) throws IOException {
              file.position(file.position() + countBytes);
            }
          });
    }
  }

  private String layer(byte[] layer) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream stream = new GZIPOutputStream(compressed)) {
      stream.write(layer);
    }
    return descriptor("layer.v1.tar+gzip", compressed.toByteArray());
  }

  private String descriptor(String type, byte[] blob) {
    String digest = digest(blob);
    blobs.put(digest, blob);
    return "{\"mediaType\":\"application/vnd.oci.image.%s\",\"digest\":\"%s\",\"size\":%d}"
        .formatted(type, digest, blob.length);
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(bytes);
      return "sha256:" + HexFormat.of().formatHex(sum);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] base() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    byte[] program = program();
    Archive root =
        new Archive()
            .file("usr/lib/os-release", "ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\n")
            .file("boot/vmlinuz-" + KERNEL, program)
            .file(
                "boot/config-" + KERNEL,
                "CONFIG_SQUASHFS=y\nCONFIG_SQUASHFS_ZSTD=y\nCONFIG_BLK_DEV_LOOP=m\nCONFIG_OVERLAY_FS=m\n")
            .file("boot/initrd.img-" + KERNEL, initrd())
            .file("usr/lib/shim/shimx64.efi.signed", program)
            .file("usr/lib/shim/mmx64.efi.signed", program)
            .file("usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed", program)
            .file("etc/selinux/config", "SELINUXTYPE=default\n")
            .file("etc/selinux/default/contexts/files/file_contexts", fileContexts())
            .link('2', "etc/os-release", "../usr/lib/os-release")
            .attribute("security.capability", CAPABILITY)
            .file("usr/bin/ping", program)
            .link('1', "usr/bin/ping6", "usr/bin/ping")
            .file("usr/lib/large", mixed(random, LARGE_FILE_BYTES))
            .file("usr/lib/hole", new byte[1 << 20]);
    for (int file = 0; file < SMALL_FILES; file++) {
      int size = random.nextInt(1 << random.nextInt(6, 16));
      root.file(path(file), mixed(random, size));
    }
    return root.finished();
  }

  /// What a later build step changes: files replaced, deleted, and directories emptied.
  private static byte[] changes() {
    SplittableRandom random = new SplittableRandom(2);
    Archive root = new Archive().file("usr/share/d3/.wh..wh..opq", "");
    for (int file = 0; file < SMALL_FILES; file += 10) {
      root.file(path(file), mixed(random, 3000));
      root.file(path(file + 5).replace("/f", "/.wh.f"), "");
    }
    return root.file("etc/hostname", "machine\n").finished();
  }

  private static String path(int file) {
    return "usr/share/d%d/e%d/f%d".formatted(file / 100, file / 10 % 10, file);
  }

  /// Text and noise, as programs are.
  private static byte[] mixed(SplittableRandom random, int sizeBytes) {
    byte[] bytes = new byte[sizeBytes];
    int place = 0;
    while (place < sizeBytes) {
      byte[] word = new byte[random.nextInt(2, 12)];
      random.nextBytes(word);
      int count = Math.min(sizeBytes - place, word.length * random.nextInt(1, 4));
      for (int end = place + count; place < end; place++) {
        bytes[place] = word[place % word.length];
      }
    }
    return bytes;
  }

  private static String fileContexts() {
    StringBuilder specifications = new StringBuilder("/.*\tsystem_u:object_r:default_t:s0\n");
    for (int index = 0; index < 300; index++) {
      specifications.append(
          "/usr/share/d%d(/.*)?\tsystem_u:object_r:usr_t:s0\n/usr/lib/.*/lib[^/]*\\.so(\\.[0-9]+)%d\t--\tsystem_u:object_r:lib_t:s0\n"
              .formatted(index, index));
    }
    return specifications.toString();
  }

  /// An initrd of dracut with what live systems need.
  private static byte[] initrd() throws IOException {
    ByteWriter archive = ByteWriter.littleEndian(1024);
    cpioEntry(archive, "usr/lib/dracut/modules.txt", "dmsquash-live\nlivenet\n");
    cpioEntry(archive, "usr/lib/initrd-release", "NAME=dracut\nID=dracut\nVERSION_ID=\"106-6\"\n");
    cpioEntry(archive, "TRAILER!!!", "");
    ByteBuffer target = ByteBuffer.allocate(2 * archive.size());
    try (BlockCompressor zstd = Compression.ZSTD.newCompressor(1, target.capacity())) {
      zstd.compress(ByteBuffer.wrap(archive.toByteArray()), target);
    }
    byte[] compressed = new byte[target.flip().remaining()];
    target.get(compressed);
    return compressed;
  }

  private static void cpioEntry(ByteWriter archive, String name, String text) {
    String header =
        "070701%08x%08x%024x%08x%08x%032x%08x%08x"
            .formatted(1, 0_100_644, 1, 0, text.length(), 0, name.length() + 1, 0);
    archive.bytes(header.getBytes(US_ASCII)).bytes(name.getBytes(US_ASCII)).u8(0).padTo(4);
    archive.bytes(text.getBytes(US_ASCII)).padTo(4);
  }

  /// One file that is shim, GRUB and kernel at once: a PE file (0x40) with a signature and shim's
  /// vendor certificate, and the header of a bzImage (0x1f1).
  private static byte[] program() throws IOException {
    ByteBuffer file = ByteBuffer.allocate(1 << 18).order(ByteOrder.LITTLE_ENDIAN);
    file.put(0, "MZ".getBytes(US_ASCII)).putInt(0x3c, 0x40).putInt(0x40, 0x4550);
    file.putShort(0x44, (short) 0x8664).putShort(0x46, (short) 1);
    file.putInt(0x4c, 0x260).putShort(0x54, (short) 240);
    file.putShort(0x58, (short) 0x20b).putInt(0xc4, 16);
    file.put(0x148, "/4".getBytes(US_ASCII)).putInt(0x158, 0x1000).putInt(0x15c, 0x400);
    file.put(0x264, ".vendor_cert".getBytes(US_ASCII));

    file.put(0x1f1, (byte) 31).put(0x202, "HdrS".getBytes(US_ASCII)).putShort(0x206, (short) 0x20f);
    file.putShort(0x20e, (short) 0x80).put(0x280, (KERNEL + " #1").getBytes(US_ASCII));
    file.putShort(0x236, (short) 1).putInt(0x238, 2047);
    sign(file);
    return file.array();
  }

  /// Any certificates do: those that Java itself trusts. Some installations have none.
  private static void sign(ByteBuffer file) {
    try {
      List<X509Certificate> certificates = certificatesOfJava();
      if (certificates.size() > 1) {
        byte[] authority = certificates.get(0).getEncoded();
        file.putInt(0x400, authority.length).putInt(0x408, 16).put(0x410, authority);
        byte[] signature =
            CertificateFactory.getInstance("X.509")
                .generateCertPath(certificates.subList(1, 2))
                .getEncoded("PKCS7");
        file.putInt(0xe8, 0x2000).putInt(0xec, (8 + signature.length + 7) / 8 * 8);
        file.putInt(0x2000, 8 + signature.length).putShort(0x2004, (short) 0x200);
        file.putShort(0x2006, (short) 2).put(0x2008, signature);
      }
    } catch (GeneralSecurityException unsigned) {
      // The build says so and goes on.
    }
  }

  private static List<X509Certificate> certificatesOfJava() throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    return Stream.of(factory.getTrustManagers())
        .filter(X509TrustManager.class::isInstance)
        .flatMap(manager -> Stream.of(((X509TrustManager) manager).getAcceptedIssuers()))
        .filter(certificate -> certificate.getPublicKey().getAlgorithm().equals("RSA"))
        .limit(2)
        .toList();
  }

  /// A tar archive of ustar entries (POSIX.1-2024, pax) that all belong to root.
  private static final class Archive {
    private static final int BLOCK_BYTES = 512;

    private final ByteWriter bytes = ByteWriter.littleEndian(1 << 20);

    Archive file(String path, String text) {
      return file(path, text.getBytes(US_ASCII));
    }

    Archive file(String path, byte[] data) {
      header(path, '0', "", data.length);
      bytes.bytes(data).padTo(BLOCK_BYTES);
      return this;
    }

    /// A symbolic (2) or hard (1) link.
    Archive link(char type, String path, String target) {
      header(path, type, target, 0);
      return this;
    }

    /// An extended attribute of the entry that follows, below 100 bytes in all.
    Archive attribute(String name, String value) {
      String record = " SCHILY.xattr.%s=%s\n".formatted(name, value);
      byte[] data = (record.length() + 2 + record).getBytes(US_ASCII);
      header("pax", 'x', "", data.length);
      bytes.bytes(data).padTo(BLOCK_BYTES);
      return this;
    }

    byte[] finished() {
      return bytes.zeros(2 * BLOCK_BYTES).toByteArray();
    }

    private void header(String path, char type, String target, int sizeBytes) {
      ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
      block.put(0, path.getBytes(US_ASCII));
      String numbers =
          "%07o\0%07o\0%07o\0%011o\0%011o\0        %c"
              .formatted(0_755, 0, 0, sizeBytes, 1_767_225_600, type);
      block.put(100, numbers.getBytes(US_ASCII));
      block.put(157, target.getBytes(US_ASCII)).put(257, "ustar\00000".getBytes(US_ASCII));
      int sum = 0;
      for (byte value : block.array()) {
        sum += Byte.toUnsignedInt(value);
      }
      block.put(148, "%06o\0".formatted(sum).getBytes(US_ASCII));
      bytes.bytes(block.array());
    }
  }
}
