package io.github.container2boot.cli;

import io.github.container2boot.build.OutputException;
import io.github.container2boot.build.OutputException.Problem;
import io.github.container2boot.bytes.FormatException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/// What to do about what went wrong.
///
/// The packages below say what they expected and found; what a user can change about it, the names
/// of options above all, is known here only.
final class Remedies {
  private Remedies() {}

  /// The problem and what to do, in one line.
  static String describe(Throwable failure) {
    return switch (failure) {
      case UncheckedIOException wrapped -> describe(Objects.requireNonNull(wrapped.getCause()));
      case ExecutionException wrapped when wrapped.getCause() != null ->
          describe(wrapped.getCause());
      case CompletionException wrapped when wrapped.getCause() != null ->
          describe(wrapped.getCause());
      case WrongUsage usage -> message(usage);
      case OutputException output -> output(output.problem());
      case FormatException format -> format(format);
      case FileSystemException file -> file(file);
      case FileNotFoundException file -> message(file);
      case IOException other -> inputOrOutput(other);
      case OutOfMemoryError _ ->
          "not enough memory: give the program more with C2B_JAVA_OPTIONS=-Xmx2g";
      case StackOverflowError _ -> internal(failure);
      default -> internal(failure);
    };
  }

  private static String output(Problem problem) {
    String advice =
        switch (problem) {
          case Problem.NoSpace _ -> "make room there, or choose another directory with --output";
          case Problem.TooLarge _ -> "choose a directory on another file system with --output";
          case Problem.NotPermitted _ -> "choose another directory with --output";
          case Problem.ReadOnly _ -> "choose another directory with --output";
          case Problem.InTheWay _ -> "move it away, or choose another directory with --output";
          case Problem.BadName _ ->
              "use a UTF-8 locale, or choose a directory on another file system with --output";
          case Problem.Failed _ -> "";
        };
    return joined(shown(problem), advice);
  }

  /// Sizes in bytes are for programs.
  private static String shown(Problem problem) {
    return switch (problem) {
      case Problem.NoSpace full when full.sizeBytes() > 0 ->
          "%s: no space left after %s of %s"
              .formatted(
                  full.path(),
                  ByteSize.shown(full.writtenBytes()),
                  ByteSize.shown(full.sizeBytes()));
      case Problem.TooLarge large when large.sizeBytes() > 0 ->
          "%s: a file of %s is too large for its file system"
              .formatted(large.path(), ByteSize.shown(large.sizeBytes()));
      default -> problem.message();
    };
  }

  private static String format(FormatException problem) {
    return switch (problem) {
      case FormatException.Malformed malformed ->
          joined(message(malformed), "the image is damaged: fetch or save it again");
      case FormatException.Unsupported unsupported -> message(unsupported);
    };
  }

  private static String file(FileSystemException problem) {
    String path = Objects.requireNonNullElse(problem.getFile(), "a file");
    return switch (problem) {
      case NoSuchFileException _ -> path + ": no such file or directory";
      case AccessDeniedException _ -> path + ": no permission; make it readable for this user";
      default -> path + ": " + Objects.requireNonNullElse(problem.getReason(), className(problem));
    };
  }

  private static String inputOrOutput(IOException problem) {
    String message = message(problem);
    return message.contains("No space left")
        ? joined(message, "make room in the directory given with --output, or choose another")
        : message;
  }

  private static String internal(Throwable failure) {
    return "internal error, please report it with what --debug shows: "
        + className(failure)
        + (failure.getMessage() == null ? "" : ": " + failure.getMessage());
  }

  private static String message(Throwable failure) {
    return Objects.requireNonNullElse(failure.getMessage(), className(failure));
  }

  private static String className(Throwable failure) {
    return failure.getClass().getSimpleName();
  }

  private static String joined(String problem, String advice) {
    return advice.isEmpty() ? problem : problem + "; " + advice;
  }
}
