package io.github.container2boot.boot;

/// A root file system cannot be made to boot, or not as it was asked for.
public final class BootException extends Exception {
  private final transient BootProblem problem;

  public BootException(BootProblem problem) {
    super(problem.message());
    this.problem = problem;
  }

  /// What is missing or wrong, as data.
  public BootProblem problem() {
    return problem;
  }
}
