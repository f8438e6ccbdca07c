package io.github.container2boot.oci.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.oci.Reference;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistriesConfigurationTest {
  private static final String SYSTEM = "etc/containers/registries.conf";
  private static final String USERS = "home/user/.config/containers/registries.conf";
  private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

  @TempDir private Path directory;
  private Settings settings;

  @BeforeEach
  void emptyMachine() {
    settings = new Settings(directory);
  }

  private RegistriesConfiguration read() throws IOException {
    return RegistriesConfiguration.of(settings.places());
  }

  private List<String> endpoints(String reference) throws IOException {
    return read().endpoints(Reference.parse(reference)).stream()
        .map(RegistriesConfigurationTest::shown)
        .toList();
  }

  private static String shown(Endpoint endpoint) {
    return endpoint.host()
        + "/"
        + endpoint.path()
        + (endpoint.insecure() ? " insecure" : "")
        + (endpoint.mirror() ? " mirror" : "");
  }

  private List<String> candidates(String name) throws IOException {
    return read().candidates(name).stream().map(Reference::toString).toList();
  }

  private boolean isBlocked(String reference) throws IOException {
    return read().isBlocked(Reference.parse(reference));
  }

  private void assertRefused(String content, String... messages) throws IOException {
    settings.file(SYSTEM, content);
    assertThatThrownBy(this::read)
        .isInstanceOf(FormatException.class)
        .hasMessageNotContaining("\n")
        .hasMessageContaining(settings.path(SYSTEM).toString())
        .message()
        .contains(List.of(messages));
  }

  @Test
  void nothingConfiguredIsWhatTheNameSays() throws IOException {
    assertThat(endpoints("example.org:5000/a/b:c")).containsExactly("example.org:5000/a/b");
    assertThat(endpoints("debian")).containsExactly("docker.io/library/debian");
    assertThat(candidates("debian:13")).containsExactly("docker.io/library/debian:13");
    assertThat(isBlocked("debian")).isFalse();
  }

  /// The example of containers-registries.conf(5).
  @Test
  void readsTheManualsExample() throws IOException {
    settings.file(
        SYSTEM,
        """
        unqualified-search-registries = ["example.com"]

        [[registry]]
        prefix = "example.com/foo"
        insecure = false
        blocked = false
        location = "internal-registry-for-example.com/bar"

        [[registry.mirror]]
        location = "example-mirror-0.local/mirror-for-foo"

        [[registry.mirror]]
        location = "example-mirror-1.local/mirrors/foo"
        insecure = true

        [[registry]]
        location = "registry.com"

        [[registry.mirror]]
        location = "mirror.registry.com"
        """);
    assertThat(endpoints("example.com/foo/image:latest"))
        .containsExactly(
            "example-mirror-0.local/mirror-for-foo/image mirror",
            "example-mirror-1.local/mirrors/foo/image insecure mirror",
            "internal-registry-for-example.com/bar/image");
    assertThat(endpoints("registry.com/image"))
        .containsExactly("mirror.registry.com/image mirror", "registry.com/image");
    assertThat(candidates("image:1")).containsExactly("example.com/image:1");
  }

  @ParameterizedTest
  @CsvSource({
    "example.org/image, a.org/image",
    "example.org/ns/image, b.org/image",
    "example.org/nsx/image, a.org/nsx/image",
    "example.org/ns/repo, c.org/repo",
    "example.org/ns/repo:tag, d.org/x",
    "example.org/ns/repo:tagged, c.org/repo",
    "example.org:5000/image, a.org:5000/image",
    "example.organic/image, example.organic/image",
    "sub.example.net/image, e.org/image",
    "a.sub.example.net/image, e.org/image",
    "example.net/image, example.net/image",
    "deep.example.info:5000/image, deep.example.info:5000/image insecure",
    "evil.org/x.example.info/image, evil.org/x.example.info/image"
  })
  void theLongestPrefixCounts(String reference, String endpoint) throws IOException {
    settings.file(
        SYSTEM,
        """
        registry = [
          { prefix = "example.org", location = "a.org" },
          { prefix = "example.org/ns/", location = "b.org/" },
          { prefix = "example.org/ns/repo", location = "c.org/repo" },
          { prefix = "example.org/ns/repo:tag", location = "d.org/x" },
          { prefix = "*.example.net", location = "e.org" },
          { prefix = "*.example.info", insecure = true },
        ]
        """
            .replace("\n  ", "")
            .replace("},\n]", "}]"));
    assertThat(endpoints(reference)).containsExactly(endpoint);
  }

  @Test
  void mirrorsServeWhatTheyAreTrustedWith() throws IOException {
    settings.file(
        SYSTEM,
        """
        [[registry]]
        prefix = "example.org"
        [[registry.mirror]]
        location = "all.org"
        [[registry.mirror]]
        location = "digests.org"
        pull-from-mirror = "digest-only"
        [[registry.mirror]]
        location = "tags.org/proxy"
        pull-from-mirror = "tag-only"

        [[registry]]
        location = "example.com"
        mirror-by-digest-only = true
        [[registry.mirror]]
        location = "digests.org"
        """);
    assertThat(endpoints("example.org/a:b"))
        .containsExactly("all.org/a mirror", "tags.org/proxy/a mirror", "example.org/a");
    assertThat(endpoints("example.org/a@" + DIGEST))
        .containsExactly("all.org/a mirror", "digests.org/a mirror", "example.org/a");
    assertThat(endpoints("example.com/a:b")).containsExactly("example.com/a");
    assertThat(endpoints("example.com/a:b@" + DIGEST))
        .containsExactly("digests.org/a mirror", "example.com/a");
    assertThat(read().endpoints(Reference.parse("example.com/a@" + DIGEST)).getFirst().pull())
        .isEqualTo(Endpoint.Pull.DIGEST_ONLY);
  }

  @Test
  void registriesAreBlocked() throws IOException {
    settings.file(
        SYSTEM,
        """
        [[registry]]
        location = "docker.io"
        blocked = true
        [[registry]]
        location = "docker.io/library/debian"
        """);
    assertThat(isBlocked("fedora")).isTrue();
    assertThat(isBlocked("debian:13")).isFalse();
    assertThat(isBlocked("example.org/debian")).isFalse();
  }

  @Test
  void movingTheWholeNameNeedsARepository() throws IOException {
    settings.file(SYSTEM, "[[registry]]\nprefix = \"example.org/a/b\"\nlocation = \"mirror.org\"");
    assertThatThrownBy(() -> endpoints("example.org/a/b"))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("moves example.org/a/b:latest to mirror.org");
    assertThat(endpoints("example.org/a/b/c")).containsExactly("mirror.org/c");
    settings.file(SYSTEM, "[[registry]]\nprefix = \"example.org\"\nlocation = \"mirror.org/a\"");
    assertThatThrownBy(() -> endpoints("example.org:5000/b"))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("moves example.org:5000/b:latest: expected HOST[:PORT][/PATH]");
  }

  @Test
  void filesReplaceEachOther() throws IOException {
    settings.file("usr/share/containers/registries.conf", searching("packaged"));
    assertThat(candidates("a")).containsExactly("packaged/a:latest");
    settings.file(SYSTEM, searching("machine"));
    assertThat(candidates("a")).containsExactly("machine/a:latest");
    settings.file(USERS, searching("user"));
    assertThat(candidates("a")).containsExactly("user/a:latest");
    settings.file("named.conf", searching("named"));
    settings.variable("CONTAINERS_REGISTRIES_CONF", settings.path("named.conf"));
    assertThat(candidates("a")).containsExactly("named/a:latest");
    settings.variable("CONTAINERS_REGISTRIES_CONF", settings.path("missing.conf"));
    assertThatThrownBy(this::read)
        .hasMessageContaining("missing.conf")
        .hasMessageContaining("no such file");
  }

  private static String searching(String registry) {
    return "unqualified-search-registries = [\"%s\"]".formatted(registry);
  }

  @Test
  void dropInsAreReadByName() throws IOException {
    settings.file(SYSTEM, searching("main") + "\n[aliases]\na = \"one.org/a\"\nb = \"one.org/b\"");
    settings.file(SYSTEM + ".d/20.conf", searching("second"));
    settings.file(SYSTEM + ".d/10.conf", searching("first") + "\n[aliases]\na = \"two.org/a\"");
    settings.file(SYSTEM + ".d/30.conf.rpmsave", searching("no"));
    settings.file(USERS + ".d/00.conf", "[aliases]\nb = \"\"");
    assertThat(candidates("c")).containsExactly("second/c:latest");
    assertThat(candidates("a")).containsExactly("two.org/a:latest");
    assertThat(candidates("b")).containsExactly("second/b:latest");
  }

  @Test
  void aDropInReplacesAWholeRegistry() throws IOException {
    settings.file(SYSTEM, "[[registry]]\nlocation = \"example.org\"\nblocked = true");
    settings.file(
        SYSTEM + ".d/a.conf", "[[registry]]\nlocation = \"example.org\"\ninsecure = true");
    assertThat(isBlocked("example.org/a")).isFalse();
    assertThat(endpoints("example.org/a")).containsExactly("example.org/a insecure");
  }

  @Test
  void theMachinesDropInsDoNotCountBesideAUsersFile() throws IOException {
    settings.file(SYSTEM + ".d/10.conf", searching("machine"));
    settings.file(USERS, "");
    assertThat(candidates("a")).containsExactly("docker.io/library/a:latest");
    settings.file(USERS + ".d/10.conf", searching("user"));
    assertThat(candidates("a")).containsExactly("user/a:latest");
  }

  @Test
  void whatPodmanHasNotedCountsMost() throws IOException {
    settings.file(SYSTEM, "[aliases]\na = \"one.org/a\"");
    settings.file("var/cache/containers/short-name-aliases.conf", "[aliases]\na = \"root.org/a\"");
    assertThat(candidates("a")).containsExactly("one.org/a:latest");
    settings.superuser();
    assertThat(candidates("a")).containsExactly("root.org/a:latest");
    settings.file(
        "home/user/.cache/containers/short-name-aliases.conf", "[aliases]\na = \"home.org/a\"");
    assertThat(candidates("a")).containsExactly("home.org/a:latest");
    settings.file("cache/containers/short-name-aliases.conf", "[aliases]\na = \"xdg.org/a\"");
    settings.variable("XDG_CACHE_HOME", settings.path("cache"));
    assertThat(candidates("a")).containsExactly("xdg.org/a:latest");
  }

  @Test
  void shortNamesKeepTagAndDigest() throws IOException {
    settings.file(
        SYSTEM,
        """
        unqualified-search-registries = ["one.org", "two:5000", "docker.io"]
        [aliases]
        "a" = "example.org/x/a"
        "n/a" = "example.org/n"
        """);
    assertThat(candidates("a:1")).containsExactly("example.org/x/a:1");
    assertThat(candidates("a@" + DIGEST)).containsExactly("example.org/x/a@" + DIGEST);
    assertThat(candidates("a:1@" + DIGEST)).containsExactly("example.org/x/a:1@" + DIGEST);
    assertThat(candidates("n/a")).containsExactly("example.org/n:latest");
    assertThat(candidates("b:1"))
        .containsExactly("one.org/b:1", "two:5000/b:1", "docker.io/library/b:1");
    assertThat(candidates("example.com/a:1")).containsExactly("example.com/a:1");
    assertThat(candidates("localhost/a")).containsExactly("localhost/a:latest");
    assertThatThrownBy(() -> candidates("A B")).isInstanceOf(FormatException.class);
  }

  @Test
  void nobodyGuessesWhereTheConfigurationForbidsIt() throws IOException {
    settings.file(
        SYSTEM,
        """
        unqualified-search-registries = ["one.org", "two.org"]
        short-name-mode = "enforcing"
        [aliases]
        known = "example.org/known"
        """);
    assertThatThrownBy(() -> candidates("a:1"))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("a:1 may be one.org/a:1 or two.org/a:1");
    assertThat(candidates("known")).containsExactly("example.org/known:latest");
    settings.file(SYSTEM + ".d/a.conf", "short-name-mode = \"permissive\"");
    assertThat(candidates("a:1")).containsExactly("one.org/a:1", "two.org/a:1");
  }

  @Test
  void anEmptyListOfRegistriesIsNone() throws IOException {
    settings.file(SYSTEM, "unqualified-search-registries = []");
    assertThatThrownBy(() -> candidates("a"))
        .hasMessageContaining("a: unqualified-search-registries in registries.conf is empty");
    assertThat(candidates("example.org/a")).hasSize(1);
  }

  @Test
  void readsTheFormatBefore() throws IOException {
    settings.file(
        SYSTEM,
        """
        [registries.search]
        registries = ['registry1.com', 'registry2.com']
        [registries.insecure]
        registries = ['registry3.com', 'untrusted.com']
        [registries.block]
        registries = ['untrusted.com']
        """);
    assertThat(candidates("a")).containsExactly("registry1.com/a:latest", "registry2.com/a:latest");
    assertThat(endpoints("registry3.com/a")).containsExactly("registry3.com/a insecure");
    assertThat(isBlocked("untrusted.com/a")).isTrue();
    assertThat(isBlocked("registry3.com/a")).isFalse();
  }

  @Test
  void credentialHelpersAreListed() throws IOException {
    assertThat(read().credentialHelpers()).isEmpty();
    settings.file(SYSTEM, "credential-helpers = [\"a\", \"containers-auth.json\"]");
    settings.file(SYSTEM + ".d/a.conf", "credential-helpers = []");
    assertThat(read().credentialHelpers()).containsExactly("a", "containers-auth.json");
  }

  @Test
  void whatIsWrongIsToldWithItsLine() throws IOException {
    assertRefused("a = 1\nb = ", "line 2");
    assertRefused("a = 1\n[[registry]\n", "line 2");
    assertRefused("a = 1\na = 2", "line 2");
    assertRefused("\nshort-name-mode = \"often\"", "line 2: short-name-mode: expected enforcing");
    assertRefused("short-name-mode = 1", "line 1: short-name-mode: expected a string");
    assertRefused("unqualified-search-registries = \"a\"", "line 1", "expected an array");
    assertRefused("unqualified-search-registries = [1]", "line 1", "expected strings");
    assertRefused("unqualified-search-registries = [\"a.org/b\"]", "expected registries");
    assertRefused("registry = 1", "line 1: registry: expected an array");
    assertRefused("registry = [1]", "line 1: registry: expected tables");
    assertRefused("[registry]\nlocation = \"a\"", "line 1: registry: expected an array");
    assertRefused("[[registry]]\ninsecure = true", "line 1: location: expected location, prefix");
    assertRefused(
        "[[registry]]\nlocation = \"https://a.org\"",
        "line 2: location: expected HOST[:PORT][/PATH], without https://, found \"https://a.org\"");
    assertRefused("[[registry]]\nlocation = \"a.org\"\ninsecure = 1", "line 3: insecure");
    assertRefused("[[registry]]\nprefix = \"*.a.org/b\"", "line 2: prefix", "after *.DOMAIN");
    assertRefused("[[registry]]\nprefix = \"a.*.org\"", "line 2: prefix");
    assertRefused(
        "[[registry]]\nlocation = \"a.org\"\n[[registry.mirror]]\ninsecure = true",
        "line 3: location: expected in each [[registry.mirror]]");
    assertRefused(
        "[[registry]]\nlocation = \"a.org\"\n[[registry.mirror]]\nlocation = \"b.org\"\n"
            + "pull-from-mirror = \"never\"",
        "line 5: pull-from-mirror");
    assertRefused(
        "[[registry]]\nlocation = \"a.org\"\nmirror-by-digest-only = true\n[[registry.mirror]]\n"
            + "location = \"b.org\"\npull-from-mirror = \"all\"",
        "line 6: pull-from-mirror: expected only where");
    assertRefused("[aliases]\na = \"b\"", "line 2: a: expected REGISTRY/NAME");
    assertRefused("[aliases]\na = \"b.org/c:d\"", "line 2: a");
    assertRefused("[aliases]\n\"a.org/b\" = \"b.org/c\"", "line 2", "without a registry");
    assertRefused(
        "short-name-mode = \"disabled\"\n[registries.search]\nregistries = []",
        "line 1: short-name-mode: expected no [registries]");
  }

  @Test
  void hostileFilesAreRefused() throws IOException {
    assertRefused("a = " + "[".repeat(1_000_000), "nested too deep");
    assertRefused("a = " + "{a=".repeat(100_000), "nested too deep");
    assertRefused("#" + "x".repeat(4 << 20), "at most 4194304 bytes");
    Files.write(settings.path(SYSTEM), new byte[] {'#', (byte) 0xff});
    assertThatThrownBy(this::read).hasMessageContaining("this is not UTF-8");
    Files.delete(settings.path(SYSTEM));
    Files.createDirectory(settings.path(SYSTEM));
    assertThatThrownBy(this::read).hasMessageContaining("expected a regular file");
  }

  @Test
  void corruptedFilesGiveFormatExceptionsOnly() throws IOException {
    String sound =
        """
        unqualified-search-registries = ["example.com"]
        [[registry]]
        prefix = "*.example.com"
        location = "a.org/b"
        [[registry.mirror]]
        location = "b.org"
        pull-from-mirror = "tag-only"
        [aliases]
        a = "b.org/c"
        """;
    Random random = new Random(1);
    for (int round = 0; round < 500; round++) {
      StringBuilder corrupted = new StringBuilder(sound);
      for (int change = 0; change <= random.nextInt(4); change++) {
        corrupted.setCharAt(random.nextInt(sound.length()), (char) random.nextInt(1, 128));
      }
      settings.file(SYSTEM, corrupted.toString());
      try {
        read().endpoints(Reference.parse("x.example.com/c"));
      } catch (FormatException problem) {
        assertThat(problem).hasMessageNotContaining("\n");
      }
    }
  }

  /// Files that distributions ship.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/containers/registries.conf",
        "/etc/containers/registries.conf.d/shortnames.conf"
      })
  void readsThisMachinesFiles(String file) throws IOException {
    assumeTrue(Files.isReadable(Path.of(file)), "needs " + file);
    settings.file(SYSTEM, Files.readString(Path.of(file)));
    assertThat(read().endpoints(Reference.parse("quay.io/a/b"))).isNotEmpty();
  }

  @Test
  void theTomlReaderIsLoadedOnlyForAFile() throws Exception {
    URL[] paths =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(path -> !path.contains("tomlj") && !path.contains("antlr"))
            .map(RegistriesConfigurationTest::url)
            .toArray(URL[]::new);
    try (URLClassLoader loader = new URLClassLoader(paths, ClassLoader.getPlatformClassLoader())) {
      Class<?> places = loader.loadClass(Places.class.getName());
      Constructor<?> constructor =
          places.getDeclaredConstructor(Map.class, Path.class, Path.class, Optional.class);
      constructor.setAccessible(true);
      Method of =
          loader.loadClass(RegistriesConfiguration.class.getName()).getDeclaredMethod("of", places);
      of.setAccessible(true);
      Object nothing =
          constructor.newInstance(Map.of(), settings.home(), directory, Optional.empty());
      assertThat(of.invoke(null, nothing)).isNotNull();
      settings.file(SYSTEM, "");
      assertThatThrownBy(() -> of.invoke(null, nothing))
          .hasCauseInstanceOf(NoClassDefFoundError.class);
    }
  }

  private static URL url(String path) {
    try {
      return Path.of(path).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new AssertionError(e);
    }
  }
}
