package io.github.container2boot.serve;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;

/// One boot of one machine, as far as the server sees it.
///
/// @param machine what it said of itself, where it did
/// @param image what it boots
/// @param rootBytes how much of its root it has fetched
/// @param began when it first asked
/// @param last when it last did, or got something
public record MachineProgress(
    InetAddress address,
    Optional<HardwareAddress> machine,
    String image,
    Stage stage,
    long rootBytes,
    long rootSizeBytes,
    Instant began,
    Instant last) {
  MachineProgress at(Stage reached, Instant now) {
    return new MachineProgress(
        address,
        machine,
        image,
        reached.compareTo(stage) > 0 ? reached : stage,
        rootBytes,
        rootSizeBytes,
        began,
        now);
  }

  MachineProgress with(long moreRootBytes, Instant now) {
    return new MachineProgress(
        address,
        machine,
        image,
        stage,
        Math.min(rootBytes + moreRootBytes, rootSizeBytes),
        rootSizeBytes,
        began,
        now);
  }

  MachineProgress known(HardwareAddress as) {
    return new MachineProgress(
        address, Optional.of(as), image, stage, rootBytes, rootSizeBytes, began, last);
  }

  public boolean isComplete() {
    return stage == Stage.COMPLETE;
  }

  /// `10.0.0.17 (52:54:00:12:34:56)`.
  public String who() {
    String text = address.getHostAddress();
    return machine.map(known -> text + " (" + known + ")").orElse(text);
  }
}
