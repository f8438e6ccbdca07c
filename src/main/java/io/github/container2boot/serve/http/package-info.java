/// An HTTP/1.1 server for Contents: RFC 9110 and 9112 as far as machines that boot need them.
///
/// A [Site][io.github.container2boot.serve.http.Site] says what stands under a path, a
/// [Reply][io.github.container2boot.serve.http.Reply] decides what a client gets of it - ranges,
/// conditions, HEAD - before a byte is sent, and
/// [HttpServer][io.github.container2boot.serve.http.HttpServer] sends it. Jetty is known to this
/// package only, and only to those of its classes that no other command loads.
///
/// Clients are not trusted: heads, connections and the time they may take are limited, and nothing
/// of what they send becomes the path of a file.
package io.github.container2boot.serve.http;
