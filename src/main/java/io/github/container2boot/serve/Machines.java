package io.github.container2boot.serve;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who boots what, and how far they are, told by what they ask for.
///
/// A machine is an address. It boots anew when it asks for something it had got beyond already.
final class Machines {
  /// As many as are remembered; whoever was there first is forgotten first.
  static final int MOST = 1024;

  /// Who asks for nothing so long has stopped.
  static final Duration SILENCE = Duration.ofMinutes(2);

  private final InstantSource clock;
  private final BootLog log;
  private final Map<InetAddress, MachineProgress> machines = new LinkedHashMap<>();

  /// Those whose end was told.
  private final Map<InetAddress, Instant> told = new LinkedHashMap<>();

  private final Map<String, long[]> counts = new LinkedHashMap<>();

  Machines(InstantSource clock, BootLog log) {
    this.clock = clock;
    this.log = log;
  }

  /// `address` has asked for something of this stage.
  void reached(InetAddress address, ServedSystem system, Stage stage) {
    List<MachineProgress> over = new ArrayList<>();
    synchronized (this) {
      MachineProgress known = machines.get(address);
      if (known == null || beginsAnew(known, system, stage)) {
        if (known != null && !known.isComplete() && told.remove(address) == null) {
          over.add(counted(known));
        }
        told.remove(address);
        machines.remove(address);
        makeRoom(over);
        Optional<HardwareAddress> machine = known == null ? Optional.empty() : known.machine();
        Instant now = clock.instant();
        machines.put(
            address,
            new MachineProgress(
                address, machine, system.name(), stage, 0, system.rootBytes(), now, now));
      } else {
        machines.put(address, known.at(stage, clock.instant()));
      }
    }
    over.forEach(log::booted);
  }

  /// GRUB and iPXE read their scripts more than once, and dracut's curl tries again.
  private static boolean beginsAnew(MachineProgress known, ServedSystem system, Stage stage) {
    return !known.image().equals(system.name())
        || (stage.compareTo(known.stage()) < 0 && known.stage().compareTo(Stage.KERNEL) >= 0)
        || known.isComplete();
  }

  private void makeRoom(List<MachineProgress> over) {
    Iterator<MachineProgress> oldest = machines.values().iterator();
    while (machines.size() >= MOST && oldest.hasNext()) {
      MachineProgress forgotten = oldest.next();
      oldest.remove();
      if (told.remove(forgotten.address()) == null && !forgotten.isComplete()) {
        over.add(counted(forgotten));
      }
    }
  }

  /// `address` has said who it is.
  synchronized void known(InetAddress address, HardwareAddress machine) {
    machines.computeIfPresent(address, (_, progress) -> progress.known(machine));
  }

  /// `address` got so much more of its root.
  synchronized void fetched(InetAddress address, long bytes) {
    machines.computeIfPresent(address, (_, progress) -> progress.with(bytes, clock.instant()));
  }

  /// `address` got the end of its root.
  void fetchedLast(InetAddress address) {
    MachineProgress over = null;
    synchronized (this) {
      MachineProgress known = machines.get(address);
      if (known != null && !known.isComplete() && known.rootBytes() >= known.rootSizeBytes()) {
        over = known.at(Stage.COMPLETE, clock.instant());
        machines.put(address, over);
        counted(over);
      }
    }
    if (over != null) {
      log.booted(over);
    }
  }

  /// Tells of those who have stopped.
  void sweep() {
    List<MachineProgress> over = new ArrayList<>();
    synchronized (this) {
      Instant before = clock.instant().minus(SILENCE);
      for (MachineProgress machine : machines.values()) {
        if (!machine.isComplete()
            && machine.last().isBefore(before)
            && told.putIfAbsent(machine.address(), machine.last()) == null) {
          over.add(counted(machine));
        }
      }
    }
    over.forEach(log::booted);
  }

  private MachineProgress counted(MachineProgress boot) {
    counts.computeIfAbsent(boot.image(), _ -> new long[2])[boot.isComplete() ? 0 : 1]++;
    return boot;
  }

  /// How many boots of an image were complete, or not.
  synchronized long count(String image, boolean complete) {
    return counts.getOrDefault(image, new long[2])[complete ? 0 : 1];
  }

  /// All that are remembered, the latest first.
  synchronized List<MachineProgress> lately() {
    return machines.values().stream()
        .sorted(Comparator.comparing(MachineProgress::last).reversed())
        .toList();
  }
}
