package io.github.container2boot.oci.registry;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.oci.Closing;
import io.github.container2boot.oci.Descriptor;
import io.github.container2boot.oci.Digest;
import io.github.container2boot.oci.Image;
import io.github.container2boot.oci.ImageResolver;
import io.github.container2boot.oci.Reference;
import io.github.container2boot.oci.Request;
import io.github.container2boot.oci.SourceException;
import io.github.container2boot.oci.configuration.Endpoint;
import io.github.container2boot.oci.configuration.RegistriesConfiguration;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Opens images in registries.
public final class Registry {
  /// All that [ImageResolver] understands, and what it can tell from it.
  private static final List<String> MANIFEST_TYPES =
      List.of(
          "application/vnd.oci.image.index.v1+json",
          "application/vnd.oci.image.manifest.v1+json",
          "application/vnd.docker.distribution.manifest.list.v2+json",
          "application/vnd.docker.distribution.manifest.v2+json",
          "application/vnd.docker.distribution.manifest.v1+prettyjws",
          "application/vnd.docker.distribution.manifest.v1+json");

  static final Map<String, String> MANIFEST_HEADERS =
      Map.of("Accept", String.join(", ", MANIFEST_TYPES));

  /// As large as the distribution specification wants registries to take them.
  private static final int MOST_MANIFEST_BYTES = 4 << 20;

  private final Reference reference;
  private final RegistryAccess access;
  private final Request request;
  private final Http http;

  private Registry(Reference reference, RegistryAccess access, Request request, Http http) {
    this.reference = reference;
    this.access = access;
    this.request = request;
    this.http = http;
  }

  /// The image that `reference` names, at a mirror if there is one; its layers are fetched as they
  /// are read. Closing it ends all transfers.
  ///
  /// @throws RegistryException if it cannot be had
  public static Image open(Reference reference, RegistryAccess access, Request request)
      throws IOException {
    return open(reference, access, request, Patience.usual());
  }

  static Image open(Reference reference, RegistryAccess access, Request request, Patience patience)
      throws IOException {
    Http http = new Http(access, patience);
    return Closing.onFailure(http, () -> new Registry(reference, access, request, http).open());
  }

  private Image open() throws IOException {
    RegistriesConfiguration registries = access.registries();
    if (registries.isBlocked(reference)) {
      throw new RegistryException(new RegistryException.Blocked(reference.toString()));
    }
    List<Repository> repositories = new ArrayList<>();
    for (Endpoint endpoint : registries.endpoints(reference)) {
      repositories.add(new Repository(reference.toString(), endpoint, access, http));
    }
    return open(repositories);
  }

  /// The first that has the image serves it; those behind it are for when it fails.
  private Image open(List<Repository> repositories) throws IOException {
    int last = repositories.size() - 1;
    for (int index = 0; index < last; index++) {
      try {
        return openFrom(repositories.subList(index, repositories.size()));
      } catch (SourceException | InterruptedIOException problem) {
        throw problem;
      } catch (IOException problem) {
        access
            .notes()
            .accept(
                "%s; trying %s"
                    .formatted(problem.getMessage(), repositories.get(index + 1).host()));
      }
    }
    return openFrom(repositories.subList(last, repositories.size()));
  }

  private Image openFrom(List<Repository> repositories) throws IOException {
    RegistryBlobs blobs = new RegistryBlobs(repositories, http, access.notes());
    Descriptor root = fetchRoot(repositories.getFirst(), blobs);
    return new ImageResolver(blobs, request).image(List.of(root), Optional.empty());
  }

  /// The manifest or index that the name leads to, which `blobs` keeps.
  private Descriptor fetchRoot(Repository repository, RegistryBlobs blobs) throws IOException {
    Cancellation never = new Cancellation();
    Attempts attempts = new Attempts(http.patience(), access.notes());
    while (true) {
      try {
        return fetchRootOnce(repository, blobs, never);
      } catch (PassingException problem) {
        attempts.failed(problem, never);
      }
    }
  }

  /// A digest in the name is what must come; a tag leads to whatever the registry says, as long as
  /// that is what it says it is.
  private Descriptor fetchRootOnce(Repository repository, RegistryBlobs blobs, Cancellation never)
      throws IOException {
    String named = reference.digest().map(Digest::toString).or(reference::tag).orElseThrow();
    try (Answer answer = repository.get("manifests/" + named, MANIFEST_HEADERS, never)) {
      byte[] document = read(answer);
      Optional<Digest> wanted = reference.digest();
      Digest digest =
          (wanted.isPresent() ? wanted : saidDigest(answer))
              .orElseGet(() -> Digest.of(Digest.Algorithm.SHA256, document));
      if (!digest.matches(document)) {
        throw answer.bad("the manifest " + digest, "other bytes");
      }
      blobs.keep(digest, document);
      return descriptor(answer, digest, document);
    }
  }

  private static byte[] read(Answer answer) throws IOException {
    byte[] document;
    try {
      document = answer.body().readNBytes(MOST_MANIFEST_BYTES + 1);
    } catch (IOException problem) {
      throw Repository.broken(answer, problem);
    }
    if (document.length > MOST_MANIFEST_BYTES) {
      throw answer.bad("a manifest of at most %d bytes".formatted(MOST_MANIFEST_BYTES), "more");
    }
    answer.requireLength(document.length);
    return document;
  }

  private static Optional<Digest> saidDigest(Answer answer) throws IOException {
    Optional<String> said = answer.header("Docker-Content-Digest");
    try {
      return said.isPresent() ? Optional.of(Digest.parse(said.get().strip())) : Optional.empty();
    } catch (FormatException _) {
      throw answer.bad("a digest in Docker-Content-Digest", "something else");
    }
  }

  /// What it is the registry knows better than the document, which need not say it; if both say it,
  /// they must agree, which is checked where the document is read.
  private static Descriptor descriptor(Answer answer, Digest digest, byte[] document)
      throws FormatException {
    Optional<String> type =
        answer
            .header("Content-Type")
            .map(text -> text.split(";", 2)[0].strip())
            .filter(MANIFEST_TYPES::contains);
    String mediaType =
        type.isPresent() ? type.get() : Descriptor.ofManifest("manifest", document).mediaType();
    return Descriptor.ofManifest(mediaType, digest, document.length);
  }
}
