/// Images that podman keeps: `containers-storage:` of containers-transports(5).
///
/// What an image is, `podman image inspect` or podman's own API says. Layers that must be read are
/// read where they lie, without podman: containers/storage unpacks a layer into `overlay/<id>/diff`
/// and keeps what the files do not tell about the archive (headers, padding) in
/// `overlay-layers/<id>.tar-split.gz`, so that it can hand out the same archive again, byte for
/// byte. [StoredLayers][io.github.container2boot.oci.podman.StoredLayers] does the same. The digest
/// in the image's configuration tells whether that was right. Most files this user may read; the
/// others are read in the user namespace that owns them.
///
/// Where it cannot be done (another storage driver, a storage on another machine, a layer that was
/// pulled in part), podman is asked for the whole image, in the form that costs it least:
/// `docker-archive`, uncompressed.
///
/// What we decided is in docs/decisions/0013-engines.md.
package io.github.container2boot.oci.podman;
