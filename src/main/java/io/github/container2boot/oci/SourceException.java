package io.github.container2boot.oci;

import io.github.container2boot.bytes.Shown;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A source that leads to no image, or to more than one: for the user to decide, not a fault of the
/// bytes.
public final class SourceException extends IOException {
  private final transient Problem problem;

  public SourceException(Problem problem) {
    super(problem.message());
    this.problem = problem;
  }

  public SourceException(Problem problem, Throwable cause) {
    super(problem.message(), cause);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }

  /// What is the matter.
  public sealed interface Problem {
    /// One line.
    String message();
  }

  /// There is nothing at `path`.
  public record NotFound(String path) implements Problem {
    @Override
    public String message() {
      return "%s: no such file or directory".formatted(Shown.text(path));
    }
  }

  /// `path` is there, but no image in any form we know.
  ///
  /// @param found what it is instead
  public record NoImage(String path, String expected, String found) implements Problem {
    @Override
    public String message() {
      return "%s: expected %s, found %s".formatted(Shown.text(path), expected, found);
    }
  }

  /// `transport` is none of ours.
  public record UnknownTransport(String transport, List<String> known) implements Problem {
    @Override
    public String message() {
      return "unknown transport %s: expected one of %s, a file, a directory or -"
          .formatted(Shown.text(transport), String.join(" ", known));
    }
  }

  /// `source` is no name of an image.
  public record BadName(String source, String reason) implements Problem {
    @Override
    public String message() {
      return "%s: %s".formatted(Shown.text(source), reason);
    }
  }

  /// Several images, and none was named.
  public record ManyImages(String source, List<String> references) implements Problem {
    @Override
    public String message() {
      return "%s holds %d images, name one of them: %s"
          .formatted(Shown.text(source), references.size(), listed(references));
    }
  }

  /// The image that was named is not among those there are.
  public record NoSuchReference(String source, String reference, List<String> references)
      implements Problem {
    @Override
    public String message() {
      return "%s holds no image \"%s\"; it holds %s"
          .formatted(Shown.text(source), Shown.text(reference), listed(references));
    }
  }

  /// The image is not made for the platform that was asked for.
  ///
  /// @param wanted what was asked for
  /// @param asked whether the user asked for it, or it is this machine's
  public record NoSuchPlatform(String source, Platform wanted, boolean asked, List<String> offered)
      implements Problem {
    @Override
    public String message() {
      return "%s holds no image for %s%s; it holds %s"
          .formatted(Shown.text(source), wanted, asked ? "" : " (this machine)", listed(offered));
    }
  }

  /// `engine` keeps no image called `name`.
  ///
  /// @param ofRoot whether root's images were looked at, whose are others than a user's
  public record NoSuchImage(String name, String engine, boolean ofRoot) implements Problem {
    @Override
    public String message() {
      return "%s: no such image in %s".formatted(Shown.text(name), engine);
    }
  }

  /// There is no `engine` to ask.
  public record NoEngine(String engine, String reason) implements Problem {
    @Override
    public String message() {
      return "%s %s".formatted(engine, reason);
    }
  }

  /// `engine` failed, or said what we do not understand.
  ///
  /// @param reason in its own words, if it had some
  public record EngineFailed(String engine, String reason) implements Problem {
    @Override
    public String message() {
      return "%s failed: %s".formatted(engine, reason);
    }
  }

  /// Nothing bears the name `name`, wherever one may have meant.
  ///
  /// @param looked which places have no such image
  /// @param failures of those that could not say
  public record Nowhere(String name, List<String> looked, List<String> failures)
      implements Problem {
    @Override
    public String message() {
      String where =
          looked.isEmpty()
              ? "no image of that name was found"
              : "no image of that name in " + String.join(" or ", looked);
      List<String> all = new ArrayList<>(List.of(where));
      all.addAll(failures);
      return "%s: no such file or directory, and %s"
          .formatted(Shown.text(name), String.join("; ", all));
    }
  }

  private static final int MAX_LISTED = 20;

  private static String listed(List<String> names) {
    String listed =
        names.stream().limit(MAX_LISTED).map(Shown::text).collect(Collectors.joining(", "));
    Optional<String> more =
        names.size() > MAX_LISTED
            ? Optional.of(" and %d more".formatted(names.size() - MAX_LISTED))
            : Optional.empty();
    return names.isEmpty() ? "none" : listed + more.orElse("");
  }
}
