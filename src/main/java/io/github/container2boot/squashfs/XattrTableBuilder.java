package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.compress.BlockCompressor;
import io.github.container2boot.tree.ExtendedAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// Collects the extended attributes of all inodes: each different set once, and each larger value
/// once, later ones referring to it.
final class XattrTableBuilder {
  private final MetadataWriter keys;
  private final BlockCompressor compressor;
  private final Map<ExtendedAttributes, Long> indexes = new HashMap<>();

  /// The same by identity: comparing sets takes long, and many inodes share one.
  private final IdentityHashMap<ExtendedAttributes, Long> indexesOfSame = new IdentityHashMap<>();

  private final Map<ByteString, MetadataReference> values = new HashMap<>();
  private final List<XattrSet> sets = new ArrayList<>();

  XattrTableBuilder(BlockCompressor compressor) {
    this.compressor = compressor;
    this.keys = new MetadataWriter(compressor);
  }

  /// The index of the set of what can be stored of `xattrs`.
  long indexOf(ExtendedAttributes xattrs) throws SquashfsLimitException {
    if (xattrs.isEmpty()) {
      return InodeRecord.NO_XATTRS;
    }
    Long same = indexesOfSame.get(xattrs);
    if (same != null) {
      return same;
    }
    long index = indexOfEqual(xattrs);
    indexesOfSame.put(xattrs, index);
    return index;
  }

  private long indexOfEqual(ExtendedAttributes xattrs) throws SquashfsLimitException {
    Long known = indexes.get(xattrs);
    if (known != null) {
      return known;
    }
    long index = add(storable(xattrs.values()));
    indexes.put(xattrs, index);
    return index;
  }

  private static NavigableMap<ByteString, ByteString> storable(
      NavigableMap<ByteString, ByteString> xattrs) {
    NavigableMap<ByteString, ByteString> storable = new TreeMap<>(xattrs);
    storable.keySet().removeIf(name -> XattrPrefix.of(name).isEmpty());
    return storable;
  }

  private long add(NavigableMap<ByteString, ByteString> xattrs) throws SquashfsLimitException {
    if (xattrs.isEmpty()) {
      return InodeRecord.NO_XATTRS;
    }
    MetadataReference first = keys.position();
    long sizeBytes = 0;
    for (Map.Entry<ByteString, ByteString> xattr : xattrs.entrySet()) {
      sizeBytes += write(xattr.getKey(), xattr.getValue());
    }
    sets.add(new XattrSet(first, xattrs.size(), sizeBytes));
    return sets.size() - 1L;
  }

  private int write(ByteString name, ByteString value) throws SquashfsLimitException {
    SquashfsLimitException.require(
        "so long an extended attribute's name", name.size(), XattrKey.LARGEST_NAME_BYTES);
    SquashfsLimitException.require(
        "so large an extended attribute", value.size(), XattrKey.LARGEST_VALUE_BYTES);
    MetadataReference elsewhere = values.get(value);
    ByteWriter key = ByteWriter.littleEndian(64);
    XattrPrefix prefix = XattrPrefix.of(name).orElseThrow();
    new XattrKey(prefix, elsewhere != null, prefix.without(name)).writeTo(key);
    keys.write(key);
    if (value.size() > XattrKey.REFERENCE_BYTES && elsewhere == null) {
      values.put(value, keys.position());
    }
    ByteWriter written = valueOrReference(value, Optional.ofNullable(elsewhere));
    keys.write(written);
    return key.size() + written.size();
  }

  private static ByteWriter valueOrReference(
      ByteString value, Optional<MetadataReference> elsewhere) {
    ByteWriter writer = ByteWriter.littleEndian(4 + value.size());
    return elsewhere.isPresent()
        ? writer.u32(XattrKey.REFERENCE_BYTES).u64(elsewhere.get().packed())
        : writer.u32(value.size()).bytes(value);
  }

  /// Writes the whole table, if any inode has extended attributes.
  ///
  /// @return the offset of its header, or [Superblock#NO_TABLE]
  long writeTo(TableWriter tables) {
    if (sets.isEmpty()) {
      return Superblock.NO_TABLE;
    }
    long keysOffset = tables.blocks(keys.finish());
    MetadataWriter ids = new MetadataWriter(compressor);
    ByteWriter record = ByteWriter.littleEndian(XattrSet.SIZE * sets.size());
    sets.forEach(set -> set.writeTo(record));
    ids.write(record);
    ByteWriter header = ByteWriter.littleEndian(XattrTableHeader.SIZE);
    new XattrTableHeader(keysOffset, sets.size()).writeTo(header);
    return tables.indexed(ids, header);
  }
}
