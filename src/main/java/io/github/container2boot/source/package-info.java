/// What a user names an image by, and opening it, wherever that is.
///
/// The transports are those of containers-transports(5). Those that are files lie in `oci`, the
/// others in packages below it, and none knows another; only
/// [SourceOpener][io.github.container2boot.source.SourceOpener] knows all of them.
///
/// A [Source][io.github.container2boot.source.Source] without a transport is a file or a directory,
/// told by what is in it, or else a bare name, which podman, docker and registries are asked for in
/// this order ([BareName][io.github.container2boot.source.BareName]).
package io.github.container2boot.source;
