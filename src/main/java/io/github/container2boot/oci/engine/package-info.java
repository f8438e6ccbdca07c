/// Container engines: programs and daemons that keep images and hand them out.
///
/// An [Engine][io.github.container2boot.oci.engine.Engine] says what an image is without handing it
/// out; that alone is an [Image][io.github.container2boot.oci.Image]. Its layers are fetched when
/// they are opened: from where the engine keeps them, if somebody knows how, or from an
/// [Export][io.github.container2boot.oci.engine.Export] of the whole image, of which there is at
/// most one. An image whose layers are all in the cache costs one question.
///
/// Engines are spoken to in HTTP/1.1 (RFC 9112) over a socket, mostly one in the file system, which
/// the JDK's own client cannot do, or run as a program. Which engine it is and where, `oci.podman`
/// and `oci.docker` know. What we decided is in docs/decisions/0013-engines.md.
package io.github.container2boot.oci.engine;
