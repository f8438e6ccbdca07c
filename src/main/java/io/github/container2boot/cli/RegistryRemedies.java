package io.github.container2boot.cli;

import io.github.container2boot.oci.registry.RegistryException;

/// What to do when a registry does not give the image.
final class RegistryRemedies {
  private RegistryRemedies() {}

  static String describe(RegistryException.Problem problem) {
    String advice =
        switch (problem) {
          case RegistryException.NoSuchImage _ ->
              "check its name and tag; skopeo list-tags lists the tags of a repository";
          case RegistryException.AccessDenied denied ->
              denied.credentials()
                  ? "they are wrong, have expired or are not enough: log in again with podman login %s"
                      .formatted(denied.host())
                  : "check the name, or log in with podman login %s".formatted(denied.host());
          case RegistryException.Blocked _ -> "change that there, or name another registry";
          case RegistryException.Unreachable _ ->
              "check the name, the network and the proxy (https_proxy)";
          case RegistryException.Untrusted untrusted ->
              "put its issuer's certificate into containers/certs.d/%s or name it with --cert-dir, or go without with --tls-verify=false"
                  .formatted(untrusted.host());
          case RegistryException.NoTls _ ->
              "if it speaks plain HTTP and you trust the network, use --tls-verify=false";
          case RegistryException.Busy _ ->
              "try again then, or log in, which often raises the limit";
          case RegistryException.GaveUp _ ->
              "try again later; layers that were finished are in the cache";
          case RegistryException.BadAnswer _ ->
              "the registry, or something before it, does not work as it should";
        };
    return problem.message() + "; " + advice;
  }
}
