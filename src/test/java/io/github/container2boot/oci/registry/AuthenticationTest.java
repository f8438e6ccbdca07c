package io.github.container2boot.oci.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.oci.LayoutBuilder;
import io.github.container2boot.oci.registry.FakeRegistry.Received;
import io.github.container2boot.oci.registry.FakeRegistry.Reply;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLDecoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A registry, its token server and the server its blobs are on, all real and none of them trusting
/// anybody.
@Timeout(60)
class AuthenticationTest {
  private static final String PASSWORD = "correct horse";
  private static final String IDENTITY = "identity-token-of-a-user";

  @TempDir Path home;

  private final byte[] layer = RegistryFixture.archive(1, 2_000_000);
  private final LayoutBuilder image = new LayoutBuilder().image("latest", layer);
  private final Set<String> tokens = ConcurrentHashMap.newKeySet();
  private final AtomicInteger tokensGiven = new AtomicInteger();

  private RegistryFixture fixture;
  private FakeRegistry registry;
  private FakeRegistry tokenServer;
  private FakeRegistry blobServer;

  @BeforeEach
  void start() throws IOException {
    fixture = new RegistryFixture(home);
    registry = FakeRegistry.start().with(image);
    tokenServer = FakeRegistry.start().rule(request -> Optional.of(tokenFor(request)));
    blobServer = FakeRegistry.start().with(image);
  }

  @AfterEach
  void stop() throws IOException {
    registry.close();
    tokenServer.close();
    blobServer.close();
  }

  private String name() {
    return registry.host() + "/team/machine";
  }

  private static String basic(String user, String password) {
    String text = user + ":" + password;
    return "Basic " + Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static Reply challenge(String... challenges) {
    return Reply.of(401).with("WWW-Authenticate", String.join(", ", challenges));
  }

  private void wantBasic() {
    registry.rule(request ->
        request.header("authorization").equals(Optional.of(basic("user", PASSWORD)))
            ? Optional.empty()
            : Optional.of(challenge("Basic realm=\"registry\"")));
  }

  private void wantToken() {
    registry.rule(request ->
        request.header("authorization").filter(tokens::contains).isPresent()
            ? Optional.empty()
            : Optional.of(
                challenge(
                    "Negotiate",
                    "Bearer realm=\"%s/token?x=1\",service=\"the registry\",scope=\"repository:team/machine:pull\""
                        .formatted(tokenServer.address()),
                    "Basic realm=\"registry\"")));
  }

  /// A small token server: GET with a password or without, POST with an identity token.
  private Reply tokenFor(Received request) {
    String form = request.method().equals("POST") ? request.body() : request.target();
    String fields = URLDecoder.decode(form, UTF_8);
    boolean right =
        fields.contains("service=the registry")
            && fields.contains("scope=repository:team/machine:pull")
            && (request.method().equals("POST")
                ? fields.contains("grant_type=refresh_token&client_id=container2boot")
                    && fields.endsWith("refresh_token=" + IDENTITY)
                : request.header("authorization").equals(Optional.of(basic("user", PASSWORD))));
    if (!right) {
      return Reply.of(401);
    }
    String token = "secret-token-" + tokensGiven.incrementAndGet();
    tokens.add("Bearer " + token);
    return Reply.json("{'access_token':'%s','expires_in':300}".formatted(token));
  }

  private void assertPulled() throws IOException {
    assertThat(RegistryFixture.layers(fixture.open(name()))).containsExactly(layer);
  }

  private RegistryException failure() {
    AtomicReference<RegistryException> found = new AtomicReference<>();
    assertThatThrownBy(this::assertPulled)
        .isInstanceOfSatisfying(RegistryException.class, found::set);
    return found.get();
  }

  private RegistryException.Problem denied(boolean credentials) {
    return new RegistryException.AccessDenied(name() + ":latest", registry.host(), credentials);
  }

  @Test
  void showsAPasswordToWhoWantsOne() throws IOException {
    wantBasic();
    fixture.login(registry.host(), "user", PASSWORD);
    assertPulled();
    assertThat(registry.requests()).hasSize(4);
  }

  @Test
  void aWrongPasswordIsRefused() throws IOException {
    wantBasic();
    assertThat(failure().problem()).isEqualTo(denied(false));
    fixture.login(registry.host(), "user", "wrong");
    assertThat(failure().problem()).isEqualTo(denied(true));
    assertThat(registry.requests()).hasSize(3);
  }

  @Test
  void fetchesATokenForAPassword() throws IOException {
    wantToken();
    fixture.login(registry.host(), "user", PASSWORD);
    assertPulled();
    assertThat(tokenServer.requests()).hasSize(1);
    assertThat(tokenServer.targets().getFirst()).startsWith("/token?x=1&service=the+registry&");
    assertThat(registry.requests()).hasSize(4);
    assertThat(headers(registry, "authorization")).containsExactly("Bearer secret-token-1");
  }

  @Test
  void fetchesATokenForAnIdentityToken() throws IOException {
    wantToken();
    fixture.loginWithToken(registry.host(), IDENTITY);
    assertPulled();
    assertThat(tokenServer.requests()).hasToString("[POST /token?x=1]");
  }

  @Test
  void fetchesATokenForNobody() throws IOException {
    wantToken();
    tokenServer.rule(_ -> Optional.empty());
    FakeRegistry open =
        FakeRegistry.start()
            .rule(request -> {
              assertThat(request.headers()).doesNotContainKey("authorization");
              tokens.add("Bearer anonymous");
              return Optional.of(Reply.json("{'token':'anonymous'}"));
            });
    FakeRegistry closed = tokenServer;
    tokenServer = open;
    closed.close();
    assertPulled();
  }

  @Test
  void theTokenServerRefusesAWrongPassword() throws IOException {
    wantToken();
    assertThat(failure().problem()).isEqualTo(denied(false));
    fixture.login(registry.host(), "user", "wrong");
    assertThat(failure().problem()).isEqualTo(denied(true));
    fixture.loginWithToken(registry.host(), "stale");
    assertThat(failure().problem()).isEqualTo(denied(true));
  }

  @Test
  void aTokenThatNobodyAcceptsIsNotFetchedForEver() throws IOException {
    registry.rule(
        _ -> Optional.of(challenge("Bearer realm=\"%s\"".formatted(tokenServer.address()))));
    tokenServer.rule(_ -> Optional.empty());
    fixture.login(registry.host(), "user", PASSWORD);
    failure();
    assertThat(tokenServer.requests()).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void replacesATokenThatExpiresInTheMiddle() throws IOException {
    AtomicInteger cuts = new AtomicInteger();
    registry.rule(request -> {
      boolean cut = request.isFor("blobs") && registry.right(request).body().length > 1 << 20;
      if (!cut || cuts.incrementAndGet() > 2) {
        return Optional.empty();
      }
      tokens.clear();
      return Optional.of(registry.right(request).cutAfter(500_000));
    });
    wantToken();
    fixture.login(registry.host(), "user", PASSWORD);
    assertPulled();
    assertThat(tokensGiven.get()).isEqualTo(2);
  }

  @Test
  void replacesATokenWhoseTimeIsOver() throws IOException {
    wantToken();
    fixture.login(registry.host(), "user", PASSWORD);
    try (var opened = fixture.open(name())) {
      fixture.now = fixture.now.plus(Duration.ofSeconds(301));
      assertThat(RegistryFixture.layers(opened)).containsExactly(layer);
    }
    assertThat(headers(registry, "authorization"))
        .containsExactly("Bearer secret-token-1", "Bearer secret-token-2");
    assertThat(registry.requests()).hasSize(4);
  }

  @Test
  void noSecretGoesToAnotherServer() throws IOException {
    registry.rule(request ->
        request.isFor("blobs")
            ? Optional.of(Reply.of(307).with("Location", blobServer.address() + request.target()))
            : Optional.empty());
    wantToken();
    fixture.login(registry.host(), "user", PASSWORD);
    AtomicInteger cuts = new AtomicInteger();
    blobServer.rule(request -> {
      Reply right = blobServer.right(request);
      boolean cut = right.body().length > 1 << 20 && cuts.getAndIncrement() == 0;
      return cut ? Optional.of(right.cutAfter(700_000)) : Optional.empty();
    });
    assertPulled();
    assertThat(headers(blobServer, "authorization")).isEmpty();
    assertThat(blobServer.requests()).hasSize(3);
    assertThat(blobServer.requests().getLast().header("range")).contains("bytes=700000-");
  }

  @Test
  void noSecretFollowsTheTokenServerElsewhere() throws IOException {
    wantToken();
    fixture.login(registry.host(), "user", PASSWORD);
    FakeRegistry honest = tokenServer;
    tokenServer =
        FakeRegistry.start()
            .rule(request ->
                Optional.of(Reply.of(307).with("Location", honest.address() + request.target())));
    assertThat(failure().problem()).isEqualTo(denied(true));
    assertThat(headers(honest, "authorization")).isEmpty();
    fixture.loginWithToken(registry.host(), IDENTITY);
    honest.forgetRequests();
    assertThat(failure().problem()).isInstanceOf(RegistryException.BadAnswer.class);
    assertThat(honest.requests()).isEmpty();
    honest.close();
  }

  @Test
  void aChallengeOfAnotherServerIsNotAnswered() throws IOException {
    registry.rule(request ->
        request.isFor("blobs")
            ? Optional.of(Reply.of(307).with("Location", blobServer.address() + request.target()))
            : Optional.empty());
    blobServer.rule(_ -> Optional.of(challenge("Basic realm=\"x\"")));
    fixture.login(registry.host(), "user", PASSWORD);
    assertThat(failure().problem())
        .isInstanceOfSatisfying(
            RegistryException.BadAnswer.class,
            problem -> assertThat(problem.host()).isEqualTo(blobServer.host()));
    assertThat(headers(blobServer, "authorization")).isEmpty();
  }

  /// Not even where a stack trace shows every cause.
  @Test
  void noSecretIsPrinted() throws IOException {
    fixture.login(registry.host(), "user", PASSWORD);
    wantToken();
    for (String token : List.of("line\\nbreak-xyzzy", "", "xyzzy\\u0000", "xyzzy\\u00e9")) {
      FakeRegistry liar =
          FakeRegistry.start()
              .rule(_ -> Optional.of(Reply.json("{'token':'%s'}".formatted(token))));
      tokenServer.close();
      tokenServer = liar;
      assertNothingIsPrinted(failure());
    }
    FakeRegistry liar =
        FakeRegistry.start().rule(_ -> Optional.of(Reply.json("{'token':['xyzzy'],xyzzy")));
    tokenServer.close();
    tokenServer = liar;
    assertNothingIsPrinted(failure());
  }

  @Test
  void noSignedAddressIsPrinted() throws IOException {
    for (String address :
        List.of(
            "http://user:xyzzy@127.0.0.1:1/x?signature=xyzzy",
            "http://xyzzy xyzzy/",
            blobServer.address() + "/nothing?signature=xyzzy",
            "ftp://user:xyzzy@127.0.0.1/")) {
      registry.close();
      registry = FakeRegistry.start().with(image);
      registry.rule(request ->
          request.isFor("blobs")
              ? Optional.of(Reply.of(307).with("Location", address))
              : Optional.empty());
      assertNothingIsPrinted(failure());
    }
    registry.rule(
        _ -> Optional.of(challenge("Bearer realm=\"http://xyzzy:xyzzy@127.0.0.1:1/?xyzzy\"")));
    assertNothingIsPrinted(failure());
    registry.rule(_ -> Optional.of(challenge("Bearer realm=\":xyzzy:\"")));
    assertNothingIsPrinted(failure());
  }

  private static void assertNothingIsPrinted(Throwable failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace, true));
    assertThat(trace.toString())
        .doesNotContainIgnoringCase("xyzzy")
        .doesNotContain(PASSWORD)
        .doesNotContain(basic("user", PASSWORD).substring(6));
    assertThat(failure.getMessage()).doesNotContain("\n");
  }

  private static Set<String> headers(FakeRegistry server, String name) {
    Set<String> values = new TreeSet<>();
    server.requests().forEach(request -> request.header(name).ifPresent(values::add));
    return values;
  }

  @Test
  void aMirrorComesFirstAndItsFailureIsNoFailure() throws IOException {
    try (FakeRegistry mirror = FakeRegistry.start().with(image)) {
      fixture.registries(
          """
          [[registry]]
          location = "%s"
          [[registry.mirror]]
          location = "%s"
          """
              .formatted(registry.host(), mirror.host()));
      assertPulled();
      assertThat(registry.requests()).isEmpty();
      mirror.rule(request -> {
        Reply right = mirror.right(request);
        return right.body().length > 1 << 18
            ? Optional.of(right.cutAfter(request.header("range").isPresent() ? 0 : 1_000_000))
            : Optional.empty();
      });
      assertPulled();
      assertThat(registry.requests()).hasSize(1);
      assertThat(registry.sentBytes("blobs")).isLessThan(1_100_000);
      assertThat(fixture.notes).anyMatch(note -> note.endsWith("; going on at " + registry.host()));
      mirror.rule(_ -> Optional.of(Reply.of(500)));
    }
    assertPulled();
    assertThat(fixture.notes).anyMatch(note -> note.endsWith("; trying " + registry.host()));
  }

  @Test
  void aBlockedRegistryIsNotAsked() throws IOException {
    fixture.registries(
        "[[registry]]\nlocation = \"%s\"\nblocked = true\n".formatted(registry.host()));
    assertThat(failure().problem()).isEqualTo(new RegistryException.Blocked(name() + ":latest"));
    assertThat(registry.requests()).isEmpty();
  }
}
