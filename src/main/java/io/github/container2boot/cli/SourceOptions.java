package io.github.container2boot.cli;

import io.github.container2boot.oci.Platform;
import io.github.container2boot.source.SourceSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.ArgGroupSpec;

/// How a command gets at its image, named as podman's and skopeo's options are.
final class SourceOptions {
  private final Option<Optional<Platform>> platform =
      Option.of(new Converters.PlatformName(), Optional.empty(), "--platform")
          .label("OS/ARCH")
          .describe("Which entry of a multi-platform index. [this machine's]");
  private final Option<Optional<Boolean>> verifyTls =
      Option.of(new Converters.Truth(), Optional.<Boolean>empty(), "--tls-verify")
          .label("BOOL")
          .describe("false: a registry need not prove who it is, and may speak HTTP. [true]");
  private final Option<Optional<Path>> certificateDirectory =
      Option.of(new Converters.PathName(), Optional.<Path>empty(), "--cert-dir")
          .label("DIR")
          .describe("Certificates for the registry: *.crt, *.cert and *.key. [containers/certs.d]");
  private final Option<Optional<Path>> authenticationFile =
      Option.of(new Converters.PathName(), Optional.<Path>empty(), "--authfile")
          .label("FILE")
          .describe("Credentials for registries. [those of podman login and docker login]");

  ArgGroupSpec group() {
    return Commands.group("Source", platform, verifyTls, certificateDirectory, authenticationFile);
  }

  Optional<Platform> platform() {
    return platform.value();
  }

  /// @param environment of the process
  SourceSettings settings(Map<String, String> environment) {
    return new SourceSettings(
        environment, verifyTls.value(), certificateDirectory.value(), authenticationFile.value());
  }
}
