package io.github.container2boot.cli;

import io.github.container2boot.serve.ServeException;

/// What to do about a server that does not start.
final class ServeRemedies {
  private ServeRemedies() {}

  static String describe(ServeException.Problem problem) {
    return problem.message()
        + switch (problem) {
          case ServeException.CannotListen taken ->
              taken.address().getPort() > 0 && taken.address().getPort() < 1024
                  ? "; ports below 1024 need root, or choose another with --port"
                  : "; choose another port with --port, or an address of this machine with --listen";
          case ServeException.NoNetwork _ ->
              "; --pxe needs an IPv4 address of a network: add --listen 0.0.0.0, or one of this machine's";
          case ServeException.CannotAnswer _ ->
              "; --pxe needs ports 67, 69 and 4011: run it as root or with CAP_NET_BIND_SERVICE, and end other boot servers on this machine";
          case ServeException.Incomplete _ -> "; build it again";
          case ServeException.CannotFetchRoot _ ->
              "; in the image, install dracut-network and run dracut --no-hostonly --regenerate-all --force --add \"dmsquash-live livenet\"";
          case ServeException.NoSuchImage _ -> "; say what an image is to be called by NAME=SOURCE";
        };
  }
}
