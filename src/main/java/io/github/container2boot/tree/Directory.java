package io.github.container2boot.tree;

import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A directory and its entries, in the order of their names.
public final class Directory extends Inode {
  private final Entries entries;

  private Directory(Attributes attributes, Entries entries) {
    super(attributes);
    this.entries = entries;
  }

  /// Entries that are there, or are read when somebody asks for them.
  private static final class Entries {
    private @Nullable Supplier<NavigableMap<FileName, Inode>> reader;
    private @Nullable NavigableMap<FileName, Inode> known;

    Entries(NavigableMap<FileName, Inode> known) {
      this.known = known;
    }

    Entries(Supplier<NavigableMap<FileName, Inode>> reader) {
      this.reader = reader;
    }

    synchronized NavigableMap<FileName, Inode> get() {
      if (known == null) {
        known = Collections.unmodifiableNavigableMap(Objects.requireNonNull(reader).get());
        reader = null;
      }
      return known;
    }
  }

  public static Directory of(Attributes attributes, NavigableMap<FileName, Inode> entries) {
    return owning(attributes, new TreeMap<>(entries));
  }

  /// Like [#of], without a copy: `entries` must not change any more.
  public static Directory owning(Attributes attributes, NavigableMap<FileName, Inode> entries) {
    return new Directory(attributes, new Entries(Collections.unmodifiableNavigableMap(entries)));
  }

  /// A directory whose entries are read once, when they are first asked for.
  ///
  /// @param entries what it gives must not change any more; it is called by one thread, once,
  ///   unless it throws
  public static Directory deferred(
      Attributes attributes, Supplier<NavigableMap<FileName, Inode>> entries) {
    return new Directory(attributes, new Entries(entries));
  }

  public static Directory empty(Attributes attributes) {
    return new Directory(attributes, new Entries(Collections.emptyNavigableMap()));
  }

  public NavigableMap<FileName, Inode> entries() {
    return entries.get();
  }

  public @Nullable Inode get(FileName name) {
    return entries().get(name);
  }

  /// The same names, with an inode for each that `change` decides. Keeping the names saves
  /// comparing them.
  public <X extends Exception> Directory withInodes(InodeChange<X> change) throws X {
    NavigableMap<FileName, Inode> changed = new TreeMap<>(entries());
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
