package io.github.container2boot.oci.configuration;

import io.github.container2boot.oci.Reference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where credentials for registries lie (containers-auth.json(5), and docker's `config.json`).
///
/// A file that the user names, with `--authfile` or `$REGISTRY_AUTH_FILE`, is the only one; else
/// the first that knows the registry counts: podman's for this session, podman's for ever,
/// docker's. Where `$DOCKER_CONFIG` says where docker's is, podman takes that for said on purpose
/// and asks it first. Files are read when they are asked, so that none is before a registry wants
/// to know who asks.
public final class CredentialStore {
  /// What `credential-helpers` of `registries.conf` calls the files.
  private static final String FILES = "containers-auth.json";

  private final Places places;
  private final List<AuthFile> files;

  private CredentialStore(Places places, List<AuthFile> files) {
    this.places = places;
    this.files = files;
  }

  /// Looks where the user keeps them.
  ///
  /// @param authFile the only file to look into, if the user names one; it has to be there
  public static CredentialStore of(Places places, Optional<Path> authFile) {
    return new CredentialStore(
        places, authFile.map(AuthFile::named).orElseGet(() -> known(places)));
  }

  private static List<AuthFile> known(Places places) {
    Optional<String> named = places.variable("REGISTRY_AUTH_FILE");
    if (named.isPresent()) {
      return List.of(AuthFile.optional(Path.of(named.get())));
    }
    List<AuthFile> files = new ArrayList<>();
    AuthFile dockers = AuthFile.optional(places.docker().resolve("config.json"));
    if (places.variable("DOCKER_CONFIG").isPresent()) {
      files.add(dockers);
    }
    places
        .runtime()
        .map(directory -> directory.resolve("auth.json"))
        .map(AuthFile::optional)
        .ifPresent(files::add);
    files.add(AuthFile.optional(places.configuration().resolve("containers/auth.json")));
    files.add(dockers);
    files.add(AuthFile.old(places.home().resolve(".dockercfg")));
    return files;
  }

  /// The credentials for the image's repository where its name says it is.
  public Optional<Credentials> find(Reference image) throws IOException {
    return find(image.domain(), image.path());
  }

  /// The most specific credentials: for `host/namespace/repository`, `host/namespace`, `host`.
  public Optional<Credentials> find(String host, String path) throws IOException {
    for (String helper : helpers()) {
      Optional<Credentials> found =
          helper.equals(FILES) ? inFiles(host, path) : program(helper).find(host);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private List<String> helpers() throws IOException {
    List<String> configured = RegistriesConfiguration.of(places).credentialHelpers();
    return configured.isEmpty() ? List.of(FILES) : configured;
  }

  private Optional<Credentials> inFiles(String host, String path) throws IOException {
    for (AuthFile file : files) {
      Optional<Credentials> found = file.find(host, path, this::program);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private CredentialProgram program(String name) {
    return new CredentialProgram(name, places.environment());
  }
}
