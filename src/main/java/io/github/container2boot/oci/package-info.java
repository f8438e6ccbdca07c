/// Container images: what they are made of, and where they come from.
///
/// Everything that holds an image opens as the same [Image][io.github.container2boot.oci.Image]: a
/// configuration, and layers that can each be read as a stream of tar, several at the same time, or
/// as a tree of files. The rest of the program never learns which it was. What a user writes to
/// name one of them is read by `source.Source`, which knows all of them.
///
/// | what holds images | is known to |
/// |---|---|
/// | an OCI image layout, in a directory or an archive | this package |
/// | a docker archive, a directory that skopeo copied to | this package |
/// | a root filesystem, in a tarball or a directory | this package; `directory` reads the latter |
/// | a registry | `oci.registry`, told by `oci.configuration` how to get there |
/// | podman, docker | `oci.podman`, `oci.docker`: both are engines of `oci.engine` |
///
/// The specifications are the OCI image format 1.1 (image-layout, image-index, manifest, config,
/// descriptor) and docker's image manifest version 2, schema 2, whose media types mean the same.
/// The archives of `docker save`, `podman save` and skopeo have no specification; what they write
/// is described at [DockerArchive][io.github.container2boot.oci.DockerArchive].
///
/// What we decided:
///
/// - Everything is checked while it is read: the size and digest of index, manifest, configuration
///   and layers, and the diffID of each layer once it is uncompressed. A layer is verified when its
///   stream has reached the end, not before.
/// - How a layer is compressed is told by its first bytes. Media types are wrong too often.
/// - JSON documents are at most 4 MiB, as registries have it. A key that is there twice, and a
///   document that is both an index and a manifest, are refused: different readers would see
///   different images.
/// - Archives are opened once and indexed; blobs are slices of the file. An archive that is
///   compressed, or comes through a pipe, is first written to a temporary file that has no name any
///   more, so that it vanishes with the process.
/// - A choice that only the user can make (which image, which platform) is a
///   [SourceException][io.github.container2boot.oci.SourceException] that lists what there is.
package io.github.container2boot.oci;
