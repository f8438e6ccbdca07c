package io.github.container2boot.selinux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.testing.Tools;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Our labels beside those of libselinux, for the policy of Debian's package selinux-policy-default
/// and for made-up ones.
class LibselinuxTest {
  private static final Path INSTALLED = Path.of("/etc/selinux/default/contexts/files");
  private static final List<String> SUFFIXES =
      List.of("", ".homedirs", ".local", ".subs", ".subs_dist");

  /// Of this machine's paths, every so many are compared, so that there are about five thousand.
  private static final int ENOUGH_PATHS = 5_000;

  private static final int MAX_DEPTH = 4;

  @TempDir private Path directory;

  @BeforeEach
  void needsLibselinux() {
    Tools.require("matchpathcon", "xargs");
  }

  @Test
  void labelsThisMachineAsLibselinuxDoes() throws IOException {
    copyInstalledPolicy();
    assertSameLabels(pathsOfThisMachine());
  }

  @Test
  void labelsPathsNearEverySpecificationAsLibselinuxDoes() throws IOException {
    copyInstalledPolicy();
    List<ByteString> near = pathsNearSpecifications();
    Map<FileType, List<ByteString>> paths = new EnumMap<>(FileType.class);
    for (FileType type : FileType.values()) {
      paths.put(type, new ArrayList<>());
    }
    for (int index = 0; index < near.size(); index++) {
      FileType type = FileType.values()[index % FileType.values().length];
      paths.get(type).add(near.get(index));
    }
    assertSameLabels(paths);
  }

  @Test
  void appliesLocalChangesAsLibselinuxDoes() throws IOException {
    copyInstalledPolicy();
    Files.writeString(
        directory.resolve("file_contexts.local"),
        """
        /srv/shop(/.*)?    system_u:object_r:httpd_sys_content_t:s0
        /srv/shop/cache    -d    <<none>>
        /srv/shop/.*\\.sock    -s    system_u:object_r:httpd_runtime_t:s0:c1.c5
        /etc/passwd    system_u:object_r:shop_t:s0
        /usr/bin/.*    -l    system_u:object_r:shop_link_t:s0
        """);
    Files.writeString(
        directory.resolve("file_contexts.subs"),
        """
        # ours
        /data /srv
        /data/home /home
        /opt/root /
        /data/lib64 /usr/lib64
        """);
    List<ByteString> paths =
        List.of(
                "/data",
                "/data/shop",
                "/data/shop/cache",
                "/data/shop/a.sock",
                "/data/home/joe/.ssh",
                "/data/homes/joe/.ssh",
                "/etc/passwd",
                "/usr/bin/vi",
                "/bin/vi",
                "/opt/root",
                "/opt/root/etc/shadow",
                "/opt/rooted/etc/shadow",
                "/data/lib64/libc.so.6",
                "/lib64/libc.so.6",
                "/usr/lib64",
                "/usr/local/lib/x.so.1",
                "/srv/shop/x\n")
            .stream()
            .map(ByteString::utf8)
            .toList();
    Map<FileType, List<ByteString>> all = new EnumMap<>(FileType.class);
    for (FileType type : FileType.values()) {
      all.put(type, paths);
    }
    assertSameLabels(all);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void matchesRandomExpressionsAsPcreDoes(long seed) throws IOException {
    Random random = new Random(seed);
    List<String> expressions = new ArrayList<>();
    while (expressions.size() < 60) {
      String expression = "/" + randomExpression(random, 3);
      if (!PathPrefix.of(expression).exact()) {
        expressions.add(expression);
      }
    }
    assertSameMatches(expressions, randomPaths(random));
  }

  @Test
  void bindsAlternativesAtOneEndOnly() throws IOException {
    write("/usr/a|b label\n(/etc/.*|c) label\n/run/*b label\n/var|/x label\n");
    assertSameLabels(
        Map.of(
            FileType.REGULAR_FILE,
            Stream.of(
                    "/usr/ab",
                    "/usr/b",
                    "/usr/x/b",
                    "/b",
                    "/usr",
                    "/usr/x",
                    "/etc/a",
                    "/etc",
                    "/c",
                    "/runb",
                    "/run/b",
                    "/var",
                    "/var/y",
                    "/y/x",
                    "/x",
                    "/usr/a\n")
                .map(ByteString::utf8)
                .toList()));
  }

  private static final List<String> EXPRESSIONS =
      List.of(
          "/run/*",
          "/run/*/b",
          "/a{2}b{1,2}",
          "/a{x}",
          "/a{2,}",
          "/[]a]b",
          "/[^]a]b",
          "/[a\\]]b",
          "/[[:alpha:]]+",
          "/[[:^alpha:]b]+",
          "/[a-b-]b",
          "/[a&&b]",
          "/[[a]b",
          "/a\\.b",
          "/a\\-b\\_b",
          "/a\\x62",
          "/a\\x{62}",
          "/a\\0b",
          "/\\Qa.b\\E.*",
          "/\\Qa.b",
          "/(?i)AB",
          "/(A(?i)b|c)",
          "/(?i:A)b",
          "/a(?#comment)b",
          "/(?>a|ab)b",
          "/(?>ab|a)b",
          "/a*+b",
          "/a*+ab",
          "/a+?b",
          "/(?!a).*",
          "/a(?=b).*",
          "/.*(?<!b)",
          "/.*(?<=a|bb)",
          "/.*(?<=^/a)",
          "/a$",
          "/(a$|/b)",
          "/^a",
          "/a\\b.*",
          "/a\\B.*",
          "/a\\z",
          "/a\\Z",
          "/[\\w.]+",
          "/\\S+",
          "/[\\d\\s]",
          "/(?P<name>a)b",
          "/(?<name>a)b",
          "/(?'name'a)b",
          "/(|a)b",
          "/(a|)+b",
          "/((a*)*)*b",
          "/(a*){3}b",
          "/()*b",
          "/a++b",
          "/a?+ab",
          "/[\\x61-\\x62]+",
          "/a/?",
          "/a\\/b",
          "/a]b",
          "/a}b",
          "/a{b",
          "/[a-]b",
          "/.",
          "/..",
          "/.\\n",
          "/a\\n",
          "/(?-s).*",
          "/\\N+",
          "/\\h",
          "/\\v",
          "/(?=a)*a.*",
          "/(?#x).*",
          "/a(?#x)*",
          "/\\Qab\\E*");

  @Test
  void matchesWhatPcreMatches() throws IOException {
    assertSameMatches(EXPRESSIONS, randomPaths(new Random(7)));
  }

  /// A broken expression keeps all labels from the paths it could have decided: older releases of
  /// libselinux say so with none, newer ones with an error.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a)",
        "/(a",
        "/[a",
        "/a**",
        "/a{2}{2}",
        "/^*a",
        "/\\b+a",
        "/a{3,2}",
        "/a{70000}",
        "/[b-a]",
        "/[[:nothing:]]",
        "/[[.a.]]",
        "/(?<=a*)b",
        "/(?#a",
        "/\\ia",
        "/[\\ia]"
      })
  void refusesWhatPcreRefuses(String expression) throws IOException {
    write("/.* fallback\n%s.? label\n".formatted(expression));
    List<String> theirs =
        new Matchpathcon(directory)
            .contexts(FileType.REGULAR_FILE, List.of(ByteString.utf8("/ab")));
    assertThat(theirs).doesNotContain("label", "fallback");
    FileContexts ours = policy();
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> ours.label(TreePath.of("/ab"), Policies.inode(FileType.REGULAR_FILE)))
        .withMessageStartingWith(
            "/etc/selinux/default/contexts/files/file_contexts line 2: regular expression ");
  }

  private void copyInstalledPolicy() throws IOException {
    assumeTrue(
        Files.exists(INSTALLED.resolve("file_contexts")),
        "needs the package selinux-policy-default, which is not installed");
    for (String suffix : List.of("", ".homedirs", ".subs_dist")) {
      Path file = INSTALLED.resolve("file_contexts" + suffix);
      if (Files.exists(file)) {
        Files.copy(file, directory.resolve(file.getFileName()));
      }
    }
  }

  private void write(String text) throws IOException {
    Files.writeString(directory.resolve("file_contexts"), text, ISO_8859_1);
  }

  private FileContexts policy() throws IOException {
    Map<String, String> files = new TreeMap<>();
    for (String suffix : SUFFIXES) {
      Path file = directory.resolve("file_contexts" + suffix);
      if (Files.exists(file)) {
        files.put(suffix, Files.readString(file, ISO_8859_1));
      }
    }
    return FileContexts.of(Policies.policy(files)).orElseThrow();
  }

  /// Each expression has a directory of its own, so that one run of the tool does for all.
  private void assertSameMatches(List<String> expressions, List<ByteString> paths)
      throws IOException {
    StringBuilder text = new StringBuilder();
    List<ByteString> all = new ArrayList<>();
    for (int number = 0; number < expressions.size(); number++) {
      String directoryName = "/e" + number;
      text.append(directoryName).append(expressions.get(number)).append(" label\n");
      for (ByteString path : paths) {
        String inside = directoryName + new String(path.toByteArray(), ISO_8859_1);
        all.add(ByteString.of(inside.getBytes(ISO_8859_1)));
      }
    }
    write(text.toString());
    List<String> theirs = new Matchpathcon(directory).contexts(FileType.REGULAR_FILE, all);
    assertThat(theirs).hasSameSizeAs(all);
    FileContexts ours = policy();
    List<String> differences = new ArrayList<>();
    for (int index = 0; index < all.size(); index++) {
      String label = labelOrProblem(ours, all.get(index));
      if (!label.equals(theirs.get(index))) {
        differences.add(
            "%s at %s: ours %s, theirs %s"
                .formatted(
                    expressions.get(index / paths.size()),
                    all.get(index),
                    label,
                    theirs.get(index)));
      }
    }
    assertThat(differences).isEmpty();
  }

  private static String labelOrProblem(FileContexts contexts, ByteString path) throws IOException {
    try {
      return Matchpathcon.shown(
          contexts.label(TreePath.parse(path), Policies.inode(FileType.REGULAR_FILE)));
    } catch (FormatException problem) {
      return problem.getMessage();
    }
  }

  private void assertSameLabels(Map<FileType, List<ByteString>> pathsByType) throws IOException {
    FileContexts ours = policy();
    List<String> differences = new ArrayList<>();
    for (Map.Entry<FileType, List<ByteString>> entry : pathsByType.entrySet()) {
      List<ByteString> paths = entry.getValue();
      List<String> theirs = new Matchpathcon(directory).contexts(entry.getKey(), paths);
      assertThat(theirs).hasSameSizeAs(paths);
      for (int index = 0; index < paths.size(); index++) {
        String label =
            Matchpathcon.shown(
                ours.label(TreePath.parse(paths.get(index)), Policies.inode(entry.getKey())));
        if (!label.equals(theirs.get(index))) {
          differences.add(
              "%s %s: ours %s, theirs %s"
                  .formatted(entry.getKey(), paths.get(index), label, theirs.get(index)));
        }
      }
    }
    assertThat(differences).isEmpty();
  }

  private static Map<FileType, List<ByteString>> pathsOfThisMachine() throws IOException {
    List<Map.Entry<FileType, ByteString>> found = new ArrayList<>();
    for (String top : List.of("/etc", "/bin", "/boot", "/dev", "/home", "/lib", "/usr", "/var")) {
      Files.walkFileTree(
          Path.of(top), EnumSet.noneOf(FileVisitOption.class), MAX_DEPTH, new Collector(found));
    }
    Map<FileType, List<ByteString>> paths = new EnumMap<>(FileType.class);
    int step = Math.max(1, found.size() / ENOUGH_PATHS);
    for (int index = 0; index < found.size(); index += step) {
      Map.Entry<FileType, ByteString> entry = found.get(index);
      paths.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>()).add(entry.getValue());
    }
    return paths;
  }

  private static final class Collector extends SimpleFileVisitor<Path> {
    private final List<Map.Entry<FileType, ByteString>> found;

    Collector(List<Map.Entry<FileType, ByteString>> found) {
      this.found = found;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
      return visitFile(path, attributes);
    }

    @Override
    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
      found.add(Map.entry(typeOf(attributes), ByteString.utf8(path.toString())));
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path path, IOException problem) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path path, IOException problem) {
      return FileVisitResult.CONTINUE;
    }
  }

  private static FileType typeOf(BasicFileAttributes attributes) {
    if (attributes.isDirectory()) {
      return FileType.DIRECTORY;
    }
    if (attributes.isSymbolicLink()) {
      return FileType.SYMBOLIC_LINK;
    }
    return attributes.isRegularFile() ? FileType.REGULAR_FILE : FileType.CHARACTER_DEVICE;
  }

  /// A path or two made of each specification by taking its metacharacters away, and odd names.
  private List<ByteString> pathsNearSpecifications() throws IOException {
    List<ByteString> paths = new ArrayList<>();
    for (String suffix : List.of("", ".homedirs")) {
      Path file = directory.resolve("file_contexts" + suffix);
      for (String line : Files.readString(file, ISO_8859_1).split("\n", -1)) {
        if (line.startsWith("/")) {
          String plain = plainPath(line.split("\\s", 2)[0]);
          paths.add(ByteString.of(plain.getBytes(ISO_8859_1)));
          paths.add(ByteString.of((plain + "/x-1.so.2").getBytes(ISO_8859_1)));
        }
      }
    }
    for (String odd :
        List.of("/", "/usr/bin/\u00ff\u00fe", "/etc/a b", "/home/\n/.ssh", "/-", "/etc/passwd\n")) {
      paths.add(ByteString.of(odd.getBytes(ISO_8859_1)));
    }
    return paths;
  }

  private static String plainPath(String expression) {
    String plain =
        expression
            .replaceAll("\\[\\^[^]]*\\]", "x")
            .replaceAll("\\[(.)[^]]*\\]", "$1")
            .replaceAll("\\\\(.)", "$1")
            .replaceAll("\\.\\*|\\.\\+", "y")
            .replaceAll("\\|[^)]*", "")
            .replaceAll("[()*+?{}]", "")
            .replaceAll("/+", "/");
    return plain.length() > 1 && plain.endsWith("/")
        ? plain.substring(0, plain.length() - 1)
        : plain;
  }

  private static String randomExpression(Random random, int depth) {
    StringBuilder text = new StringBuilder();
    int count = 1 + random.nextInt(3);
    for (int part = 0; part < count; part++) {
      text.append(randomPart(random, depth)).append(randomQuantifier(random));
    }
    return text.toString();
  }

  private static String randomPart(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 10 : 6)) {
      case 0 -> "a";
      case 1 -> "b";
      case 2 -> "/";
      case 3 -> ".";
      case 4 -> "[ab]";
      case 5 -> "[^/]";
      case 6 -> "(" + randomExpression(random, depth - 1) + ")";
      case 7 ->
          "("
              + randomExpression(random, depth - 1)
              + "|"
              + randomExpression(random, depth - 1)
              + ")";
      case 8 -> "(?>" + randomExpression(random, 0) + ")";
      default -> "(?=" + randomExpression(random, depth - 1) + ").";
    };
  }

  private static String randomQuantifier(Random random) {
    return switch (random.nextInt(10)) {
      case 0 -> "*";
      case 1 -> "+";
      case 2 -> "?";
      case 3 -> "{1,2}";
      case 4 -> "*?";
      case 5 -> "?+";
      default -> "";
    };
  }

  /// Every path of up to four letters out of few, and some that are longer.
  private static List<ByteString> randomPaths(Random random) {
    List<ByteString> paths = new ArrayList<>();
    for (int count = 0; count < 300; count++) {
      StringBuilder path = new StringBuilder("/");
      int length = 1 + random.nextInt(7);
      while (path.length() <= length) {
        char letter = "aaabbb/.-_{}]0 A\n\u00e4".charAt(random.nextInt(18));
        if (letter != '/' || path.charAt(path.length() - 1) != '/') {
          path.append(letter);
        }
      }
      String text = path.toString();
      String clean = text.length() > 1 && text.endsWith("/") ? text + "a" : text;
      String solid = clean.replaceAll("/\\.+(?=/|$)", "/a");
      paths.add(ByteString.of(solid.getBytes(ISO_8859_1)));
    }
    return paths;
  }
}
