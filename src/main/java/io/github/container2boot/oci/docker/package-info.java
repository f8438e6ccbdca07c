/// Images that docker keeps: `docker-daemon:` of containers-transports(5).
///
/// Docker is found as its own client finds it: `DOCKER_HOST`, or a context (`DOCKER_CONTEXT`,
/// `currentContext` in `config.json`), or the sockets it usually listens on. With TLS, whose
/// certificates lie in `DOCKER_CERT_PATH` or the context, both sides prove who they are. The files
/// themselves are read by `oci.configuration`.
///
/// What an image is, the Engine API says without handing it out; if a layer must be made, docker
/// exports the whole image, and all there is to do is to read it while it comes.
package io.github.container2boot.oci.docker;
