package io.github.container2boot.oci.podman;

import io.github.container2boot.bytes.Shown;
import io.github.container2boot.oci.Image;
import io.github.container2boot.oci.Request;
import io.github.container2boot.oci.SourceException;
import io.github.container2boot.oci.configuration.Places;
import io.github.container2boot.oci.engine.Endpoint;
import io.github.container2boot.oci.engine.Engine;
import io.github.container2boot.oci.engine.EngineImage;
import io.github.container2boot.oci.engine.FoundImage;
import io.github.container2boot.oci.engine.HttpEngine;
import io.github.container2boot.oci.engine.InspectedImage;
import io.github.container2boot.oci.engine.KeptLayers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The images of the user's podman.
///
/// It is asked over its socket if it listens on one (`$CONTAINER_HOST`, or where podman.socket has
/// it), which is quicker than to run the program and the same.
public final class PodmanImages {
  public static final String TRANSPORT = "containers-storage";

  private static final String NAME = "podman";
  private static final String HOST = "CONTAINER_HOST";

  /// `[[driver@]root[+run][:options]]name[@id]`
  private static final Pattern STORAGE =
      Pattern.compile("\\[(?:([a-z0-9-]+)@)?(/[^+\\]:]*)(?:\\+(/[^\\]:]*))?]");

  private static final Pattern ID = Pattern.compile("(?:.*@)?([0-9a-f]{64})");

  private final Map<String, String> environment;
  private final List<String> options;

  private PodmanImages(Map<String, String> environment, List<String> options) {
    this.environment = environment;
    this.options = options;
  }

  /// The images of whose environment this is.
  ///
  /// @param environment of the user: PATH, HOME, where sockets are
  public PodmanImages(Map<String, String> environment) {
    this(environment, List.of());
  }

  /// The image that `reference`, what follows `containers-storage:`, names.
  ///
  /// @throws SourceException if there is no podman, or no such image
  public Image open(String reference, Request request) throws IOException {
    Matcher storage = STORAGE.matcher(reference);
    if (!storage.lookingAt()) {
      return openNamed(reference, request);
    }
    List<String> chosen = new ArrayList<>(List.of("--root", storage.group(2)));
    if (storage.group(1) != null) {
      chosen.addAll(List.of("--storage-driver", storage.group(1)));
    }
    if (storage.group(3) != null) {
      chosen.addAll(List.of("--runroot", storage.group(3)));
    }
    return new PodmanImages(environment, chosen)
        .openNamed(reference.substring(storage.end()), request);
  }

  private Image openNamed(String name, Request request) throws IOException {
    Optional<FoundImage> found = find(name, request);
    if (found.isEmpty()) {
      throw new SourceException(new SourceException.NoSuchImage(name, NAME, isRoot()));
    }
    return found.get().open();
  }

  /// The image called `name`; empty if podman has none.
  ///
  /// @throws SourceException if there is no podman
  public Optional<FoundImage> find(String name, Request request) throws IOException {
    Matcher id = ID.matcher(name);
    String asked = id.matches() ? id.group(1) : name;
    Optional<PodmanProgram> program = PodmanProgram.find(options, environment);
    for (Endpoint endpoint : endpoints()) {
      Engine engine = HttpEngine.podman(endpoint);
      try {
        return engine.inspect(asked).map(image -> found(engine, image, name, request, program));
      } catch (SourceException problem) {
        if (isChosen() || program.isEmpty()) {
          throw problem;
        }
      }
    }
    if (program.isEmpty()) {
      throw new SourceException(new SourceException.NoEngine(NAME, "is not installed"));
    }
    return program
        .get()
        .inspect(asked)
        .map(image -> found(program.get(), image, name, request, program));
  }

  private FoundImage found(
      Engine engine,
      InspectedImage image,
      String name,
      Request request,
      Optional<PodmanProgram> program) {
    return new FoundImage(
        image.nameFor(name),
        () -> EngineImage.open(engine, image, keptLayers(image, program), request));
  }

  /// A podman on another machine, or one whose files only a program that is not here can reach, has
  /// to hand its images out.
  private KeptLayers keptLayers(InspectedImage image, Optional<PodmanProgram> program) {
    if (isElsewhere() || (program.isEmpty() && !isRoot())) {
      return KeptLayers.unknown();
    }
    return new StoredLayers(
        image.directories(),
        image.config().diffIds(),
        directory -> program.orElseThrow(() -> noProgram()).owned(directory));
  }

  private static SourceException noProgram() {
    return new SourceException(new SourceException.NoEngine(NAME, "is not installed"));
  }

  private boolean isElsewhere() {
    String host = environment.getOrDefault(HOST, "");
    return environment.containsKey("CONTAINER_CONNECTION")
        || (!host.isEmpty() && !host.startsWith("unix:"));
  }

  /// Whether the user says where podman is.
  private boolean isChosen() {
    return !environment.getOrDefault(HOST, "").isEmpty();
  }

  /// Over ssh, only the program knows the way.
  private List<Endpoint> endpoints() throws SourceException {
    String host = environment.getOrDefault(HOST, "");
    if (!options.isEmpty() || host.startsWith("ssh:")) {
      return List.of();
    }
    if (!host.isEmpty()) {
      return List.of(Endpoint.parse(HOST, host));
    }
    if (environment.containsKey("CONTAINER_CONNECTION")) {
      return List.of();
    }
    try {
      Path socket = socketDirectory().resolve("podman").resolve("podman.sock");
      return Files.exists(socket) ? List.of(new Endpoint.UnixSocket(socket)) : List.of();
    } catch (InvalidPathException none) {
      return List.of();
    }
  }

  private Path socketDirectory() {
    String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    return Path.of(isRoot() || runtime.isEmpty() ? "/run" : runtime);
  }

  private boolean isRoot() {
    return Places.of(environment).isSuperuser();
  }

  @Override
  public String toString() {
    return Shown.text(NAME + " " + String.join(" ", options));
  }
}
