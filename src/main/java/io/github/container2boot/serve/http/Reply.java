package io.github.container2boot.serve.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.bytes.Content;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// What a client gets: a status, headers, and one Content, which may be put together of several
/// ranges.
///
/// @param content the body
record Reply(int status, Map<String, String> headers, Content content) {
  static final int OK = 200;
  static final int PARTIAL_CONTENT = 206;
  static final int NOT_MODIFIED = 304;
  static final int NOT_FOUND = 404;
  static final int METHOD_NOT_ALLOWED = 405;
  static final int PRECONDITION_FAILED = 412;
  static final int RANGE_NOT_SATISFIABLE = 416;
  static final int INTERNAL_ERROR = 500;

  private static final String ALLOWED = "GET, HEAD";

  Reply {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  /// A status and the same in words.
  static Reply error(int status, String words) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", Resource.TEXT);
    headers.put("X-Content-Type-Options", "nosniff");
    if (status == METHOD_NOT_ALLOWED) {
      headers.put("Allow", ALLOWED);
    }
    return new Reply(status, headers, Content.of((words + "\n").getBytes(UTF_8)));
  }

  /// The reply to a GET or HEAD; that to HEAD has the body too, which is not sent.
  ///
  /// @param header the value of a request's header, by its name
  static Reply of(
      Resource resource, Resource.Body body, Function<String, Optional<String>> header) {
    return new Decision(resource, body, header).reply();
  }

  /// Conditions in the order of RFC 9110, section 13.2.2.
  private record Decision(
      Resource resource, Resource.Body body, Function<String, Optional<String>> header) {
    Reply reply() {
      if (!isStillWhatTheClientMeans()) {
        return new Reply(PRECONDITION_FAILED, validators(), Content.empty());
      }
      if (isKnownToTheClient()) {
        return new Reply(NOT_MODIFIED, validators(), Content.empty());
      }
      Optional<String> range = header.apply("Range").filter(_ -> rangeCounts());
      return range.isEmpty() ? whole() : ranged(range.get());
    }

    private boolean isStillWhatTheClientMeans() {
      Optional<String> wanted = header.apply("If-Match");
      if (wanted.isPresent()) {
        return body.tag().isIn(wanted.get(), false);
      }
      Optional<Instant> since = date("If-Unmodified-Since");
      return since.isEmpty() || modified().isEmpty() || !modified().get().isAfter(since.get());
    }

    private boolean isKnownToTheClient() {
      Optional<String> known = header.apply("If-None-Match");
      if (known.isPresent()) {
        return body.tag().isIn(known.get(), true);
      }
      Optional<Instant> since = date("If-Modified-Since");
      return since.isPresent() && modified().isPresent() && !modified().get().isAfter(since.get());
    }

    /// If-Range: the rest of another representation would be of no use.
    private boolean rangeCounts() {
      Optional<String> validator = header.apply("If-Range");
      if (validator.isEmpty()) {
        return true;
      }
      String text = validator.get().strip();
      return text.endsWith("\"")
          ? text.equals(body.tag().toString())
          : HttpDate.parse(text).isPresent() && HttpDate.parse(text).equals(modified());
    }

    private Optional<Instant> date(String name) {
      return header.apply(name).flatMap(HttpDate::parse);
    }

    private Optional<Instant> modified() {
      return resource.modified().map(time -> time.truncatedTo(ChronoUnit.SECONDS));
    }

    private Map<String, String> validators() {
      Map<String, String> headers = new LinkedHashMap<>(resource.headers());
      headers.put("ETag", body.tag().toString());
      modified().ifPresent(time -> headers.put("Last-Modified", HttpDate.shown(time)));
      headers.put("Cache-Control", "no-cache");
      headers.put("Accept-Ranges", "bytes");
      headers.put("X-Content-Type-Options", "nosniff");
      return headers;
    }

    private Reply whole() {
      Map<String, String> headers = validators();
      headers.put("Content-Type", resource.mediaType());
      return new Reply(OK, headers, body.content());
    }

    private Reply ranged(String range) {
      long sizeBytes = body.content().sizeBytes();
      return switch (RangeRequest.parse(range, sizeBytes)) {
        case RangeRequest.Whole _ -> whole();
        case RangeRequest.Unsatisfiable _ -> {
          Map<String, String> headers = validators();
          headers.put("Content-Range", "bytes */" + sizeBytes);
          yield new Reply(RANGE_NOT_SATISFIABLE, headers, Content.empty());
        }
        case RangeRequest.Parts parts ->
            parts.ranges().size() == 1
                ? single(parts.ranges().getFirst())
                : several(parts.ranges());
      };
    }

    private Reply single(ByteRange range) {
      Map<String, String> headers = validators();
      headers.put("Content-Type", resource.mediaType());
      headers.put("Content-Range", range.contentRange(body.content().sizeBytes()));
      return new Reply(PARTIAL_CONTENT, headers, slice(range));
    }

    /// multipart/byteranges (RFC 9110, section 14.6). The boundary is the digest of all bytes,
    /// which nobody can have put among them.
    private Reply several(List<ByteRange> ranges) {
      String boundary = body.tag().digest().hex();
      List<Content> parts = new ArrayList<>();
      for (ByteRange range : ranges) {
        parts.add(
            text(
                "\r\n--%s\r\nContent-Type: %s\r\nContent-Range: %s\r\n\r\n"
                    .formatted(
                        boundary,
                        resource.mediaType(),
                        range.contentRange(body.content().sizeBytes()))));
        parts.add(slice(range));
      }
      parts.add(text("\r\n--%s--\r\n".formatted(boundary)));
      Map<String, String> headers = validators();
      headers.put("Content-Type", "multipart/byteranges; boundary=" + boundary);
      return new Reply(PARTIAL_CONTENT, headers, Content.concatenation(parts));
    }

    private Content slice(ByteRange range) {
      return body.content().slice(range.first(), range.sizeBytes());
    }

    private static Content text(String text) {
      return Content.of(text.getBytes(US_ASCII));
    }
  }
}
