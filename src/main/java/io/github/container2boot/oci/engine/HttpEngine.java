package io.github.container2boot.oci.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.bytes.Shown;
import io.github.container2boot.oci.Closing;
import io.github.container2boot.oci.JsonObject;
import io.github.container2boot.oci.SourceException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;

/// An engine that is spoken to over a socket: docker, in its Engine API, or podman, in its libpod
/// API.
///
/// | | docker | podman |
/// |---|---|---|
/// | what an image is | `GET /images/{name}/json` | `GET /v4.0.0/libpod/images/{name}/json` |
/// | the image | `GET /images/{name}/get` | `GET /v4.0.0/libpod/images/{name}/get?format=docker-archive` |
///
/// Docker's paths without a version mean its newest. Podman has none without; every podman since
/// 4.0 understands that one.
///
/// @param name what people call the engine
/// @param prefix of paths
/// @param exportQuery what is added to ask for an archive of docker's
public record HttpEngine(String name, Endpoint endpoint, String prefix, String exportQuery)
    implements Engine {
  private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(60);

  /// Engines gather an archive before they send the first byte of it.
  private static final Duration EXPORT_PATIENCE = Duration.ofMinutes(10);

  private static final int MAX_ANSWER_BYTES = 4 << 20;

  public static HttpEngine docker(Endpoint endpoint) {
    return new HttpEngine("docker", endpoint, "", "");
  }

  public static HttpEngine podman(Endpoint endpoint) {
    return new HttpEngine("podman", endpoint, "/v4.0.0/libpod", "?format=docker-archive");
  }

  @Override
  public Optional<InspectedImage> inspect(String image) throws IOException {
    try (HttpResponse response = get(path(image) + "/json", ANSWER_PATIENCE)) {
      byte[] answer = small(response);
      if (response.status() == 404 && isFromEngine(answer)) {
        return Optional.empty();
      }
      requireSuccess(response.status(), answer);
      return Optional.of(InspectedImage.read(JsonObject.parse("image", answer)));
    } catch (SourceException problem) {
      throw problem;
    } catch (IOException problem) {
      throw failed(problem);
    }
  }

  @Override
  public InputStream export(String id) throws IOException {
    try {
      HttpResponse response = get(path(id) + "/get" + exportQuery, EXPORT_PATIENCE);
      return Closing.onFailure(
          response,
          () -> {
            if (response.status() != 200) {
              requireSuccess(response.status(), small(response));
            }
            return exported(response);
          });
    } catch (SourceException problem) {
      throw problem;
    } catch (IOException problem) {
      throw failed(problem);
    }
  }

  private InputStream exported(HttpResponse response) {
    return new FilterInputStream(response.body()) {
      @Override
      public int read(byte[] target, int offset, int count) throws IOException {
        try {
          return super.read(target, offset, count);
        } catch (IOException problem) {
          throw failed(problem);
        }
      }

      @Override
      public void close() throws IOException {
        response.close();
      }
    };
  }

  private HttpResponse get(String path, Duration patience) throws IOException {
    Connection connection = endpoint.connect();
    return Closing.onFailure(
        connection,
        () -> {
          connection.setPatience(patience);
          connection.send(
              "GET %s HTTP/1.1\r\nHost: %s\r\nAccept: */*\r\nConnection: close\r\n\r\n"
                  .formatted(path, endpoint.host())
                  .getBytes(US_ASCII));
          return HttpResponse.read(connection.input(), connection);
        });
  }

  private String path(String image) {
    StringBuilder path = new StringBuilder(prefix).append("/images/");
    for (byte value : image.getBytes(UTF_8)) {
      char letter = (char) Byte.toUnsignedInt(value);
      boolean plain =
          letter < 128 && (Character.isLetterOrDigit(letter) || ":/@._-".indexOf(letter) >= 0);
      path.append(plain ? String.valueOf(letter) : "%%%02X".formatted((int) letter));
    }
    return path.toString();
  }

  private static byte[] small(HttpResponse response) throws IOException {
    byte[] answer = response.body().readNBytes(MAX_ANSWER_BYTES + 1);
    if (answer.length > MAX_ANSWER_BYTES) {
      throw FormatException.unsupported(
          "expected an answer of at most %d bytes".formatted(MAX_ANSWER_BYTES));
    }
    return answer;
  }

  /// Whether an engine says so, not something else that listens there.
  private static boolean isFromEngine(byte[] answer) {
    return !message(answer).isEmpty();
  }

  private static String message(byte[] answer) {
    try {
      return JsonObject.parse("answer", answer).text("message").orElse("");
    } catch (FormatException somethingElse) {
      return "";
    }
  }

  private void requireSuccess(int status, byte[] answer) throws SourceException {
    if (status != 200) {
      String message = message(answer);
      throw new SourceException(
          new SourceException.EngineFailed(
              called(),
              message.isEmpty() ? "it answers with status " + status : Shown.text(message)));
    }
  }

  private SourceException failed(IOException problem) {
    SourceException failed =
        new SourceException(
            new SourceException.EngineFailed(
                called(), Shown.text(String.valueOf(problem.getMessage()))));
    failed.initCause(problem);
    return failed;
  }

  private String called() {
    return "%s at %s".formatted(name, Shown.text(endpoint.toString()));
  }
}
