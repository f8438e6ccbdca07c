/// From a stack of layers to one tree, without unpacking anything.
///
/// A *layer image* is one layer as a SquashFS image in the form overlayfs gives to its upper
/// directories: a whiteout is a character device 0/0, a directory that hides what lies below
/// carries `trusted.overlay.opaque=y`. It is a pure function of the layer and the SquashFS options,
/// so it can be kept and shared. [LayerImage][io.github.container2boot.layer.LayerImage] makes one
/// from a tar stream; [LayerStack][io.github.container2boot.layer.LayerStack] lays their trees over
/// each other, touching metadata only.
///
/// A [LayerCache][io.github.container2boot.layer.LayerCache] keeps layer images between builds, in
/// a [CacheDirectory][io.github.container2boot.layer.CacheDirectory].
///
/// The specification is the OCI image-spec's layer.md. Where it is silent we decided:
///
/// - A layer's whiteouts and opaque marks apply to the layers below it, whatever their place among
///   the entries; then the layer's own entries are added. A name both whited out and present in one
///   layer is replaced, not removed.
/// - A later entry for the same name wins. A hard link that comes before a later duplicate of its
///   target keeps the earlier data.
/// - A directory that a layer only implies (it has `usr/bin/tool`, but no entry for `usr`) changes
///   nothing about a directory below it. If there is a symbolic link below it, the link is
///   followed, never out of the root: an upper layer's `lib/tool` lands in `usr/lib` where `lib` is
///   a link to it, as an extractor would do it.
/// - A hard link may name a file that only a lower layer has, even one that the same layer whites
///   out.
/// - Names beginning `.wh..wh.` other than the opaque mark are AUFS's own housekeeping and mean
///   nothing.
///
/// Overlayfs has no way to say four of these things, so a layer image carries marks of our own
/// under `trusted.container2boot.`; none of them survives into a merged tree.
package io.github.container2boot.layer;
