package io.github.container2boot.tree;

import java.util.Collections;
import java.util.Map;
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
    return owning(attributes, new TreeMap<>(entries));
  }

  /// Like [#of], without a copy: `entries` must not change any more.
  static Directory owning(Attributes attributes, NavigableMap<FileName, Inode> entries) {
    return new Directory(attributes, Collections.unmodifiableNavigableMap(entries));
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

  /// The same names, with an inode for each that `change` decides. Keeping the names saves
  /// comparing them.
  public <X extends Exception> Directory withInodes(InodeChange<X> change) throws X {
    NavigableMap<FileName, Inode> changed = new TreeMap<>(entries);
    for (Map.Entry<FileName, Inode> entry : changed.entrySet()) {
      entry.setValue(change.inode(entry.getKey(), entry.getValue()));
    }
    return owning(attributes(), changed);
  }

  /// Decides what a name stands for.
  @FunctionalInterface
  public interface InodeChange<X extends Exception> {
    Inode inode(FileName name, Inode inode) throws X;
  }

  public Directory withEntries(NavigableMap<FileName, Inode> changed) {
    return of(attributes(), changed);
  }

  @Override
  public Directory withAttributes(Attributes changed) {
    return new Directory(changed, entries);
  }
}
