package io.github.container2boot.oci.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.oci.Reference;
import io.github.container2boot.testing.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialStoreTest {
  private static final String SECRET = "c0rrect-h0rse";
  private static final String USERS = "home/user/.config/containers/auth.json";
  private static final String DOCKERS = "home/user/.docker/config.json";

  @TempDir private Path directory;
  private Settings settings;

  @BeforeEach
  void emptyMachine() {
    settings = new Settings(directory);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String entry(String registry, String user) {
    return "\"%s\": {\"auth\": \"%s\"}".formatted(registry, base64(user + ":" + SECRET));
  }

  private static String auths(String... entries) {
    return "{\"auths\": {%s}}".formatted(String.join(",", entries));
  }

  private Optional<Credentials> find(String host, String path) throws IOException {
    return CredentialStore.of(settings.places(), Optional.empty()).find(host, path);
  }

  private String user(String host, String path) throws IOException {
    return find(host, path).map(Credentials::user).orElse("nobody");
  }

  private void assertRefused(Class<? extends IOException> type, String... messages) {
    assertThatThrownBy(() -> find("example.org", "image"))
        .isInstanceOf(type)
        .hasMessageNotContaining("\n")
        .hasMessageNotContaining(SECRET)
        .hasMessageNotContaining(base64("user:" + SECRET).replace("=", ""))
        .message()
        .contains(List.of(messages));
  }

  @Test
  void nothingConfiguredIsNobody() throws IOException {
    assertThat(find("example.org", "image")).isEmpty();
  }

  @Test
  void readsUserAndPassword() throws IOException {
    settings.file(USERS, auths(entry("example.org", "user")));
    assertThat(find("example.org", "image")).contains(new Credentials("user", SECRET, false));
  }

  @Test
  void passwordsMayHoldColons() throws IOException {
    settings.file(
        USERS, auths("\"example.org\": {\"auth\": \"%s\"}".formatted(base64("user:a:b\0\0"))));
    assertThat(find("example.org", "image")).contains(new Credentials("user", "a:b", false));
  }

  @Test
  void readsUserAndPasswordInTheClear() throws IOException {
    settings.file(
        DOCKERS, auths("\"example.org\": {\"username\": \"user\", \"password\": \"secret\"}"));
    assertThat(find("example.org", "image")).contains(new Credentials("user", "secret", false));
  }

  @Test
  void readsIdentityTokens() throws IOException {
    settings.file(
        DOCKERS,
        auths(
            "\"example.org\": {\"auth\": \"%s\", \"identitytoken\": \"token\"}"
                .formatted(base64("00000000:"))));
    assertThat(find("example.org", "image")).contains(new Credentials("<token>", "token", true));
  }

  @ParameterizedTest
  @CsvSource({
    "example.org, a/b/c, c",
    "example.org, a/b/d, b",
    "example.org, a/bc, a",
    "example.org, other, all",
    "example.org:5000, a/b/c, nobody",
    "sub.example.org, a/b/c, nobody"
  })
  void theMostSpecificEntryCounts(String host, String path, String user) throws IOException {
    settings.file(
        USERS,
        auths(
            entry("example.org", "all"),
            entry("example.org/a", "a"),
            entry("example.org/a/b", "b"),
            entry("example.org/a/b/c", "c")));
    assertThat(user(host, path)).isEqualTo(user);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "docker.io",
        "index.docker.io",
        "registry-1.docker.io",
        "https://index.docker.io/v1/"
      })
  void dockersHubHasManyNames(String name) throws IOException {
    settings.file(DOCKERS, auths(entry(name, "user")));
    assertThat(user("docker.io", "library/debian")).isEqualTo("user");
    assertThat(user("registry-1.docker.io", "library/debian")).isEqualTo("user");
    assertThat(
            CredentialStore.of(settings.places(), Optional.empty()).find(Reference.parse("debian")))
        .isPresent();
  }

  @Test
  void aRepositorysEntryIsNotItsRegistrys() throws IOException {
    settings.file(USERS, auths(entry("example.org/a", "a"), entry("http://example.com/v2/", "b")));
    assertThat(user("example.org", "b")).isEqualTo("nobody");
    assertThat(user("example.com", "b")).isEqualTo("b");
  }

  @Test
  void filesAreAskedInOrder() throws IOException {
    settings.variable("XDG_RUNTIME_DIR", settings.path("run/user/1000"));
    List<String> files =
        List.of("run/user/1000/containers/auth.json", USERS, DOCKERS, "home/user/.dockercfg");
    for (String file : files.reversed()) {
      String entry = entry("example.org", file);
      settings.file(file, file.equals(files.getLast()) ? "{" + entry + "}" : auths(entry));
      assertThat(user("example.org", "image")).isEqualTo(file);
    }
  }

  @Test
  void filesAreWhereVariablesSay() throws IOException {
    settings.file("xdg/containers/auth.json", auths(entry("example.org", "xdg")));
    settings.variable("XDG_CONFIG_HOME", settings.path("xdg"));
    assertThat(user("example.org", "image")).isEqualTo("xdg");
    settings.file("docker/config.json", auths(entry("example.org", "docker")));
    settings.variable("DOCKER_CONFIG", settings.path("docker"));
    assertThat(user("example.org", "image")).isEqualTo("docker");
  }

  @Test
  void loginsWithoutASessionLieBelowRun() throws IOException {
    settings.file("run/containers/0/auth.json", auths(entry("example.org", "root")));
    assertThat(user("example.org", "image")).isEqualTo("nobody");
    settings.superuser();
    assertThat(user("example.org", "image")).isEqualTo("root");
  }

  @Test
  void aFileThatIsNamedIsTheOnlyOne() throws IOException {
    settings.file(USERS, auths(entry("example.org", "user"), entry("example.com", "user")));
    settings.file("named.json", auths(entry("example.org", "named")));
    settings.variable("REGISTRY_AUTH_FILE", settings.path("named.json"));
    assertThat(user("example.org", "image")).isEqualTo("named");
    assertThat(user("example.com", "image")).isEqualTo("nobody");

    settings.file("option.json", auths(entry("example.com", "option")));
    CredentialStore store =
        CredentialStore.of(settings.places(), Optional.of(settings.path("option.json")));
    assertThat(store.find("example.org", "image")).isEmpty();
    assertThat(store.find("example.com", "image")).isPresent();
  }

  @Test
  void aFileThatTheOptionNamesHasToBeThere() {
    CredentialStore store =
        CredentialStore.of(settings.places(), Optional.of(settings.path("missing.json")));
    assertThatThrownBy(() -> store.find("example.org", "image"))
        .hasMessageContaining("missing.json: no such file");
  }

  @Test
  void malformedFilesAreRefusedWithoutQuotingThem() throws IOException {
    for (String content :
        List.of(
            "{\"auths\": {\"example.org\": {\"auth\": " + SECRET + "}}}",
            "{\"auths\": {\"example.org\": {\"auth\": \"" + SECRET + "\"}}}",
            "{\"auths\": {\"example.org\": {\"auth\": [\"" + SECRET + "\"]}}}",
            "{\"auths\": {\"example.org\": \"" + SECRET + "\"}}",
            "{\"auths\": {\"example.org\": {\"auth\": \"" + base64(SECRET) + "\"}}}",
            "{\"auths\": [\"" + SECRET + "\"]}",
            "\"" + SECRET + "\"",
            "")) {
      settings.file(USERS, content);
      assertRefused(FormatException.class, settings.path(USERS).toString());
    }
  }

  @Test
  void pipesAreNotOpened() throws IOException {
    Tools.require("mkfifo");
    Files.createDirectories(settings.path(USERS).getParent());
    Tools.run("mkfifo", settings.path(USERS));
    assertRefused(FormatException.class, USERS, "expected a regular file");
  }

  @Test
  void filesAreBounded() throws IOException {
    settings.file(USERS, " ".repeat((4 << 20) + 1));
    assertRefused(FormatException.class, USERS, "at most 4194304 bytes");
  }

  @Test
  void aProgramKnows() throws IOException {
    settings.program(
        "wallet",
        """
        [ "$1" = get ] || exit 3
        read -r server
        printf '{"ServerURL":"%s","Username":"for %s","Secret":"s3cret"}' "$server" "$server"
        """);
    settings.file(
        DOCKERS,
        "{\"credHelpers\": {\"example.org\": \"wallet\", \"https://example.net/v1/\": \"wallet\"},"
            + " \"auths\": {%s, %s}}"
                .formatted(entry("example.org", "file"), entry("example.com", "file")));
    assertThat(find("example.org", "image"))
        .contains(new Credentials("for example.org", "s3cret", false));
    assertThat(user("example.net", "image")).isEqualTo("for example.net");
    assertThat(user("example.com", "image")).isEqualTo("file");
    assertThat(user("example.info", "image")).isEqualTo("nobody");
  }

  @Test
  void aStoreKnowsAllOthers() throws IOException {
    settings.program(
        "store",
        """
        read -r server
        case $server in
          https://index.docker.io/v1/) echo '{"Username":"<token>","Secret":"t0ken"}' ;;
          *) echo credentials not found in native keychain; exit 1 ;;
        esac
        """);
    settings.file(
        DOCKERS,
        "{\"credsStore\": \"store\", \"auths\": {\"https://index.docker.io/v1/\": {}, %s}}"
            .formatted(entry("example.org", "file")));
    assertThat(find("docker.io", "library/debian"))
        .contains(new Credentials("<token>", "t0ken", true));
    assertThat(user("example.org", "image")).isEqualTo("file");
    assertThat(user("example.com", "image")).isEqualTo("nobody");
  }

  @Test
  void registriesConfNamesPrograms() throws IOException {
    settings.program(
        "wallet",
        """
        read -r server
        [ "$server" = example.com ] && { echo credentials not found in native keychain; exit 1; }
        echo '{"Username":"wallet","Secret":"s"}'
        """);
    settings.file(
        "etc/containers/registries.conf",
        "credential-helpers = [\"wallet\", \"containers-auth.json\"]");
    settings.file(USERS, auths(entry("example.org", "file"), entry("example.com", "file")));
    assertThat(user("example.org", "image")).isEqualTo("wallet");
    assertThat(user("example.com", "image")).isEqualTo("file");
  }

  private void onlyProgram(String script) throws IOException {
    settings.program("wallet", script);
    settings.file(DOCKERS, "{\"credHelpers\": {\"example.org\": \"wallet\"}}");
  }

  @Test
  void aProgramsComplaintIsQuotedAndItsOutputNever() throws IOException {
    onlyProgram("echo " + SECRET + "; printf 'wallet is locked\\nunlock it' >&2; exit 1");
    assertRefused(
        IOException.class,
        "docker-credential-wallet for example.org",
        "wallet is locked\\x0aunlock");
    onlyProgram("echo " + SECRET + "; exit 4");
    assertRefused(IOException.class, "docker-credential-wallet", "exit code 4");
    onlyProgram("echo '{\"Secret\": " + SECRET + "}'");
    assertRefused(IOException.class, "docker-credential-wallet", "expected a JSON object");
    onlyProgram("echo '[\"" + SECRET + "\"]'");
    assertRefused(IOException.class, "docker-credential-wallet", "expected a JSON object");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../wallet", "/bin/wallet", "a b", "", "-wallet"})
  void aProgramsNameIsAWord(String name) {
    assertThatThrownBy(() -> new CredentialProgram(name, Map.of("PATH", "/")).find("example.org"))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("no name of a credential helper");
  }

  @Test
  void aProgramThatIsMissingIsNamed() throws IOException {
    settings.file(DOCKERS, "{\"credsStore\": \"absent\"}");
    assertRefused(IOException.class, "docker-credential-absent: not found in PATH");
  }

  @Test
  void programsAreNotLookedForInTheWorkingDirectory() {
    assertThatThrownBy(
            () -> new CredentialProgram("wallet", Map.of("PATH", ".::bin")).find("example.org"))
        .hasMessageContaining("not found in PATH");
  }

  @Test
  void aProgramThatHangsIsGivenUp() throws IOException {
    settings.program("wallet", "sleep 600 & sleep 600");
    CredentialProgram program =
        new CredentialProgram("wallet", settings.environment(), Duration.ofMillis(300));
    long start = System.nanoTime();
    assertThatThrownBy(() -> program.find("example.org"))
        .hasMessageContaining("docker-credential-wallet: no answer within");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void aProgramThatWritesForEverIsGivenUp() throws IOException {
    settings.program("wallet", "exec yes");
    CredentialProgram program =
        new CredentialProgram("wallet", settings.environment(), Duration.ofSeconds(20));
    assertThatThrownBy(() -> program.find("example.org")).isInstanceOf(IOException.class);
  }

  @Test
  void secretsAreNotShown() {
    assertThat(new Credentials("user", SECRET, false).toString()).doesNotContain(SECRET);
    assertThat(Credentials.ofToken(SECRET).toString()).doesNotContain(SECRET);
    assertThat(CredentialStore.of(settings.places(), Optional.empty()).toString())
        .doesNotContain(SECRET);
  }

  /// The same file, and the same registry, as skopeo has it.
  @ParameterizedTest
  @ValueSource(strings = {"example.org", "example.org/a", "docker.io", "example.com"})
  void skopeoFindsTheSame(String registry) throws IOException {
    Tools.require("skopeo");
    settings.file(
        "auth.json",
        auths(
            entry("example.org", "all"),
            entry("example.org/a", "a"),
            entry("https://index.docker.io/v1/", "hub")));
    Path file = settings.path("auth.json");
    Tools.Result said =
        Tools.execute("skopeo", "login", "--get-login", "--authfile", file, registry);
    String[] parts = (registry + "/x").split("/", 2);
    Optional<Credentials> found =
        CredentialStore.of(settings.places(), Optional.of(file)).find(parts[0], parts[1]);
    assertThat(found.isPresent()).isEqualTo(said.exitCode() == 0);
    found.ifPresent(known -> assertThat(said.text().strip()).isEqualTo(known.user()));
  }
}
