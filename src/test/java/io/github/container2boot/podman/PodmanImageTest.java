package io.github.container2boot.podman;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.testing.Listing;
import io.github.container2boot.testing.Tools;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// An image with everything in it that a layer can hold, built by podman in nine layers: our
/// squashfs, mounted by the kernel, holds what `podman image mount` shows, entry by entry.
@Tag("podman")
class PodmanImageTest {
  private static final String BASE = "localhost/base";
  private static final String BUILT = "localhost/built";
  private static final String CHANGED = "localhost/changed";
  private static final String WHOLE = "localhost/whole";

  @TempDir private static Path directory;

  private static Podman podman;
  private static Listing expected;

  @BeforeAll
  static void buildImage() throws IOException {
    Tools.require("setcap", "setfattr", "getfattr", "mknod", "truncate", "setfacl");
    podman = new Podman(directory);
    podman.importBusybox(BASE, directory);
    podman.build(BUILT, directory.resolve("context"), CONTAINERFILE);
    podman.change(BUILT, CHANGED, PodmanImageTest::addAttributes);
    podman.change(CHANGED, WHOLE, PodmanImageTest::changeAgain);
    expected = comparable(Listing.read(podman.mount(WHOLE)));
  }

  @AfterAll
  static void unmountAll() {
    if (podman != null) {
      podman.close();
    }
  }

  /// Each RUN becomes a layer, each removal a whiteout, each directory made anew an opaque one.
  private static final String CONTAINERFILE =
      """
      FROM localhost/base
      RUN mkdir -p /d/gone/sub /d/opaque/sub/deep /d/links /d/modes /d/names /d/nodes /d/data \\
          /d/file-now/sub /d/kept/sub /d/mixed && \\
        for n in gone/a gone/sub/b opaque/x opaque/sub/y opaque/sub/deep/z file-now/sub/f \\
          directory-now kept/a kept/b kept/sub/c mixed/a mixed/b again; do echo $n >/d/$n; done && \\
        echo shared >/d/links/a && ln /d/links/a /d/links/b && ln /d/links/a /d/kept/c && \\
        echo pair >/d/links/p && ln /d/links/p /d/links/q && \\
        echo three >/d/links/x && ln /d/links/x /d/links/y && ln /d/links/x /d/links/z
      RUN cd /d/modes && for m in 0 4755 2755 6711 1777 7777 400; do \\
          echo $m >f$m && chmod $m f$m && mkdir d$m && chmod $m d$m; done && \\
        echo big >ids && chown 4000000000:3999999999 ids && ln -s ids link && chown -h 70000:5 link
      RUN cd /d/names && echo 1 >"$(printf 'a\\nb')" && echo 2 >"$(printf '\\377\\376')" && \\
        echo 3 >'  ' && echo 4 >./-rf && echo 5 >'\\' && echo 6 >"$(printf 'tab\\t\\033[31m')" && \\
        echo 7 >"$(printf '\\303\\244')" && echo 8 >...  && echo 9 >.wh && \\
        echo 0 >"$(printf '%0255d' 0)" && mkdir -p "$(printf 'm\\200')/$(printf '%0200d' 1)" && \\
        ln -s /d/kept abs && ln -s ../kept rel && ln -s nowhere dangling && ln -s self self && \\
        ln -s /dev/null device && ln -s "$(printf '\\377\\n')" odd && ln -s "$(printf '%01000d' 0)" long
      RUN cd /d/nodes && mknod c c 4095 1048575 && mknod b b 8 1 && mknod n c 1 3 && mkfifo p && \\
        ln c hard && mkdir sub && ln p sub/q
      RUN cd /d/data && : >empty && ln empty empty2 && dd if=/dev/urandom of=large bs=65536 count=50 && \\
        dd if=/dev/zero of=hole bs=1 count=1 seek=5000000 && dd if=/dev/zero of=zeros bs=131072 count=9 && \\
        dd if=/dev/urandom of=block bs=131072 count=1 && cp block block2 && \\
        dd if=/dev/urandom of=tail bs=131073 count=1 && \\
        mkdir many && for n in $(seq 600); do echo $n >many/name-$n; done && \\
        touch -d '1970-01-01 00:00:00' epoch && touch -d '2100-02-03 04:05:06' late
      RUN cd /d && rm -rf gone links/a links/p && rm -rf opaque && mkdir -p opaque/sub && \\
        echo new >opaque/new && echo new >opaque/sub/y && rm -rf file-now && echo now >file-now && \\
        rm directory-now && mkdir directory-now && echo now >directory-now/f && chmod 700 kept && \\
        ln links/b links/d && chown 7:8 kept/a && rm again && echo again >again && rm -rf mixed/a && \\
        rm names/rel && mkdir names/rel && echo x >names/rel/x && echo more >>links/y
      """;

  /// What only a whole system's tools can do, done from outside.
  private static void addAttributes(Path root) throws IOException {
    script(
        root,
        """
        mkdir d/attributes && cd d/attributes
        cp ../../bin/busybox ping && setcap cap_net_raw+ep ping
        cp ../../bin/busybox rooted && setcap -n 100000 cap_chown,cap_fowner+eip rooted
        chmod 4755 rooted && setcap -n 100000 cap_chown+ep rooted
        echo x >user && setfattr -n user.plain -v value user && setfattr -n user.binary -v 0x00ff80 user
        setfattr -n user.empty user
        setfattr -n user.large -v 0x"$(printf '%0400x' 7)" user
        mkdir dir && setfattr -n user.dir -v 1 dir && setfattr -n user.same -v 2 dir user
        cp --preserve=all user changed && ln user linked
        mkdir acl && setfacl -m u:5:rwx,d:g:6:r acl
        truncate -s 200M sparse && printf end | dd of=sparse bs=1 seek=209715000 conv=notrunc status=none
        echo time >time && touch -d 2026-01-02T03:04:05.123456789 time
        ln ping ../links/ping
        ln ../links/q ../links/r
        setfattr -n user.late -v 1 ../kept/b
        touch -d 2001-02-03T04:05:06.9 ../kept/sub . ../..
        """);
    Tools.run("cp", "-a", socket(), root.resolve("d/nodes"));
  }

  /// Made where the path is short enough for an address.
  private static Path socket() throws IOException {
    Path path = directory.resolve("socket");
    try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(path));
    }
    return path;
  }

  private static void changeAgain(Path root) throws IOException {
    script(
        root,
        """
        cd d && rm attributes/ping links/r && chmod 755 attributes/rooted
        setfattr -x user.binary attributes/changed
        rm -rf kept/sub && ln -s ../names kept/sub && rm -rf opaque/sub && mkdir opaque/sub
        mv data/many data/moved && mv links/z links/w && mknod nodes/zero c 5 1
        """);
  }

  private static void script(Path directory, String text) {
    Tools.Result result = Tools.execute(directory, "sh", "-ec", text);
    assertThat(result.exitCode()).as(result.text()).isZero();
  }

  /// SquashFS has no place for ACLs. Overlayfs's own attributes are how podman mounts its layers.
  /// An attribute without a value is lost by podman: an empty pax record takes the keyword away, if
  /// one reads pax(1) that way. And the root's own mode and time are not the image's there.
  private static Listing comparable(Listing listing) {
    return listing
        .without(ByteString.utf8("."))
        .withoutXattrs(name ->
            name.startsWith("system.posix_acl_")
                || name.startsWith("trusted.overlay.")
                || name.equals("user.empty"));
  }

  @ParameterizedTest
  @CsvSource({"oci-archive, zstd:3", "docker-archive, gzip:1"})
  void holdsWhatPodmanMounts(String format, String compression) throws IOException {
    Path archive = directory.resolve(format + ".tar");
    podman.save(WHOLE, format, archive);

    try (SquashedImage squashed =
        SquashedImage.mount(format + ":" + archive, compression, directory.resolve(format))) {
      Listing ours = Listing.read(squashed.root());

      assertThat(comparable(ours).differences(expected)).isEmpty();
      assertThat(ours.entries().get(ByteString.utf8("./d/attributes/user")).xattrs())
          .containsEntry("user.empty", "");
      assertThat(ours.entries().get(ByteString.utf8(".")).permissions()).isEqualTo(0_755);
    }
  }

  /// As the only layer of an image, without an archive.
  @Test
  void aMountedImageIsARootDirectory() throws IOException {
    Path mounted = podman.mount(WHOLE);
    try (SquashedImage squashed =
        SquashedImage.mount("rootfs:" + mounted, "zstd:3", directory.resolve("mounted"))) {
      Listing ours = Listing.read(squashed.root());

      assertThat(comparable(ours).differences(expected)).isEmpty();
      assertThat(ours.entries().values())
          .noneMatch(entry ->
              entry.xattrs().keySet().stream().anyMatch(name -> name.contains(".overlay.")));
    }
  }

  /// What a container has changed is part of its root, and what it has removed is not.
  @Test
  void aContainersRootIsARootDirectory() throws IOException {
    String changed = "localhost/unfinished";
    podman.change(
        WHOLE,
        changed,
        root -> {
          changeAnew(root);
          Listing container = comparable(Listing.read(root));
          try (SquashedImage squashed =
              SquashedImage.mount("rootfs:" + root, "zstd:3", directory.resolve("container"))) {
            Listing ours = comparable(Listing.read(squashed.root()));
            assertThat(ours.differences(container)).isEmpty();
            assertThat(ours.entries())
                .doesNotContainKey(ByteString.utf8("./d/kept/b"))
                .containsKey(ByteString.utf8("./d/opaque/anew"));
          }
        });
  }

  private static void changeAnew(Path root) {
    script(
        root,
        """
        cd d && rm kept/b && chmod 4711 links/y && rm -rf opaque && mkdir opaque && echo >opaque/anew
        mv names renamed && ln data/block data/block3
        """);
  }

  /// The comparison above says nothing about what podman itself has lost.
  @Test
  void theImageHoldsWhatItIsMeantToHold() {
    assertThat(entry("./d/attributes/rooted").xattrs()).containsKey("security.capability");
    assertThat(entry("./d/attributes/rooted").xattrs().get("security.capability")).hasSize(48);
    assertThat(entry("./d/links/ping").xattrs()).containsKey("security.capability");
    assertThat(entry("./d/attributes/user").xattrs()).containsKeys("user.plain", "user.large");
    assertThat(entry("./d/attributes/linked").firstLink())
        .isEqualTo(entry("./d/attributes/user").firstLink());
    assertThat(entry("./d/links/d").firstLink()).isEqualTo(entry("./d/links/b").firstLink());
    assertThat(entry("./d/modes/f4755").permissions()).isEqualTo(0_4755);
    assertThat(entry("./d/modes/ids").userId()).isEqualTo(4_000_000_000L);
    assertThat(entry("./d/nodes/c").content()).isEqualTo("fff:fffff");
    assertThat(entry("./d/attributes/sparse").sizeBytes()).isEqualTo(200L << 20);
    assertThat(expected.entries()).doesNotContainKey(ByteString.utf8("./d/links/a"));
    assertThat(expected.entries().keySet().stream().filter(path -> path.size() > 255)).isNotEmpty();
  }

  private static Listing.Entry entry(String path) {
    return expected.entries().get(ByteString.utf8(path));
  }
}
