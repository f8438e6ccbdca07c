package io.github.container2boot.tree;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A directory and its entries, in the order of their names.
public final class Directory extends Inode {
  private final NavigableMap<FileName, Inode> entries;

  /// Takes `entries` over: it must not change any more.
  private Directory(Attributes attributes, NavigableMap<FileName, Inode> entries) {
    super(attributes);
    this.entries = entries;
  }

  public static Directory of(Attributes attributes, NavigableMap<FileName, Inode> entries) {
    return new Directory(attributes, Collections.unmodifiableNavigableMap(new TreeMap<>(entries)));
  }

  public static Directory empty(Attributes attributes) {
    return new Directory(attributes, Collections.emptyNavigableMap());
  }

  public NavigableMap<FileName, Inode> entries() {
    return entries;
  }

  public @Nullable Inode get(FileName name) {
    return entries.get(name);
  }

  public Directory withEntries(NavigableMap<FileName, Inode> changed) {
    return of(attributes(), changed);
  }

  @Override
  public Directory withAttributes(Attributes changed) {
    return new Directory(changed, entries);
  }
}
