package io.github.container2boot.serve.http;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// Answers every request of a server from a [Site].
final class SiteHandler extends Handler.Abstract {
  private final Site site;
  private final TrafficObserver observer;
  private final Patience patience;
  private final HttpSettings settings;

  SiteHandler(Site site, TrafficObserver observer, Patience patience, HttpSettings settings) {
    this.site = site;
    this.observer = observer;
    this.patience = patience;
    this.settings = settings;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    patience.progressed(clientOf(request));
    Answer answer = new Answer(this, request, response, callback, asked(request));
    if (!isReading(request)) {
      answer.send(
          Reply.error(Reply.METHOD_NOT_ALLOWED, request.getMethod() + ": only GET and HEAD here"));
      return true;
    }
    try {
      Optional<Resource> found = site.find(answer.asked());
      if (found.isEmpty()) {
        answer.send(Reply.error(Reply.NOT_FOUND, "there is nothing under this name"));
      } else {
        whenReady(found.get(), answer);
      }
    } catch (IOException | RuntimeException failed) {
      answer.send(failure(failed));
    }
    return true;
  }

  private static boolean isReading(Request request) {
    return request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
  }

  @SuppressWarnings("FutureReturnValueIgnored") // The answer is where failures go.
  private void whenReady(Resource resource, Answer answer) {
    CompletableFuture<Resource.Body> body = resource.body();
    if (body.isDone()) {
      body.whenComplete((ready, failed) -> answer.send(reply(resource, ready, failed, answer)));
    } else {
      patience.excuse(answer.asked().client());
      answer.request().addIdleTimeoutListener(_ -> false);
      body.whenCompleteAsync(
          (ready, failed) -> answer.send(reply(resource, ready, failed, answer)),
          getServer().getThreadPool());
    }
  }

  private static Reply reply(
      Resource resource, Resource.@Nullable Body ready, @Nullable Throwable failed, Answer answer) {
    return ready == null
        ? failure(failed == null ? new IllegalStateException("no body") : failed)
        : Reply.of(resource, ready, answer::header);
  }

  /// Whoever runs the server is told more than its clients.
  private static Reply failure(Throwable failed) {
    return Reply.error(
        Reply.INTERNAL_ERROR,
        failed instanceof FormatException ? "the image is damaged" : "it cannot be read");
  }

  private ClientRequest asked(Request request) {
    String path = request.getHttpURI().getDecodedPath();
    return new ClientRequest(
        request.getMethod(),
        path == null ? "" : path,
        origin(request),
        clientOf(request),
        Optional.ofNullable(request.getHeaders().get(HttpHeader.USER_AGENT)));
  }

  private static InetSocketAddress clientOf(Request request) {
    return (InetSocketAddress) request.getConnectionMetaData().getRemoteSocketAddress();
  }

  private Origin origin(Request request) {
    InetSocketAddress local =
        (InetSocketAddress) request.getConnectionMetaData().getLocalSocketAddress();
    String host = request.getHeaders().get(HttpHeader.HOST);
    String name = host == null ? null : Request.getServerName(request);
    return name != null && Origin.isPlain(name)
        ? new Origin(settings.scheme(), name.toLowerCase(Locale.ROOT), port(request, name, local))
        : Origin.of(settings.scheme(), local);
  }

  /// Firmware and GRUB leave the port out where they call this server by its address.
  private static int port(Request request, String name, InetSocketAddress local) {
    boolean isOwnAddress = name.equals(local.getAddress().getHostAddress());
    int named = request.getHttpURI().getPort();
    return isOwnAddress && named <= 0 ? local.getPort() : Request.getServerPort(request);
  }

  /// A request that is being answered.
  private record Answer(
      SiteHandler handler,
      Request request,
      Response response,
      Callback callback,
      ClientRequest asked) {
    /// HEAD is about the whole (RFC 9110, section 14.2).
    Optional<String> header(String name) {
      boolean counts = !isHead() || !name.equals("Range");
      return counts ? Optional.ofNullable(request.getHeaders().get(name)) : Optional.empty();
    }

    private boolean isHead() {
      return request.getMethod().equals("HEAD");
    }

    void send(Reply reply) {
      handler.patience.progressed(asked.client());
      response.setStatus(reply.status());
      reply.headers().forEach(response.getHeaders()::put);
      long sizeBytes = reply.content().sizeBytes();
      if (reply.status() != Reply.NOT_MODIFIED) {
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, sizeBytes);
      }
      Content body = isHead() ? Content.empty() : reply.content();
      TrafficObserver.Exchange exchange =
          handler.observer.began(asked, reply.status(), body.sizeBytes());
      Callback observed =
          Callback.from(
              () -> {
                exchange.ended(true);
                callback.succeeded();
              },
              failed -> {
                exchange.ended(false);
                callback.failed(failed);
              });
      if (body.sizeBytes() == 0) {
        response.write(true, ByteBuffer.allocate(0), observed);
      } else {
        new ContentWriter(
                body,
                response,
                handler.settings.pieceBytes(),
                bytes -> {
                  handler.patience.progressed(asked.client());
                  exchange.sent(bytes);
                },
                observed)
            .iterate();
      }
    }
  }
}
