package io.github.container2boot.oci.registry;

import io.github.container2boot.oci.configuration.Proxies;
import io.github.container2boot.oci.registry.RegistryException.BadAnswer;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/// Sends requests, and follows redirects without handing secrets on.
///
/// A [HttpClient] trusts the same issuers whomever it talks to; certs.d has certificates for each
/// registry, so there is one client for each origin.
final class Http implements Closeable {
  private static final int MOST_REDIRECTS = 5;

  /// How much the JDK's client reads at once: with its usual 16 KiB more time goes into handing
  /// pieces over. It is read once, before the first client.
  private static final String READ_BYTES_PROPERTY = "jdk.httpclient.bufsize";

  private static final String READ_BYTES = Integer.toString(1 << 17);

  private final RegistryAccess access;
  private final Patience patience;
  private final Map<Origin, HttpClient> clients = new HashMap<>();
  private final Set<Origin> reached = ConcurrentHashMap.newKeySet();
  private final Set<String> trustedHosts = ConcurrentHashMap.newKeySet();

  Http(RegistryAccess access, Patience patience) {
    this.access = access;
    this.patience = patience;
    if (System.getProperty(READ_BYTES_PROPERTY) == null) {
      System.setProperty(READ_BYTES_PROPERTY, READ_BYTES);
    }
  }

  Patience patience() {
    return patience;
  }

  /// Whoever answers as `hostAndPort` is believed. Call this before the first request.
  void trust(String hostAndPort) {
    trustedHosts.add(hostAndPort);
  }

  /// What `address` or where it redirects to answers.
  ///
  /// @param authorization is sent to the origin of `address`, and to no other
  /// @throws RegistryException if nothing can be had from there
  /// @throws PassingException if it could be had before
  Answer get(
      URI address,
      Optional<String> authorization,
      Map<String, String> headers,
      Cancellation cancellation)
      throws IOException {
    Origin home = Origin.of(address);
    URI target = address;
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      HttpRequest.Builder request = HttpRequest.newBuilder(target);
      headers.forEach(request::header);
      if (Origin.of(target).equals(home)) {
        authorization.ifPresent(secret -> request.header("Authorization", secret));
      }
      Answer answer = send(request, target, cancellation);
      if (!answer.isRedirect()) {
        return answer;
      }
      answer.discard();
      target = answer.redirectTarget();
    }
    throw new RegistryException(
        new BadAnswer(
            home.hostAndPort(), "at most %d redirects".formatted(MOST_REDIRECTS), "more"));
  }

  /// What `address` answers to a form. No redirect is followed, as what is in the form is secret.
  Answer post(URI address, String form, Cancellation cancellation) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form));
    Answer answer = send(request, address, cancellation);
    if (answer.isRedirect()) {
      answer.close();
      throw answer.bad("a token", "a redirect");
    }
    return answer;
  }

  private Answer send(HttpRequest.Builder request, URI address, Cancellation cancellation)
      throws IOException {
    Origin origin = Origin.of(address);
    request.header("User-Agent", "container2boot");
    Proxies.authorization(access.environment(), address)
        .ifPresent(secret -> request.header("Proxy-Authorization", secret));
    try {
      Answer answer = send(origin, request.build(), cancellation);
      reached.add(origin);
      return answer;
    } catch (InterruptedIOException stopped) {
      throw stopped;
    } catch (IOException problem) {
      throw Trouble.of(origin, problem, reached.contains(origin));
    }
  }

  /// The client's own future fails if the connection breaks soon after the headers, and with it
  /// whatever came in between would be lost; so the answer is there as soon as they are.
  private Answer send(Origin origin, HttpRequest request, Cancellation cancellation)
      throws IOException {
    cancellation.check();
    CompletableFuture<Answer> answered = new CompletableFuture<>();
    Body body = new Body(patience);
    CompletableFuture<HttpResponse<Body>> exchange =
        client(origin)
            .sendAsync(
                request,
                info -> {
                  answered.complete(
                      new Answer(request.uri(), info.statusCode(), info.headers(), body));
                  return body;
                });
    var _ =
        exchange.whenComplete((_, failure) -> {
          if (failure != null) {
            answered.completeExceptionally(failure);
            body.failed(failure);
          }
        });
    try {
      return cancellation.await(answered, patience.answer());
    } catch (TimeoutException _) {
      throw new HttpTimeoutException("no answer in %d s".formatted(patience.answer().toSeconds()));
    } catch (ExecutionException failure) {
      throw failure.getCause() instanceof IOException problem
          ? problem
          : new IOException(failure.getCause());
    } finally {
      if (!answered.isDone() || answered.isCompletedExceptionally()) {
        exchange.cancel(true);
      }
    }
  }

  private synchronized HttpClient client(Origin origin) throws IOException {
    HttpClient known = clients.get(origin);
    if (known != null) {
      return known;
    }
    HttpClient client = newClient(origin);
    clients.put(origin, client);
    return client;
  }

  private HttpClient newClient(Origin origin) throws IOException {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(patience.connect())
            .proxy(Proxies.of(access.environment()));
    if (origin.isSecure()) {
      builder.sslContext(access.tls(origin.hostAndPort(), trusts(origin.hostAndPort())));
    }
    return builder.build();
  }

  private boolean trusts(String hostAndPort) {
    return access.verifyTls().map(verify -> !verify).orElse(trustedHosts.contains(hostAndPort));
  }

  /// Ends all transfers.
  @Override
  public synchronized void close() {
    clients.values().forEach(HttpClient::shutdownNow);
    clients.clear();
  }
}
