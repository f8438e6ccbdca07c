package io.github.container2boot.oci;

import io.github.container2boot.bytes.FormatException;
import java.util.ArrayList;
import java.util.List;

/// What an image consists of (image-spec, manifest.md).
///
/// @param config the configuration
/// @param layers the layers, the lowest first
record Manifest(Descriptor config, List<Descriptor> layers) {
  static Manifest read(JsonObject json) throws FormatException {
    Documents.requireSchemaVersion2(json);
    Documents.requireNo(json, "a manifest", "manifests", "fsLayers");
    Descriptor config = Descriptor.read(json.requireObject("config"));
    List<Descriptor> layers = new ArrayList<>();
    for (JsonObject layer : json.objects("layers")) {
      layers.add(Descriptor.read(layer));
    }
    return new Manifest(config, List.copyOf(layers));
  }
}
