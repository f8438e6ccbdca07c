package io.github.container2boot.oci.registry;

import io.github.container2boot.oci.configuration.Endpoint;
import io.github.container2boot.oci.registry.RegistryException.NoSuchImage;
import io.github.container2boot.oci.registry.RegistryException.NoTls;
import io.github.container2boot.oci.registry.RegistryException.Unreachable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One repository of one registry (distribution-spec, "Pull"), whichever of HTTPS and HTTP that
/// speaks and whatever it wants to see first.
final class Repository {
  private static final String DOCKER_HUB = "docker.io";
  private static final String DOCKER_HUB_SERVER = "registry-1.docker.io";
  private static final String HTTPS = "https";
  private static final String HTTP = "http";
  private static final Pattern LOOPBACK =
      Pattern.compile("(?:localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1\\])(?::[0-9]+)?");

  private final String image;
  private final Endpoint endpoint;
  private final Http http;
  private final Authorizer authorizer;
  private final boolean loopback;
  private final boolean mayBePlain;
  private volatile @Nullable String scheme;

  /// @param image for messages
  /// @throws RegistryException if the endpoint's name is no machine's
  Repository(String image, Endpoint endpoint, RegistryAccess access, Http http)
      throws RegistryException {
    this.image = image;
    this.endpoint = endpoint;
    this.http = http;
    this.authorizer = new Authorizer(image, endpoint, access.credentials(), http);
    boolean insecure = access.verifyTls().map(verify -> !verify).orElse(endpoint.insecure());
    this.loopback = LOOPBACK.matcher(endpoint.host()).matches();
    this.mayBePlain = insecure || (loopback && access.verifyTls().isEmpty());
    if (insecure) {
      http.trust(Origin.of(address(HTTPS, "")).hostAndPort());
    }
  }

  String host() {
    return endpoint.host();
  }

  /// What is at `path` below the repository.
  ///
  /// @return with status 200 or 206
  /// @throws RegistryException if it cannot be had
  /// @throws PassingException if it may be had later
  Answer get(String path, Map<String, String> headers, Cancellation cancellation)
      throws IOException {
    String known = scheme;
    if (known != null) {
      return get(address(known, path), path, headers, cancellation);
    }
    URI secure = address(HTTPS, path);
    if (mayBePlain && loopback && TlsProbe.findsHttp(Origin.of(secure))) {
      RegistryException ofTls = new RegistryException(new NoTls(endpoint.host(), "it speaks HTTP"));
      return getPlain(path, headers, cancellation, ofTls);
    }
    try {
      Answer answer = get(secure, path, headers, cancellation);
      scheme = HTTPS;
      return answer;
    } catch (RegistryException problem) {
      if (!mayBePlain || !speaksNoTls(problem)) {
        throw problem;
      }
      return getPlain(path, headers, cancellation, problem);
    }
  }

  private static boolean speaksNoTls(RegistryException problem) {
    return problem.problem() instanceof NoTls || problem.problem() instanceof Unreachable;
  }

  private Answer getPlain(
      String path, Map<String, String> headers, Cancellation cancellation, RegistryException ofTls)
      throws IOException {
    try {
      Answer answer = get(address(HTTP, path), path, headers, cancellation);
      scheme = HTTP;
      return answer;
    } catch (RegistryException problem) {
      throw problem.problem() instanceof Unreachable ? ofTls : problem;
    }
  }

  private URI address(String scheme, String path) throws RegistryException {
    String host = endpoint.host().equals(DOCKER_HUB) ? DOCKER_HUB_SERVER : endpoint.host();
    try {
      URI address = URI.create("%s://%s/v2/%s/%s".formatted(scheme, host, endpoint.path(), path));
      Origin.of(address);
      return address;
    } catch (IllegalArgumentException malformed) {
      throw new RegistryException(new Unreachable(endpoint.host(), "no name of a machine"));
    }
  }

  private Answer get(
      URI address, String path, Map<String, String> headers, Cancellation cancellation)
      throws IOException {
    Origin registry = Origin.of(address);
    Optional<String> proof = authorizer.header(registry, cancellation);
    Answer answer = http.get(address, proof, headers, cancellation);
    if (isChallenge(answer, registry)) {
      answer.discard();
      String renewed =
          authorizer.renewed(
              proof, Challenge.parse(answer.headers("WWW-Authenticate")), registry, cancellation);
      answer = http.get(address, Optional.of(renewed), headers, cancellation);
    }
    return checked(answer, registry, path);
  }

  /// Nobody else may ask for what is the registry's to know.
  private static boolean isChallenge(Answer answer, Origin registry) {
    return answer.status() == 401 && answer.origin().equals(registry);
  }

  private Answer checked(Answer answer, Origin registry, String path) throws IOException {
    boolean given = answer.status() == 200 || answer.status() == 206;
    if (given) {
      answer.requireAsItIs();
      return answer;
    }
    answer.discard();
    boolean registrysOwn = answer.origin().equals(registry);
    throw switch (answer.status()) {
      case 401, 403 -> registrysOwn ? authorizer.denied() : failure(answer, path);
      case 404 ->
          path.startsWith("manifests/")
              ? new RegistryException(new NoSuchImage(image))
              : answer.bad(path, "nothing there (status 404)");
      default -> failure(answer, path);
    };
  }

  private IOException failure(Answer answer, String path) {
    return failure(answer, http.patience(), path);
  }

  /// What an answer that is none means. Servers that are busy, or have trouble of their own, may be
  /// better later.
  static IOException failure(Answer answer, Patience patience, String expected) {
    int status = answer.status();
    String found = "status " + status;
    return switch (status) {
      case 429 -> passing(answer, "asked too often (%s)".formatted(found), patience);
      case 408 -> passing(answer, found, patience);
      default -> status >= 500 ? passing(answer, found, patience) : answer.bad(expected, found);
    };
  }

  private static PassingException passing(Answer answer, String reason, Patience patience) {
    return new PassingException(
        answer.host(), reason, answer.retryAfter(patience.clock().instant()), null);
  }

  /// What became of an answer while it was read.
  static IOException broken(Answer answer, IOException problem) {
    return problem instanceof InterruptedIOException
        ? problem
        : new PassingException(answer.host(), Trouble.reason(problem), problem);
  }
}
