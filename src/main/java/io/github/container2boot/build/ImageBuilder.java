package io.github.container2boot.build;

import java.io.IOException;

/// Makes what a plan asks for.
public final class ImageBuilder {
  private final BuildPlan plan;
  private final Progress progress;

  public ImageBuilder(BuildPlan plan, Progress progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /// Carries out the plan: every output it names is in place when this returns, and none of them
  /// has changed if it throws.
  ///
  /// @return what was made, which is also in the output directory as `manifest.json`
  public Manifest build() throws IOException {
    try (OutputDirectory outputs = OutputDirectory.open(plan.outputDirectory())) {
      throw new UnsupportedOperationException(outputs.path() + " " + progress);
    }
  }
}
