package io.github.container2boot.oci.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.oci.configuration.CredentialStore;
import io.github.container2boot.oci.configuration.Credentials;
import io.github.container2boot.oci.configuration.Endpoint;
import io.github.container2boot.oci.registry.RegistryException.AccessDenied;
import io.github.container2boot.oci.registry.RegistryException.BadAnswer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Gets what opens one repository: a token from the server that the registry names, or the user's
/// password itself. All threads of a build share it.
///
/// | credentials | token server is asked by |
/// |---|---|
/// | none | GET |
/// | user and password | GET with basic authentication |
/// | identity token | POST of an OAuth 2 form, `grant_type=refresh_token` |
final class Authorizer {
  private static final int MOST_TOKEN_BYTES = 1 << 20;
  private static final String CLIENT = "container2boot";

  private final String image;
  private final Endpoint endpoint;
  private final CredentialStore store;
  private final Http http;
  private Optional<Credentials> credentials = Optional.empty();
  private boolean looked;
  private Optional<Challenge> tokenChallenge = Optional.empty();
  private Optional<Token> token = Optional.empty();
  private Optional<String> header = Optional.empty();

  /// @param image for messages
  Authorizer(String image, Endpoint endpoint, CredentialStore store, Http http) {
    this.image = image;
    this.endpoint = endpoint;
    this.store = store;
    this.http = http;
  }

  /// The value of the header `Authorization` as far as it is known what the registry wants; a token
  /// that has expired is replaced.
  ///
  /// @param registry whom the header is for
  synchronized Optional<String> header(Origin registry, Cancellation cancellation)
      throws IOException {
    boolean expired = token.filter(this::isExpired).isPresent();
    return expired && tokenChallenge.isPresent()
        ? Optional.of(fetchToken(tokenChallenge.get(), registry, cancellation))
        : header;
  }

  private boolean isExpired(Token known) {
    return !http.patience().clock().instant().isBefore(known.expires());
  }

  /// Another header instead of `refused`, as one of `challenges` wants it.
  ///
  /// @throws RegistryException if there is none
  synchronized String renewed(
      Optional<String> refused,
      List<Challenge> challenges,
      Origin registry,
      Cancellation cancellation)
      throws IOException {
    if (header.isPresent() && !header.equals(refused)) {
      return header.get();
    }
    Optional<Challenge> bearer = Challenge.find(challenges, "bearer");
    if (bearer.isPresent()) {
      tokenChallenge = bearer;
      return fetchToken(bearer.get(), registry, cancellation);
    }
    Optional<Credentials> password = credentials().filter(known -> !known.identityToken());
    if (Challenge.find(challenges, "basic").isEmpty() || password.isEmpty()) {
      throw denied();
    }
    String basic = basic(password.get());
    if (refused.filter(basic::equals).isPresent()) {
      throw denied();
    }
    header = Optional.of(basic);
    return basic;
  }

  RegistryException denied() throws IOException {
    return new RegistryException(
        new AccessDenied(image, endpoint.host(), credentials().isPresent()));
  }

  /// Looked for only when a registry asks, as this may run a program.
  private synchronized Optional<Credentials> credentials() throws IOException {
    if (!looked) {
      credentials = store.find(endpoint.host(), endpoint.path());
      looked = true;
    }
    return credentials;
  }

  private static String basic(Credentials known) {
    byte[] text = (known.user() + ":" + known.secret()).getBytes(UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(text);
  }

  private String fetchToken(Challenge challenge, Origin registry, Cancellation cancellation)
      throws IOException {
    token = Optional.empty();
    header = Optional.empty();
    URI realm = realm(challenge, registry);
    Map<String, String> wanted = new LinkedHashMap<>();
    challenge.parameter("service").ifPresent(service -> wanted.put("service", service));
    wanted.put(
        "scope", challenge.parameter("scope").orElse("repository:" + endpoint.path() + ":pull"));
    Token fetched;
    try (Answer answer = ask(realm, wanted, cancellation)) {
      fetched = token(answer);
    }
    String bearer = "Bearer " + fetched.secret();
    token = Optional.of(fetched);
    header = Optional.of(bearer);
    return bearer;
  }

  /// Secrets go over TLS, unless the registry itself does without.
  private static URI realm(Challenge challenge, Origin registry) throws RegistryException {
    try {
      URI realm = URI.create(challenge.parameter("realm").orElse(""));
      if (Origin.of(realm).isSecure() || !registry.isSecure()) {
        return realm;
      }
    } catch (IllegalArgumentException _) {
      // Said below, without what may be a secret.
    }
    throw new RegistryException(
        new BadAnswer(
            registry.hostAndPort(), "the HTTPS address of a token server", "another realm"));
  }

  private Answer ask(URI realm, Map<String, String> wanted, Cancellation cancellation)
      throws IOException {
    Optional<Credentials> known = credentials();
    if (known.isPresent() && known.get().identityToken()) {
      wanted.put("grant_type", "refresh_token");
      wanted.put("client_id", CLIENT);
      wanted.put("refresh_token", known.get().secret());
      return http.post(realm, form(wanted), cancellation);
    }
    String separator = realm.getRawQuery() == null ? "?" : "&";
    String address = withoutFragment(realm) + separator + form(wanted);
    return http.get(URI.create(address), known.map(Authorizer::basic), Map.of(), cancellation);
  }

  private static String withoutFragment(URI realm) {
    String address = realm.toString();
    int hash = address.indexOf('#');
    return hash < 0 ? address : address.substring(0, hash);
  }

  private static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  private Token token(Answer answer) throws IOException {
    return switch (answer.status()) {
      case 200 -> read(answer);
      case 400, 401, 403 -> throw denied();
      default -> throw Repository.failure(answer, http.patience(), "a token");
    };
  }

  private Token read(Answer answer) throws IOException {
    answer.requireAsItIs();
    byte[] document;
    try {
      document = answer.body().readNBytes(MOST_TOKEN_BYTES);
    } catch (IOException problem) {
      throw Repository.broken(answer, problem);
    }
    try {
      return Token.read("token", document, http.patience().clock().instant());
    } catch (FormatException _) {
      // What it complains of may be the secret.
      throw answer.bad("a token", "something else");
    }
  }
}
