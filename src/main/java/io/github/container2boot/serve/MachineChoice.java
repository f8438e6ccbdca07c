package io.github.container2boot.serve;

import java.util.List;
import java.util.Optional;

/// Which machine boots what.
///
/// @param rules the first that fits counts
/// @param otherwise the name of the image for all others
public record MachineChoice(List<Rule> rules, String otherwise) {
  public MachineChoice {
    rules = List.copyOf(rules);
  }

  /// One machine's own image.
  ///
  /// @param image its name
  public record Rule(HardwareAddress machine, String image) {}

  /// The image a rule has for this machine.
  public Optional<String> byRule(HardwareAddress machine) {
    return rules.stream()
        .filter(rule -> rule.machine().equals(machine))
        .map(Rule::image)
        .findFirst();
  }

  /// The image for this machine.
  public String imageFor(Optional<HardwareAddress> machine) {
    return machine.flatMap(this::byRule).orElse(otherwise);
  }
}
