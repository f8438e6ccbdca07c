package io.github.container2boot.oci.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.bytes.Shown;
import io.github.container2boot.oci.Digest;
import io.github.container2boot.oci.JsonObject;
import io.github.container2boot.oci.SourceException;
import io.github.container2boot.oci.configuration.ConfigurationFile;
import io.github.container2boot.oci.configuration.Places;
import io.github.container2boot.oci.configuration.TlsFiles;
import io.github.container2boot.oci.engine.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// Where docker listens, as docker's own client decides it: `DOCKER_HOST` before contexts before
/// the usual sockets.
record DockerAddress(Places places) {
  private static final String HOST = "DOCKER_HOST";

  Endpoint find() throws IOException {
    String host = value(HOST);
    if (!host.isEmpty()) {
      return endpoint(HOST, host, tlsDirectory(), true);
    }
    String context = context();
    return context.isEmpty() || context.equals("default") ? usual() : ofContext(context);
  }

  private String value(String variable) {
    return places.variable(variable).orElse("");
  }

  private Optional<Path> tlsDirectory() {
    if (value("DOCKER_TLS_VERIFY").isEmpty() && value("DOCKER_TLS").isEmpty()) {
      return Optional.empty();
    }
    String directory = value("DOCKER_CERT_PATH");
    return Optional.of(directory.isEmpty() ? places.docker() : Path.of(directory));
  }

  private Endpoint endpoint(String where, String host, Optional<Path> certificates, boolean verify)
      throws IOException {
    if (host.startsWith("ssh:")) {
      throw noDocker(
          "is reached over ssh by %s (%s), which this program does not speak; forward its socket, or save the image with docker save"
              .formatted(where, Shown.text(host)));
    }
    Endpoint endpoint = Endpoint.parse(where, host);
    return endpoint instanceof Endpoint.Tcp(String machine, int port) && certificates.isPresent()
        ? new Endpoint.Tls(machine, port, tls(certificates.get(), verify))
        : endpoint;
  }

  /// As docker and its client name the files by which they know each other.
  private SSLContext tls(Path directory, boolean verify) throws IOException {
    TlsFiles files =
        new TlsFiles(
            directory.resolve("ca.pem"),
            directory.resolve("cert.pem"),
            directory.resolve("key.pem"));
    return verify ? files.context(places) : files.trustingAll();
  }

  private static SourceException noDocker(String reason) {
    return new SourceException(new SourceException.NoEngine("docker", reason));
  }

  private String context() throws IOException {
    String chosen = value("DOCKER_CONTEXT");
    if (!chosen.isEmpty()) {
      return chosen;
    }
    Optional<JsonObject> settings =
        ConfigurationFile.readObject(places.docker().resolve("config.json"));
    return settings.isEmpty() ? "" : settings.get().text("currentContext").orElse("");
  }

  /// A context's files lie in a directory that is called by the hash of its name.
  private Endpoint ofContext(String name) throws IOException {
    String hash = Digest.of(Digest.Algorithm.SHA256, name.getBytes(UTF_8)).hex();
    Path contexts = places.docker().resolve("contexts");
    Path file = contexts.resolve("meta").resolve(hash).resolve("meta.json");
    Optional<JsonObject> context = ConfigurationFile.readObject(file);
    if (context.isEmpty()) {
      throw noDocker("has no context %s; see docker context ls".formatted(Shown.text(name)));
    }
    JsonObject docker = context.get().requireObject("Endpoints").requireObject("docker");
    Path certificates = contexts.resolve("tls").resolve(hash).resolve("docker");
    return endpoint(
        "context " + Shown.text(name),
        docker.text("Host").orElse(""),
        Optional.of(certificates).filter(Files::isDirectory),
        !docker.flag("SkipTLSVerify"));
  }

  private Endpoint usual() throws SourceException {
    List<Path> sockets = new ArrayList<>();
    sockets.add(Path.of("/var/run/docker.sock"));
    String runtime = value("XDG_RUNTIME_DIR");
    if (!runtime.isEmpty()) {
      sockets.add(Path.of(runtime, "docker.sock"));
    }
    sockets.add(places.home().resolve(".docker/run/docker.sock"));
    List<Path> there = sockets.stream().filter(Files::exists).toList();
    if (there.isEmpty()) {
      throw noDocker("is not running: no socket at %s".formatted(sockets.getFirst()));
    }
    Optional<Path> ours = there.stream().filter(Files::isWritable).findFirst();
    return new Endpoint.UnixSocket(ours.orElse(there.getFirst()));
  }
}
