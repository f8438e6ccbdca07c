package io.github.container2boot.tree;

import java.time.Instant;

/// What every inode has, whatever its type.
///
/// @param permissions the low twelve bits of st_mode: rwx for owner, group and others, sticky
///   (01000), setgid (02000), setuid (04000)
/// @param userId owner, 0 to 2^32-1
/// @param groupId group, 0 to 2^32-1
/// @param modified time of the last change of the data
/// @param xattrs extended attributes
public record Attributes(
    int permissions, long userId, long groupId, Instant modified, ExtendedAttributes xattrs) {
  public static final int STICKY = 0_1000;
  public static final int SETGID = 0_2000;
  public static final int SETUID = 0_4000;

  private static final long MAX_ID = 0xffff_ffffL;

  public Attributes {
    if ((permissions & ~0_7777) != 0) {
      throw new IllegalArgumentException("permissions 0%o".formatted(permissions));
    }
    if (userId < 0 || userId > MAX_ID || groupId < 0 || groupId > MAX_ID) {
      throw new IllegalArgumentException("owner %d:%d".formatted(userId, groupId));
    }
  }

  /// Owned by root, without extended attributes.
  public static Attributes ofRoot(int permissions, Instant modified) {
    return new Attributes(permissions, 0, 0, modified, ExtendedAttributes.none());
  }

  public Attributes withXattrs(ExtendedAttributes changed) {
    return new Attributes(permissions, userId, groupId, modified, changed);
  }

  public Attributes withModified(Instant changed) {
    return new Attributes(permissions, userId, groupId, changed, xattrs);
  }
}
