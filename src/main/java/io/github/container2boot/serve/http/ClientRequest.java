package io.github.container2boot.serve.http;

import java.net.InetSocketAddress;
import java.util.Optional;

/// Who asks for what.
///
/// @param path decoded, with a slash in front; never taken for more than a name
/// @param origin how the client calls this server
/// @param userAgent what the client calls itself
public record ClientRequest(
    String method,
    String path,
    Origin origin,
    InetSocketAddress client,
    Optional<String> userAgent) {}
