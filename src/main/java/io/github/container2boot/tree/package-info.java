/// A file tree as metadata: what a layer, a root filesystem or an EFI system partition holds.
///
/// A [FileTree][io.github.container2boot.tree.FileTree] is immutable. Names are bytes
/// ([FileName][io.github.container2boot.tree.FileName]), file data is a
/// [Content][io.github.container2boot.bytes.Content], and directories list their entries in the
/// order of their names as unsigned bytes, so that walking the same tree twice visits the same
/// things in the same order.
///
/// Hard links are identity: an [Inode][io.github.container2boot.tree.Inode] that two directories
/// (or two names) share is one inode with two links. Inodes therefore compare by identity, never by
/// value.
///
/// The vocabulary is that of inode(7).
package io.github.container2boot.tree;
