package io.github.container2boot.cli;

import io.github.container2boot.boot.BootException;
import io.github.container2boot.build.BuildException;
import io.github.container2boot.build.OutputException;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.directory.DirectoryException;
import io.github.container2boot.fat.FatException;
import io.github.container2boot.gpt.GptException;
import io.github.container2boot.install.InstallException;
import io.github.container2boot.oci.SourceException;
import io.github.container2boot.oci.registry.RegistryException;
import io.github.container2boot.run.RunException;
import io.github.container2boot.serve.ServeException;
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
  private static final String OTHER_OUTPUT = "choose another directory with --output";

  private Remedies() {}

  /// The problem and what to do, in one line.
  static String describe(Throwable failure) {
    return switch (failure) {
      case UncheckedIOException wrapped when wrapped.getCause() != null ->
          describe(wrapped.getCause());
      case ExecutionException wrapped when wrapped.getCause() != null ->
          describe(wrapped.getCause());
      case CompletionException wrapped when wrapped.getCause() != null ->
          describe(wrapped.getCause());
      case WrongUsage usage -> message(usage);
      case OutputException output -> output(output.problem());
      case InstallException install -> InstallRemedies.describe(install.problem());
      case DirectoryException directory -> directory(directory.problem());
      case SourceException source -> source(source.problem());
      case RegistryException registry -> RegistryRemedies.describe(registry.problem());
      case BootException boot -> BootRemedies.describe(boot.problem());
      case BuildException build -> build(build.problem());
      case RunException run -> RunRemedies.describe(run.problem());
      case ServeException serve -> ServeRemedies.describe(serve.problem());
      case GptException disk -> disk(disk.problem());
      case FatException volume -> volume(volume.problem());
      case FormatException format -> format(format);
      case FileSystemException file -> file(file);
      case IOException other -> message(other);
      case OutOfMemoryError _ ->
          "not enough memory; give the program more with C2B_JAVA_OPTIONS=-Xmx2g";
      default -> internal(failure);
    };
  }

  private static String output(OutputException.Problem problem) {
    String path = problem.path().toString();
    return switch (problem) {
      case OutputException.Problem.NoSpace full ->
          "%s: no space left%s; make room there, or %s".formatted(path, amount(full), OTHER_OUTPUT);
      case OutputException.Problem.TooLarge other ->
          other.message() + " (ulimit -f); " + OTHER_OUTPUT;
      case OutputException.Problem.NotPermitted other -> other.message() + "; " + OTHER_OUTPUT;
      case OutputException.Problem.ReadOnly other -> other.message() + "; " + OTHER_OUTPUT;
      case OutputException.Problem.InTheWay other ->
          other.message() + "; move it away, or " + OTHER_OUTPUT;
      case OutputException.Problem.BadName other ->
          other.message() + "; use a UTF-8 locale, or " + OTHER_OUTPUT;
      case OutputException.Problem.Failed other -> other.message();
    };
  }

  private static String amount(OutputException.Problem.NoSpace full) {
    return full.sizeBytes() == 0
        ? ""
        : " after %s of %s"
            .formatted(ByteSize.shown(full.writtenBytes()), ByteSize.shown(full.sizeBytes()));
  }

  private static String source(SourceException.Problem problem) {
    String advice =
        switch (problem) {
          case SourceException.NotFound _ -> "";
          case SourceException.NoImage _ -> "";
          case SourceException.UnknownTransport _ ->
              "; write ./ in front of a file name with a colon";
          case SourceException.BadName _ -> "";
          case SourceException.ManyImages _ -> "";
          case SourceException.NoSuchReference _ -> "";
          case SourceException.NoSuchPlatform _ -> "; choose one with --platform";
          case SourceException.NoSuchImage image -> otherImages(image);
          case SourceException.NoEngine _ -> "";
          case SourceException.EngineFailed _ -> "";
          case SourceException.Nowhere _ -> "";
        };
    return problem.message() + advice;
  }

  private static String directory(DirectoryException.Problem problem) {
    String advice =
        switch (problem) {
          case DirectoryException.NotPermitted _ ->
              "; run this as root, or as who owns it: podman unshare container2boot build …";
          case DirectoryException.Changed _ ->
              "; stop what writes there, as with podman pause, and build again";
          case DirectoryException.NotHere _ -> "; make a tar archive of it";
          case DirectoryException.TooDeep _ -> "";
          case DirectoryException.UnknownType _ -> "";
          case DirectoryException.Failed _ -> "";
        };
    return problem.message() + advice;
  }

  /// Every user has a podman of their own.
  private static String otherImages(SourceException.NoSuchImage image) {
    String images = "; see " + image.engine() + " images";
    if (!image.engine().equals("podman")) {
      return images;
    }
    return image.ofRoot()
        ? images + ", and without sudo if a user built it: root's images are not the user's"
        : images + ", and use sudo if root built it: the user's images are not root's";
  }

  private static String build(BuildException.Problem problem) {
    return switch (problem) {
      case BuildException.RootTooLargeForEsp large ->
          "the root file system takes %s, a file on an EFI system partition has at most %s; make a disk instead, or compress it better, as with --compression xz"
              .formatted(ByteSize.shown(large.sizeBytes()), ByteSize.shown(large.mostBytes()));
      case BuildException.IncompleteEsp other -> other.message() + "; make it anew with --esp";
    };
  }

  private static String disk(GptException.Problem problem) {
    return switch (problem) {
      case GptException.DiskTooSmall small ->
          "--size: %s is too small, this system needs at least %s; use --size %s or --size auto"
              .formatted(
                  ByteSize.shown(small.sizeBytes()),
                  ByteSize.shown(small.leastBytes()),
                  ByteSize.wholeMebibytes(small.leastBytes()));
      case GptException.NotWholeSectors sectors -> "--size: " + sectors.message();
      case GptException.NameNotRepresentable name -> "--rootlabel: " + name.message();
      case GptException.TooManyPartitions many -> many.message();
    };
  }

  private static String volume(FatException.Problem problem) {
    return switch (problem) {
      case FatException.VolumeTooSmall small ->
          "--size is too small: the EFI system partition alone needs %s; use --size auto"
              .formatted(ByteSize.shown(small.leastBytes()));
      case FatException.VolumeTooLarge large ->
          large.message() + "; choose a smaller --size, or --sector-size 4096";
      case FatException.FileTooLarge other -> other.message();
      case FatException.NameNotRepresentable other -> other.message();
      case FatException.NamesCollide other -> other.message();
      case FatException.TypeNotRepresentable other -> other.message();
      case FatException.DirectoryTooLarge other -> other.message();
      case FatException.LabelNotRepresentable other -> other.message();
    };
  }

  private static String format(FormatException problem) {
    return switch (problem) {
      case FormatException.Malformed malformed ->
          message(malformed) + "; the image is damaged or incomplete, fetch or save it again";
      case FormatException.Unsupported unsupported -> message(unsupported);
    };
  }

  private static String file(FileSystemException problem) {
    String path = Objects.requireNonNullElse(problem.getFile(), "a file");
    return switch (problem) {
      case NoSuchFileException _ -> path + ": no such file or directory";
      case AccessDeniedException _ -> path + ": no permission; make it accessible to this user";
      default -> path + ": " + Objects.requireNonNullElse(problem.getReason(), className(problem));
    };
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
}
