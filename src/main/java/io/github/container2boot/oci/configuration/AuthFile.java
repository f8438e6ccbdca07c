package io.github.container2boot.oci.configuration;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.bytes.Shown;
import io.github.container2boot.oci.JsonDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A file of credentials. As podman writes it (containers-auth.json(5)):
///
/// | key | value |
/// |---|---|
/// | `auths` | by registry or repository: `auth`, base64 of `user:password`, or `identitytoken` |
/// | `credHelpers` | by registry: the program that knows |
/// | `credsStore` | the program that knows all others (docker's) |
///
/// The old form, `~/.dockercfg`, is what is below `auths` alone. Registries may be written as URLs
/// (`https://index.docker.io/v1/`). Nothing that is in such a file is ever in a message, but for
/// the names of registries.
///
/// @param path of the file
/// @param required whether it has to be there
/// @param old whether it has the old form
record AuthFile(Path path, boolean required, boolean old) {
  private static final String DOCKER_HUB = "docker.io";
  private static final String DOCKER_HUB_URL = "https://index.docker.io/v1/";
  private static final Set<String> DOCKER_HUB_NAMES =
      Set.of(DOCKER_HUB, "index.docker.io", "registry-1.docker.io");

  static List<AuthFile> named(Path path) {
    return List.of(new AuthFile(path, true, false));
  }

  static AuthFile optional(Path path) {
    return new AuthFile(path, false, false);
  }

  static AuthFile old(Path path) {
    return new AuthFile(path, false, true);
  }

  /// What the file, or a program that it names, knows.
  Optional<Credentials> find(
      String host, String repository, Function<String, CredentialProgram> programs)
      throws IOException {
    Optional<byte[]> document = ConfigurationFile.read(path);
    if (document.isEmpty()) {
      return missing();
    }
    Map<?, ?> content = object("", parsed(document.get()));
    if (old) {
      return inEntries(content, host, List.of(host));
    }
    Map<?, ?> helpers = object("credHelpers", content.get("credHelpers"));
    Optional<String> helper = helperFor(host, helpers);
    if (helper.isPresent()) {
      return ask(programs.apply(helper.get()), host);
    }
    Map<?, ?> entries = object("auths", content.get("auths"));
    Optional<Credentials> found = inEntries(entries, host, names(host, repository));
    Optional<String> store = text("credsStore", content.get("credsStore"));
    if (found.isPresent() || store.isEmpty()) {
      return found;
    }
    return ask(programs.apply(store.get()), host);
  }

  private Optional<Credentials> missing() throws IOException {
    if (required) {
      throw new IOException(
          ConfigurationFile.shown(path) + ": no such file of credentials; podman login writes one");
    }
    return Optional.empty();
  }

  /// Without the parser's words, which quote.
  private Object parsed(byte[] document) throws FormatException {
    try {
      return JsonDocument.parse(path.toString(), document);
    } catch (FormatException problem) {
      throw FormatException.malformed(
          problem.offsetBytes(), ConfigurationFile.shown(path) + ": this is not JSON");
    }
  }

  private Optional<String> helperFor(String host, Map<?, ?> helpers) throws FormatException {
    Object exact = helpers.get(host);
    if (exact != null) {
      return text("credHelpers", exact);
    }
    for (Map.Entry<?, ?> helper : helpers.entrySet()) {
      if (registry((String) helper.getKey()).equals(canonical(host))) {
        return text("credHelpers", helper.getValue());
      }
    }
    return Optional.empty();
  }

  /// Podman stores by name, docker the hub's by URL.
  private static Optional<Credentials> ask(CredentialProgram program, String host)
      throws IOException {
    Optional<Credentials> found = program.find(host);
    boolean hub = canonical(host).equals(DOCKER_HUB);
    return found.isEmpty() && hub ? program.find(DOCKER_HUB_URL) : found;
  }

  /// `host/a/b`, `host/a`, `host`.
  private static List<String> names(String host, String repository) {
    List<String> names = new ArrayList<>();
    String name = host + "/" + repository;
    for (int end = name.length(); end > host.length(); end = name.lastIndexOf('/', end - 1)) {
      names.add(name.substring(0, end));
    }
    names.add(host);
    return names;
  }

  /// An entry that says it exactly is preferred to one that means the same.
  private Optional<Credentials> inEntries(Map<?, ?> entries, String host, List<String> names)
      throws FormatException {
    for (String name : names) {
      Optional<Credentials> found = credentials(name, entries.get(name));
      if (found.isPresent()) {
        return found;
      }
    }
    for (Map.Entry<?, ?> entry : entries.entrySet()) {
      String name = (String) entry.getKey();
      Optional<Credentials> found =
          registry(name).equals(canonical(host))
              ? credentials(name, entry.getValue())
              : Optional.empty();
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /// The registry of an entry: of a URL the host; a repository's name is no registry.
  private String registry(String name) {
    String address = name.replaceFirst("^https?://", "");
    boolean url = old || !address.equals(name);
    return canonical(url ? address.replaceFirst("/.*", "") : address);
  }

  private static String canonical(String host) {
    return DOCKER_HUB_NAMES.contains(host) ? DOCKER_HUB : host;
  }

  /// An entry without content only says that somebody has logged in; a store knows the rest.
  private Optional<Credentials> credentials(String name, @Nullable Object value)
      throws FormatException {
    Map<?, ?> entry = object(name, value);
    Optional<String> token = text(name, entry.get("identitytoken"));
    if (token.isPresent()) {
      return token.map(Credentials::ofToken);
    }
    Optional<String> encoded = text(name, entry.get("auth"));
    if (encoded.isPresent()) {
      return Optional.of(decoded(name, encoded.get()));
    }
    Optional<String> password = text(name, entry.get("password"));
    return text(name, entry.get("username"))
        .flatMap(user -> password.map(secret -> Credentials.of(user, secret)));
  }

  private Credentials decoded(String name, String encoded) throws FormatException {
    try {
      String pair = new String(Base64.getDecoder().decode(encoded.strip()), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      if (colon >= 0) {
        // Old versions of docker padded with zeroes.
        String secret = pair.substring(colon + 1).replaceFirst("\0+$", "");
        return Credentials.of(pair.substring(0, colon), secret);
      }
    } catch (IllegalArgumentException _) {
      // Its message quotes.
    }
    throw malformed(name, "\"auth\" to be base64 of USER:PASSWORD");
  }

  private Map<?, ?> object(String place, @Nullable Object value) throws FormatException {
    return switch (value) {
      case null -> Map.of();
      case JsonDocument.Null _ -> Map.of();
      case Map<?, ?> object -> object;
      default -> throw malformed(place, "an object");
    };
  }

  /// Nothing is the same as an empty text.
  private Optional<String> text(String place, @Nullable Object value) throws FormatException {
    return switch (value) {
      case null -> Optional.empty();
      case JsonDocument.Null _ -> Optional.empty();
      case String text -> Optional.of(text).filter(filled -> !filled.isEmpty());
      default -> throw malformed(place, "strings");
    };
  }

  private FormatException malformed(String place, String expected) {
    String where = place.isEmpty() ? "" : Shown.text(place) + ": ";
    return FormatException.malformed(
        "%s: %sexpected %s".formatted(ConfigurationFile.shown(path), where, expected));
  }
}
