package io.github.container2boot.serve;

import io.github.container2boot.serve.tftp.TransferObserver.Ending;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Numbers in Prometheus' text format 0.0.4.
final class Metrics {
  static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final Map<Integer, LongAdder> answers = new ConcurrentHashMap<>();
  private final LongAdder sentBytes = new LongAdder();
  private final LongAdder cut = new LongAdder();
  private final Map<String, LongAdder> transfers = new ConcurrentHashMap<>();
  private final LongAdder transferredBytes = new LongAdder();

  void answered(int status, boolean complete) {
    answers.computeIfAbsent(status, _ -> new LongAdder()).increment();
    if (!complete) {
      cut.increment();
    }
  }

  void sent(long bytes) {
    sentBytes.add(bytes);
  }

  /// A transfer by TFTP is over.
  void transferred(long sizeBytes, Ending ending) {
    transfers.computeIfAbsent(name(ending), _ -> new LongAdder()).increment();
    if (ending instanceof Ending.Complete) {
      transferredBytes.add(sizeBytes);
    }
  }

  private static String name(Ending ending) {
    return switch (ending) {
      case Ending.Complete _ -> "complete";
      case Ending.Declined _ -> "declined";
      case Ending.Unanswered _ -> "unanswered";
      case Ending.Failed _ -> "failed";
    };
  }

  /// All of them.
  ///
  /// @param systems what is served
  /// @param connections how many clients are connected now
  String text(Iterable<ServedSystem> systems, Machines machines, int connections) {
    Text text = new Text();
    text.family("http_connections", "gauge", "Clients that are connected.");
    text.value("http_connections", "", connections);
    text.family("http_responses_total", "counter", "Answers, by status.");
    new TreeMap<>(answers)
        .forEach((status, count) ->
            text.value("http_responses_total", "code=\"" + status + "\"", count.sum()));
    text.family("http_sent_bytes_total", "counter", "Bytes of bodies that were sent.");
    text.value("http_sent_bytes_total", "", sentBytes.sum());
    text.family("http_aborted_total", "counter", "Answers that were not sent whole.");
    text.value("http_aborted_total", "", cut.sum());
    text.family("tftp_transfers_total", "counter", "Transfers by TFTP, by how they ended.");
    new TreeMap<>(transfers)
        .forEach(
            (end, count) -> text.value("tftp_transfers_total", "end=\"" + end + "\"", count.sum()));
    text.family("tftp_sent_bytes_total", "counter", "Bytes of files that went whole by TFTP.");
    text.value("tftp_sent_bytes_total", "", transferredBytes.sum());
    text.family("boots_total", "counter", "Boots, by how they ended.");
    for (ServedSystem system : systems) {
      text.value(
          "boots_total", image(system) + ",end=\"booted\"", machines.count(system.name(), true));
      text.value(
          "boots_total", image(system) + ",end=\"stopped\"", machines.count(system.name(), false));
    }
    text.family("root_bytes", "gauge", "Size of the root of an image.");
    for (ServedSystem system : systems) {
      text.value("root_bytes", image(system), system.rootBytes());
    }
    return text.toString();
  }

  /// Names of images need no escapes.
  private static String image(ServedSystem system) {
    return "image=\"" + system.name() + "\"";
  }

  private static final class Text {
    private static final String PREFIX = "container2boot_";
    private final StringBuilder text = new StringBuilder();

    void family(String name, String type, String help) {
      text.append("# HELP ").append(PREFIX).append(name).append(' ').append(help).append('\n');
      text.append("# TYPE ").append(PREFIX).append(name).append(' ').append(type).append('\n');
    }

    void value(String name, String labels, long value) {
      text.append(PREFIX).append(name);
      if (!labels.isEmpty()) {
        text.append('{').append(labels).append('}');
      }
      text.append(' ').append(value).append('\n');
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
