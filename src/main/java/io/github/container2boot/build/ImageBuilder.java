package io.github.container2boot.build;

import java.io.IOException;

/// Makes what a plan asks for.
@FunctionalInterface
public interface ImageBuilder {
  /// Carries out `plan`: every output it names is in place when this returns, and none of them has
  /// changed if it throws.
  ///
  /// @return what was made, which is also in the output directory as `manifest.json`
  Manifest build(BuildPlan plan, Progress progress) throws IOException;
}
