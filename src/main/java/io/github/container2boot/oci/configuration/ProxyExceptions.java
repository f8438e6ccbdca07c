package io.github.container2boot.oci.configuration;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The hosts that are reached without a proxy: this machine, and what `no_proxy` lists.
///
/// | entry | stands for |
/// |---|---|
/// | `*` | every host |
/// | `example.org` | that host and those below it |
/// | `.example.org`, `*.example.org` | those below it |
/// | `192.0.2.1`, `2001:db8::1` | that address |
/// | `192.0.2.0/24`, `2001:db8::/32` | those addresses |
/// | `HOST:PORT`, `[ADDRESS]:PORT` | the same, for one port |
final class ProxyExceptions {
  private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");
  private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}$");

  private final List<Rule> rules;

  private ProxyExceptions(List<Rule> rules) {
    this.rules = rules;
  }

  private sealed interface Rule {
    boolean matches(String host, Optional<InetAddress> address, int port);
  }

  private record Everything() implements Rule {
    @Override
    public boolean matches(String host, Optional<InetAddress> address, int port) {
      return true;
    }
  }

  /// @param port -1 for all
  private record Domain(String name, boolean itself, int port) implements Rule {
    @Override
    public boolean matches(String host, Optional<InetAddress> address, int asked) {
      boolean below = host.endsWith("." + name);
      return (below || (itself && host.equals(name))) && (port < 0 || port == asked);
    }
  }

  /// @param port -1 for all
  private record Network(InetAddress start, int bits, int port) implements Rule {
    @Override
    public boolean matches(String host, Optional<InetAddress> address, int asked) {
      return address.isPresent() && contains(address.get()) && (port < 0 || port == asked);
    }

    private boolean contains(InetAddress address) {
      byte[] network = start.getAddress();
      byte[] asked = address.getAddress();
      if (network.length != asked.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        if (((network[bit / 8] ^ asked[bit / 8]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }
  }

  /// What cannot be understood stands for nothing, as everywhere.
  static ProxyExceptions parse(String list) {
    List<Rule> rules = new ArrayList<>();
    for (String entry : SEPARATOR.split(list, -1)) {
      String text = entry.toLowerCase(Locale.ROOT);
      if (text.equals("*")) {
        rules.add(new Everything());
      } else if (text.contains("/")) {
        network(text).ifPresent(rules::add);
      } else if (!text.isEmpty()) {
        rules.add(host(text));
      }
    }
    return new ProxyExceptions(List.copyOf(rules));
  }

  private static Optional<Rule> network(String text) {
    int slash = text.indexOf('/');
    Optional<InetAddress> start = address(text.substring(0, slash));
    try {
      int bits = Integer.parseInt(text.substring(slash + 1));
      return start
          .filter(address -> bits >= 0 && bits <= 8 * address.getAddress().length)
          .map(address -> new Network(address, bits, -1));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  private static Rule host(String text) {
    boolean hasPort = address(text).isEmpty() && PORT.matcher(text).find();
    int colon = text.lastIndexOf(':');
    String name = hasPort ? text.substring(0, colon) : text;
    int port = hasPort ? Integer.parseInt(text.substring(colon + 1)) : -1;
    Optional<InetAddress> address = address(name);
    if (address.isPresent()) {
      return new Network(address.get(), 8 * address.get().getAddress().length, port);
    }
    boolean below = name.startsWith(".") || name.startsWith("*.");
    return new Domain(below ? name.substring(name.indexOf('.') + 1) : name, !below, port);
  }

  /// An address that is written as one; names are not looked up.
  private static Optional<InetAddress> address(String text) {
    try {
      boolean bracketed = text.startsWith("[") && text.endsWith("]");
      return Optional.of(
          InetAddress.ofLiteral(bracketed ? text.substring(1, text.length() - 1) : text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  boolean contain(String host, int port) {
    String name = host.toLowerCase(Locale.ROOT);
    Optional<InetAddress> address = address(name);
    return name.equals("localhost")
        || address.filter(InetAddress::isLoopbackAddress).isPresent()
        || rules.stream().anyMatch(rule -> rule.matches(name, address, port));
  }
}
