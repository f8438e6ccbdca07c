package io.github.container2boot.oci.engine;

import io.github.container2boot.oci.Digest;
import io.github.container2boot.oci.Image;
import io.github.container2boot.oci.Layer;
import io.github.container2boot.oci.LazyLayer;
import io.github.container2boot.oci.ReadAheadInputStream;
import io.github.container2boot.oci.Request;
import io.github.container2boot.oci.SourceException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An image that an engine keeps, whose layers are fetched when they are opened.
public final class EngineImage implements Closeable {
  private final Engine engine;
  private final InspectedImage inspected;
  private final KeptLayers kept;
  private final Request request;
  private @Nullable Export export;

  private EngineImage(Engine engine, InspectedImage inspected, KeptLayers kept, Request request) {
    this.engine = engine;
    this.inspected = inspected;
    this.kept = kept;
    this.request = request;
  }

  /// The image that `engine` has found; closing it ends an export that is under way.
  ///
  /// @param kept how else its layers can be had
  public static Image open(
      Engine engine, InspectedImage inspected, KeptLayers kept, Request request)
      throws SourceException {
    request.requirePlatform(inspected.config());
    EngineImage image = new EngineImage(engine, inspected, kept, request);
    return new Image(
        request.source(), Optional.of(inspected.id()), inspected.config(), image.layers(), image);
  }

  private List<Layer> layers() {
    List<Digest> diffIds = inspected.config().diffIds();
    List<Layer> layers = new ArrayList<>();
    for (int index = 0; index < diffIds.size(); index++) {
      int place = index;
      layers.add(
          LazyLayer.of(
              index,
              diffIds.size(),
              diffIds.get(index),
              kept.sizeBytes(index),
              () -> openLayer(place)));
    }
    return layers;
  }

  private InputStream openLayer(int index) throws IOException {
    Optional<InputStream> stored = kept.open(index);
    return stored.isPresent() ? new ReadAheadInputStream(stored.get()) : export().open(index);
  }

  private synchronized Export export() throws IOException {
    if (export == null) {
      export =
          Export.begin(
              engine.name(),
              engine.export(inspected.id().hex()),
              inspected.config().diffIds(),
              request);
    }
    return export;
  }

  @Override
  public synchronized void close() throws IOException {
    if (export != null) {
      export.close();
    }
  }
}
