/// Reads a directory as a tree: a mounted image, the root of a running container, what mmdebstrap
/// or debootstrap made.
///
/// [DirectoryTree][io.github.container2boot.directory.DirectoryTree] finds out everything but the
/// data of files when it is opened; their Contents open them when they are read. It is for Linux,
/// whose calls it makes directly (openat(2), statx(2), getdents64(2), readlinkat(2), pread(2),
/// lseek(2), llistxattr(2), lgetxattr(2)): `java.nio.file` cannot say device numbers and most
/// extended attributes, and in the C locale not even names.
/// [FilesBelow][io.github.container2boot.directory.FilesBelow] makes the same calls for somebody
/// who knows which files to read, as podman's storage does. What we decided:
///
/// - Names are bytes. Below the root each is looked up in the open directory it lies in, and no
///   symbolic link is followed, so that nothing that is renamed meanwhile leads out of the root.
/// - One file system. A directory that something is mounted on is empty, a file that something is
///   mounted on too, as the files are that a container engine mounts resolv.conf and hosts on.
///   Mount points are what the kernel calls so (`STATX_ATTR_MOUNT_ROOT`); device numbers would not
///   do, since overlayfs may give a file the device of the layer it comes from, and do only where
///   the kernel is older than 5.8.
/// - Names are hard links to one inode if device and inode number are the same. On overlayfs that
///   holds for what comes from one layer; a link that was broken when a file was copied up is
///   broken in the tree too.
/// - All extended attributes are taken as the mount shows them, but `security.selinux`: labels are
///   those of the machine it is mounted on, and no engine puts them into an archive either. What
///   overlayfs keeps in attributes for itself it does not show; names that look like it are
///   somebody's own.
/// - A character device 0/0 is a device: a mounted overlay shows no whiteouts.
/// - Sockets are kept, which archives cannot hold.
/// - A file is compared with what it was, by inode, size, mtime and ctime, before it is read and
///   after; a directory after its entries were looked at. A difference is a
///   [DirectoryException][io.github.container2boot.directory.DirectoryException] that names it. A
///   fifo that has taken a file's place is never waited for.
/// - No more files are open than directories lead to the one being read, for each thread.
package io.github.container2boot.directory;
