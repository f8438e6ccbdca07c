package io.github.container2boot.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.testing.Listing;
import io.github.container2boot.testing.Tools;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.RegularFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Directories as the kernel shows them, quiet ones and others.
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class DirectoryTreeTest {
  @TempDir private Path temporary;
  private Path root;

  @BeforeEach
  void makeRoot() throws IOException {
    root = Files.createDirectory(temporary.resolve("root"));
  }

  private void script(String text) {
    Tools.Result result = Tools.execute(root, "sh", "-ec", text);
    assertThat(result.exitCode()).as(result.text()).isZero();
  }

  /// What anybody can make.
  private static final String ORDINARY =
      """
      mkdir -p etc usr/bin links names 'usr/share/a b' && echo machine >etc/hostname && : >etc/empty
      for m in 0700 0755 4755 2711 1777 6750; do echo $m >usr/bin/$m && chmod $m usr/bin/$m; done
      mkdir tmp && chmod 1777 tmp && mkdir games && chmod 2755 games
      echo pair >links/a && ln links/a links/b && ln links/a etc/c && ln -s a links/s && ln links/s links/t
      ln -s /etc/hostname links/absolute && ln -s self links/self && ln -s ../.. links/out
      ln -s "$(printf '%01000d' 0)" links/long && ln -s "$(printf '\\377\\n')" links/odd
      mkfifo pipe && ln pipe pipe2
      cd names && echo 1 >"$(printf 'a\\nb')" && echo 2 >"$(printf '\\377\\376')" && echo 3 >'  ' &&
        echo 4 >./-rf && echo 5 >'\\' && echo 6 >"$(printf 'tab\\t\\033[31m')" &&
        echo 7 >"$(printf '\\303\\244')" && echo 8 >... && echo 9 >.wh.x &&
        echo 0 >"$(printf '%0255d' 0)" && mkdir -p "$(printf 'm\\200')/$(printf '%0200d' 1)"
      cd .. && for n in $(seq 500); do echo $n >"usr/share/a b/name-$n"; done
      head -c 1000000 /dev/urandom >etc/large && truncate -s 5M etc/hole && printf end >>etc/hole
      touch -d 1969-12-31T23:59:58 etc/empty && touch -d 2100-02-03T04:05:06 tmp
      touch -h -d 2001-01-01T00:00:00 links/absolute && touch -d 2002-02-02T02:02:02 .
      """;

  /// What only root can.
  private static final String PRIVILEGED =
      """
      mkdir nodes && mknod nodes/c c 4095 1048575 && mknod nodes/b b 8 1 && mknod nodes/zero c 0 0
      ln nodes/c nodes/c2
      echo ids >etc/ids && chown 4000000000:3999999999 etc/ids && chown -h 70000:5 links/absolute
      echo ping >usr/bin/ping && setcap cap_net_raw+ep usr/bin/ping
      setfattr -n user.plain -v value etc/ids && setfattr -n user.binary -v 0x00ff80 etc/ids
      setfattr -n user.empty etc/ids && setfattr -n user.dir -v 1 usr
      setfattr -n trusted.overlay.opaque -v y usr && setfattr -n trusted.mine -v 2 nodes/c
      setfattr -h -n trusted.link -v 3 links/absolute && setfattr -n trusted.pipe -v 4 pipe
      setfacl -m u:5:rwx,d:g:6:r tmp
      """;

  @Test
  void holdsWhatTheKernelShows() throws IOException {
    Tools.require("getfattr", "xargs");
    script(ORDINARY);
    requireSameAsKernel();
  }

  @Test
  void holdsWhatOnlyRootCanMake() throws IOException {
    Tools.require("getfattr", "setfattr", "setcap", "setfacl", "mknod", "xargs");
    Tools.requireRoot();
    script(ORDINARY + PRIVILEGED);
    Path socket = root.resolve("socket");
    try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(socket));
    }
    Listing listing = requireSameAsKernel();
    assertThat(listing.entries().get(ByteString.utf8("./usr/bin/ping")).xattrs())
        .containsKey("security.capability");
    assertThat(listing.entries().get(ByteString.utf8("./socket")).type()).isEqualTo('s');
    assertThat(listing.entries().get(ByteString.utf8("./tmp")).xattrs())
        .containsKeys("system.posix_acl_access", "system.posix_acl_default");
  }

  private Listing requireSameAsKernel() throws IOException {
    try (DirectoryTree tree = DirectoryTree.open(root)) {
      Listing ours = Listing.of(tree.files());
      Listing theirs = Listing.read(root).withoutXattrs(name -> name.equals("security.selinux"));
      assertThat(ours.differences(theirs)).isEmpty();
      return ours;
    }
  }

  @Test
  void keepsNanoseconds() throws IOException {
    Path file = Files.writeString(root.resolve("f"), "x");
    Instant time = Instant.ofEpochSecond(1_700_000_000, 123_456_789);
    Files.setLastModifiedTime(file, FileTime.from(time));
    try (DirectoryTree tree = DirectoryTree.open(root)) {
      assertThat(find(tree, "f").attributes().modified()).isEqualTo(time);
    }
  }

  @Test
  void countsEachFileOnce() throws IOException {
    Files.write(root.resolve("a"), new byte[100_000]);
    Files.createLink(root.resolve("b"), root.resolve("a"));
    Files.write(root.resolve("c"), new byte[3]);
    AtomicLong read = new AtomicLong();
    try (DirectoryTree tree = DirectoryTree.open(root)) {
      tree.tell(read::addAndGet);
      assertThat(tree.sizeBytes()).isEqualTo(100_003);
      assertThat(find(tree, "b")).isSameAs(find(tree, "a"));
      find(tree, "a").content().toByteArray();
      assertThat(read).hasValue(100_000);
    }
  }

  /// A terabyte that nobody has written is not read.
  @Test
  void holesArriveAsHoles() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(root.resolve("sparse").toFile(), "rw")) {
      file.write(new byte[] {1});
      file.seek(1L << 40);
      file.write(new byte[] {2});
    }
    AtomicLong data = new AtomicLong();
    AtomicLong holes = new AtomicLong();
    try (DirectoryTree tree = DirectoryTree.open(root)) {
      Content content = find(tree, "sparse").content();
      content.transferTo(
          new Content.Sink() {
            @Override
            public void data(ByteBuffer bytes) {
              data.addAndGet(bytes.remaining());
            }

            @Override
            public void hole(long countBytes) {
              holes.addAndGet(countBytes);
            }
          });
      ByteBuffer end = ByteBuffer.allocate(3);
      content.read((1L << 40) - 2, end);
      assertThat(end.array()).containsExactly(0, 0, 2);
    }
    assertThat(data.get() + holes.get()).isEqualTo((1L << 40) + 1);
    assertThat(data).hasValueLessThan(1 << 20);
  }

  @Test
  void manyThreadsMayRead() throws Exception {
    for (int file = 0; file < 40; file++) {
      Path directory = Files.createDirectories(root.resolve("d" + file % 5 + "/e" + file % 3));
      Files.writeString(directory.resolve("f" + file), "file " + file);
    }
    try (DirectoryTree tree = DirectoryTree.open(root);
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      Listing expected = Listing.of(tree.files());
      List<Future<Listing>> read = new ArrayList<>();
      for (int time = 0; time < 16; time++) {
        read.add(threads.submit(() -> Listing.of(tree.files())));
      }
      for (Future<Listing> listing : read) {
        assertThat(listing.get().differences(expected)).isEmpty();
      }
    }
  }

  @Test
  void staysOnOneFileSystem() throws IOException {
    Tools.require("mount", "umount");
    Tools.requireRoot();
    script("mkdir dev etc && echo hidden >dev/hidden && echo below >etc/resolv.conf");
    Path outside = Files.writeString(temporary.resolve("outside"), "not of this image");
    Tools.run("mount", "-t", "tmpfs", "-o", "mode=1700", "none", root.resolve("dev"));
    Tools.run("mount", "--bind", outside, root.resolve("etc/resolv.conf"));
    try (DirectoryTree tree = DirectoryTree.open(root)) {
      Files.writeString(root.resolve("dev/inside"), "not of this image either");
      Listing listing = Listing.of(tree.files());
      assertThat(listing.entries().keySet().stream().map(ByteString::toString))
          .containsExactly(".", "./dev", "./etc", "./etc/resolv.conf");
      assertThat(listing.entries().get(ByteString.utf8("./dev")).permissions()).isEqualTo(0_1700);
      assertThat(find(tree, "etc/resolv.conf").content().sizeBytes()).isZero();
    } finally {
      Tools.run("umount", root.resolve("etc/resolv.conf"));
      Tools.run("umount", root.resolve("dev"));
    }
  }

  /// The same file system mounted twice is not a part of the root either.
  @Test
  void whatIsMountedFromTheSameFileSystemIsLeftOut() throws IOException {
    Tools.require("mount", "umount");
    Tools.requireRoot();
    script("mkdir mnt srv && echo data >srv/data");
    Tools.run("mount", "--bind", root.resolve("srv"), root.resolve("mnt"));
    try (DirectoryTree tree = DirectoryTree.open(root)) {
      assertThat(Listing.of(tree.files()).entries().keySet().stream().map(ByteString::toString))
          .containsExactly(".", "./mnt", "./srv", "./srv/data");
    } finally {
      Tools.run("umount", root.resolve("mnt"));
    }
  }

  /// There files may show other devices than their directories, and inode numbers of their own.
  @Test
  void anOverlayOfTwoFileSystemsIsOne() throws IOException {
    Tools.require("mount", "umount", "getfattr", "xargs");
    Tools.requireRoot();
    script(ORDINARY);
    Path other = Files.createDirectory(temporary.resolve("other"));
    Path overlay = Files.createDirectory(temporary.resolve("overlay"));
    Tools.run("mount", "-t", "tmpfs", "none", other);
    try {
      Files.createDirectories(other.resolve("upper"));
      Files.createDirectories(other.resolve("work"));
      String directories = "lowerdir=%s,upperdir=%s,workdir=%s,xino=off";
      Tools.Result mounted =
          Tools.execute(
              "mount",
              "-t",
              "overlay",
              "-o",
              directories.formatted(root, other.resolve("upper"), other.resolve("work")),
              "overlay",
              overlay);
      assumeTrue(mounted.exitCode() == 0, () -> "cannot mount an overlay: " + mounted.text());
      try {
        root = overlay;
        script("chmod 600 links/a && rm -r games && mkdir games && echo new >etc/hostname");
        script("ln etc/hostname etc/hostname2 && mv names renamed && rm pipe2");
        Listing listing = requireSameAsKernel();
        assertThat(listing.entries().get(ByteString.utf8("./links/t")).firstLink())
            .isEqualTo(ByteString.utf8("./links/s"));
      } finally {
        Tools.run("umount", overlay);
      }
    } finally {
      Tools.run("umount", other);
    }
  }

  @Test
  void aFileThatChangedIsNamed() throws IOException {
    Path file = Files.writeString(root.resolve("log"), "one");
    try (DirectoryTree tree = DirectoryTree.open(root)) {
      Files.writeString(file, "two!");
      assertChanged(() -> read(tree, "log"), "/log: changed while it was being read");
    }
  }

  @Test
  void aFileThatChangesWhileItIsReadIsNamed() throws IOException {
    Path file = Files.write(root.resolve("log"), new byte[3 << 20]);
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
    try (DirectoryTree tree = DirectoryTree.open(root)) {
      Content content = find(tree, "log").content();
      assertChanged(
          () -> content.transferTo(new Writing(file)), "/log: changed while it was being read");
    }
  }

  /// Writes to the file that it is given the data of, once.
  private static final class Writing implements Content.Sink {
    private final Path file;
    private boolean wrote;

    Writing(Path file) {
      this.file = file;
    }

    @Override
    public void data(ByteBuffer bytes) throws IOException {
      if (!wrote) {
        wrote = true;
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
          open.seek(2 << 20);
          open.write(1);
        }
      }
    }

    @Override
    public void hole(long countBytes) {}
  }

  @Test
  void aFileThatShrinksWhileItIsReadIsNamed() throws IOException {
    Path file = Files.write(root.resolve("log"), new byte[3 << 20]);
    try (DirectoryTree tree = DirectoryTree.open(root)) {
      Content content = find(tree, "log").content();
      assertChanged(
          () ->
              content.transferTo(
                  new Content.Sink() {
                    @Override
                    public void data(ByteBuffer bytes) throws IOException {
                      Files.write(file, new byte[1]);
                    }

                    @Override
                    public void hole(long countBytes) {}
                  }),
          "/log: changed while it was being read");
    }
  }

  @Test
  void aFileThatVanishesIsNamed() throws IOException {
    Path file = Files.writeString(root.resolve("gone"), "x");
    Path directory = Files.createDirectory(root.resolve("d"));
    Files.writeString(directory.resolve("f"), "x");
    try (DirectoryTree tree = DirectoryTree.open(root)) {
      Files.delete(file);
      assertChanged(() -> read(tree, "gone"), "/gone: vanished while it was being read");
      Files.delete(directory.resolve("f"));
      Files.delete(directory);
      assertChanged(() -> read(tree, "d/f"), "/d: vanished while it was being read");
    }
  }

  /// Neither another file of that name nor one that never ends is read.
  @Test
  void aFileInAnothersPlaceIsNamed() throws IOException {
    Tools.require("mkfifo");
    Path outside = Files.writeString(temporary.resolve("outside"), "secret");
    for (String name : List.of("link", "pipe", "file")) {
      Files.writeString(root.resolve(name), "public");
    }
    try (DirectoryTree tree = DirectoryTree.open(root)) {
      script("rm link pipe file && mkfifo pipe && echo other >file");
      Files.createSymbolicLink(root.resolve("link"), outside);
      assertChanged(() -> read(tree, "link"), "/link: was replaced while it was being read");
      assertChanged(() -> read(tree, "pipe"), "/pipe: changed while it was being read");
      assertChanged(() -> read(tree, "file"), "/file: changed while it was being read");
    }
  }

  @Test
  void aDirectoryInAnothersPlaceIsNamed() throws IOException {
    script("mkdir -p a/b ../evil/b && echo public >a/b/f && echo secret >../evil/b/f");
    try (DirectoryTree tree = DirectoryTree.open(root)) {
      script("mv a was && ln -s ../evil a");
      assertChanged(() -> read(tree, "a/b/f"), "/a: was replaced while it was being read");
      script("rm a && mv ../evil a");
      assertChanged(() -> read(tree, "a/b/f"), "/a: was replaced while it was being read");
    }
  }

  @Test
  void aPathThatIsTooDeepIsNamed() {
    script("for n in $(seq 513); do mkdir d && cd d; done");
    assertThatThrownBy(() -> DirectoryTree.open(root))
        .isInstanceOf(DirectoryException.class)
        .hasMessageEndingWith("/d: expected a path of at most 512 names and 4096 bytes");
    script("rm -r d && for n in $(seq 512); do mkdir d && cd d; done");
    assertThat(depthOf(root)).isEqualTo(512);
  }

  private static long depthOf(Path directory) {
    try (DirectoryTree tree = DirectoryTree.open(directory)) {
      AtomicLong depth = new AtomicLong();
      tree.files().walk((path, _) -> depth.set(path.depth()));
      return depth.get();
    } catch (IOException unexpected) {
      throw new AssertionError(unexpected);
    }
  }

  /// The root of the process itself has a name that other names are put behind.
  @Test
  void problemsShowNamesOnOneLine() {
    Problems slash = new Problems("/");
    assertThat(slash.path(ByteString.utf8("/a\nb"))).isEqualTo("/a\\x0ab");
    assertThat(slash.path(ByteString.empty())).isEqualTo("/");
    assertThat(new Problems("x").path(ByteString.utf8("/y"))).isEqualTo("x/y");
  }

  private void assertChanged(ThrowingCallable read, String end) {
    assertThatThrownBy(read)
        .isInstanceOfSatisfying(
            DirectoryException.class,
            problem -> assertThat(problem.problem()).isInstanceOf(DirectoryException.Changed.class))
        .hasMessage(root + end);
  }

  private static byte[] read(DirectoryTree tree, String path) throws IOException {
    return find(tree, path).content().toByteArray();
  }

  private static RegularFile find(DirectoryTree tree, String path) {
    FileTree files = tree.files();
    Inode inode = files.find(path).orElseThrow();
    return (RegularFile) inode;
  }
}
