package io.github.container2boot.oci;

import io.github.container2boot.bytes.FormatException;
import java.util.ArrayList;
import java.util.List;

/// A list of images: the tags of a layout, the platforms of an image (image-spec, image-index.md).
record Index(List<Descriptor> manifests) {
  static Index read(JsonObject json) throws FormatException {
    Documents.requireSchemaVersion2(json);
    Documents.requireNo(json, "an index", "config", "layers", "fsLayers");
    List<Descriptor> manifests = new ArrayList<>();
    for (JsonObject manifest : json.objects("manifests")) {
      manifests.add(Descriptor.read(manifest));
    }
    return new Index(List.copyOf(manifests));
  }
}
