/// Reads tar archives: the layers of container images, root filesystem tarballs, and the archives
/// whole images travel in.
///
/// "Tar" is a family. [TarReader][io.github.container2boot.tar.TarReader] takes all of it that is
/// met in practice, told by content and mixed at will:
///
/// - the Seventh Edition's header, and POSIX ustar (pax in IEEE Std 1003.1-2017, "ustar Interchange
///   Format");
/// - pax extended headers, global and for one entry ("pax Interchange Format"), with the keywords
///   of star and GNU (`SCHILY.xattr.*`, `SCHILY.acl.*`, `SCHILY.dev*`, `GNU.sparse.*`,
///   `RHT.security.selinux`) and libarchive (`LIBARCHIVE.xattr.*`);
/// - GNU tar: long names (`L`, `K`), base-256 numbers, sparse files in the header (`S`) and in
///   extended headers, versions 0.0, 0.1 and 1.0 (GNU tar manual, appendix "Tar Internals").
///
/// What we decided where the writers disagree:
///
/// - Names, link targets and attribute values are bytes. No charset is assumed anywhere; a pax
///   value is exactly as long as its record says. This is why the reader is our own: see the record
///   of that decision in docs/decisions.
/// - Owners are the numeric ids. User and group names belong to the machine the archive was made
///   on.
/// - Links, directories, devices and fifos have no data, whatever their size field says, as in Go's
///   reader, which every container engine uses. A hard link may have (POSIX allows it since 2001):
///   it has if no header follows at once.
/// - A regular file whose name ends in a slash is a directory (Seventh Edition).
/// - An empty value in an extended header takes the keyword back: the plain header counts again.
/// - The archive ends at two zero blocks, or where the input ends between entries, as some builders
///   leave the zero blocks out. What follows the zero blocks is read and dropped, so that an input
///   that checks its own digest at its end gets there.
/// - NULs that pad an extended header count as padding. Any other broken record is an error:
///   guessing would lose an attribute that matters.
package io.github.container2boot.tar;
