package io.github.container2boot.serve.http;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/// What a server has to offer.
@FunctionalInterface
public interface Site {
  /// What `request` names, as its client is to see it; empty if there is nothing.
  Optional<Resource> find(ClientRequest request) throws IOException;

  /// The same for everybody.
  ///
  /// @param resources by their paths, with a slash in front
  static Site of(Map<String, Resource> resources) {
    Map<String, Resource> known = Map.copyOf(resources);
    return request -> Optional.ofNullable(known.get(request.path()));
  }
}
