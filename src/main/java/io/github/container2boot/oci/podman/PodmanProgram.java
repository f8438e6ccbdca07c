package io.github.container2boot.oci.podman;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.oci.JsonObject;
import io.github.container2boot.oci.SourceException;
import io.github.container2boot.oci.engine.Engine;
import io.github.container2boot.oci.engine.EngineProgram;
import io.github.container2boot.oci.engine.InspectedImage;
import io.github.container2boot.process.SearchPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// The program `podman`, run as the user who runs us.
///
/// @param program the file
/// @param options before its commands: which storage
/// @param environment what it is run with
record PodmanProgram(Path program, List<String> options, Map<String, String> environment)
    implements Engine {
  private static final Path ANYWHERE = Path.of("/");
  private static final int MAX_ANSWER_BYTES = 4 << 20;

  /// It may wait for others who use the storage.
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /// The program that a shell would find.
  static Optional<PodmanProgram> find(List<String> options, Map<String, String> environment) {
    return SearchPath.find("podman", environment)
        .map(program -> new PodmanProgram(program, options, environment));
  }

  @Override
  public String name() {
    return "podman";
  }

  @Override
  public Optional<InspectedImage> inspect(String image) throws IOException {
    try (EngineProgram process = run(ANYWHERE, List.of("image", "inspect", "--", image))) {
      process.input().close();
      byte[] answer = process.smallOutput(MAX_ANSWER_BYTES, PATIENCE);
      Optional<SourceException> failure = process.failure();
      if (failure.isEmpty()) {
        return Optional.of(read(answer));
      }
      if (isMissing(image)) {
        return Optional.empty();
      }
      throw failure.get();
    }
  }

  private static InspectedImage read(byte[] answer) throws IOException {
    List<JsonObject> images = JsonObject.parseArray("podman image inspect", answer);
    if (images.size() != 1) {
      throw FormatException.malformed(
          "podman image inspect: expected one image, found %d".formatted(images.size()));
    }
    return InspectedImage.read(images.getFirst());
  }

  /// Podman says so by its exit code, in any language.
  private boolean isMissing(String image) throws IOException {
    try (EngineProgram process = run(ANYWHERE, List.of("image", "exists", "--", image))) {
      process.input().close();
      process.smallOutput(MAX_ANSWER_BYTES, PATIENCE);
      return process.exitCode().equals(OptionalInt.of(1));
    }
  }

  @Override
  public InputStream export(String id) throws IOException {
    EngineProgram process =
        run(ANYWHERE, List.of("save", "--quiet", "--format", "docker-archive", "--", id));
    process.input().close();
    return process.checkedOutput();
  }

  /// The files of a layer, read by their owner.
  LayerFiles owned(Path directory) throws IOException {
    return new NamespaceFiles(run(directory, NamespaceFiles.COMMAND));
  }

  private EngineProgram run(Path directory, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(options);
    command.addAll(arguments);
    return EngineProgram.start("podman", command, directory, environment);
  }
}
