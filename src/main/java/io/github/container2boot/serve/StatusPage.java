package io.github.container2boot.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.boot.BootException;
import io.github.container2boot.oci.Digest;
import io.github.container2boot.serve.http.Origin;
import io.github.container2boot.serve.http.Resource;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/// The page for people: what is served, how to boot it, and who does.
///
/// It is whole without JavaScript. With it, the page fetches itself every two seconds and takes
/// over what has changed. Style and script are resources of this program, and the only ones that
/// Content-Security-Policy lets a browser use: by their digests.
final class StatusPage {
  private static final String MEDIA_TYPE = "text/html; charset=utf-8";
  private static final String STYLE = resourceText("page.css");
  private static final String SCRIPT = resourceText("page.js");
  private static final String POLICY =
      "default-src 'none'; style-src '%s'; script-src '%s'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
          .formatted(source(STYLE), source(SCRIPT));

  private final Collection<ServedSystem> systems;
  private final MachineChoice choice;

  StatusPage(Collection<ServedSystem> systems, MachineChoice choice) {
    this.systems = systems;
    this.choice = choice;
  }

  private static String resourceText(String name) {
    try (InputStream stream = StatusPage.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException(name + " is missing in the program");
      }
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException damaged) {
      throw new IllegalStateException(damaged);
    }
  }

  private static String source(String text) {
    byte[] digest =
        HexFormat.of().parseHex(Digest.of(Digest.Algorithm.SHA256, text.getBytes(UTF_8)).hex());
    return "sha256-" + Base64.getEncoder().encodeToString(digest);
  }

  Resource resource(Origin origin, List<MachineProgress> machines) throws IOException {
    return Resource.text(html(origin, machines), MEDIA_TYPE)
        .with("Content-Security-Policy", POLICY)
        .with("Referrer-Policy", "no-referrer");
  }

  private String html(Origin origin, List<MachineProgress> machines) throws IOException {
    StringBuilder images = new StringBuilder();
    for (ServedSystem system : systems) {
      images.append(image(system, new BootScripts(origin)));
    }
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>container2boot</title>
    <style>%s</style>
    </head>
    <body>
    <header><h1>container2boot</h1><p>%s</p></header>
    <main>
    <section id="machines" data-live aria-live="polite">
    <h2>Machines</h2>
    %s</section>
    <section id="images">
    <h2>Images</h2>
    %s</section>
    </main>
    <footer><a href="/healthz">health</a> <a href="/metrics">metrics</a></footer>
    <script>%s</script>
    </body>
    </html>
    """
        .formatted(STYLE, escaped(origin.url("/")), machines(machines), images, SCRIPT);
  }

  private static String machines(List<MachineProgress> machines) {
    if (machines.isEmpty()) {
      return "<p>None has asked for anything yet.</p>\n";
    }
    StringBuilder rows = new StringBuilder();
    machines.forEach(machine -> rows.append(machine(machine)));
    return """
    <div class="wide"><table>
    <thead><tr><th>Machine</th><th>Image</th><th>Stage</th><th>Root</th><th>Last seen</th></tr></thead>
    <tbody>
    %s</tbody>
    </table></div>
    """
        .formatted(rows);
  }

  private static String machine(MachineProgress machine) {
    String last = machine.last().toString().replaceFirst("\\..*", "Z");
    return """
    <tr><td>%s</td><td>%s</td><td class="%s">%s</td><td><progress max="%d" value="%d"></progress> %s of %s</td><td><time datetime="%s">%s</time></td></tr>
    """
        .formatted(
            escaped(machine.who()),
            escaped(machine.image()),
            machine.isComplete() ? "done" : "under-way",
            machine.stage(),
            machine.rootSizeBytes(),
            machine.rootBytes(),
            size(machine.rootBytes()),
            size(machine.rootSizeBytes()),
            last,
            last.replace('T', ' ').replace("Z", " UTC"));
  }

  private String image(ServedSystem system, BootScripts scripts) throws IOException {
    StringBuilder files = new StringBuilder();
    for (ServedFile file : system.files()) {
      files.append(file(system, file));
    }
    return """
    <article>
    <h3>%s%s</h3>
    <p>%s, %s, from <span class="source">%s</span>%s</p>
    <dl>
    %s</dl>
    <div class="wide" id="files-%s" data-live><table>
    <thead><tr><th>File</th><th>Size</th><th>SHA-256</th></tr></thead>
    <tbody>
    %s</tbody>
    </table></div>
    </article>
    """
        .formatted(
            escaped(system.name()),
            system.name().equals(choice.otherwise()) ? " <small>default</small>" : "",
            escaped(system.facts().title()),
            system.facts().architecture(),
            escaped(system.facts().source()),
            rules(system),
            lines(system, scripts),
            escaped(system.name()),
            files);
  }

  private String rules(ServedSystem system) {
    List<String> machines =
        choice.rules().stream()
            .filter(rule -> rule.image().equals(system.name()))
            .map(rule -> rule.machine().text())
            .toList();
    return machines.isEmpty() ? "" : "; for " + escaped(String.join(", ", machines));
  }

  private static String lines(ServedSystem system, BootScripts scripts) throws IOException {
    List<String> lines = new ArrayList<>();
    boolean plain = scripts.origin().scheme().equals("http");
    if (system.hasNetworkLoader() && plain) {
      lines.add(line("UEFI HTTP Boot", scripts.origin().url(system.firstProgram())));
    }
    lines.add(line("iPXE", "chain " + scripts.url(system, BootServer.IPXE)));
    if (plain) {
      lines.add(
          line(
              "GRUB",
              "configfile (http,%s)%s"
                  .formatted(scripts.origin().authority(), system.path(BootServer.GRUB))));
    }
    try {
      lines.add(line("Kernel arguments", scripts.commandLine(system).text()));
    } catch (BootException unsuitable) {
      throw new IOException(unsuitable.getMessage(), unsuitable);
    }
    return String.join("", lines);
  }

  private static String line(String what, String text) {
    return "<dt>%s</dt><dd><code>%s</code></dd>\n".formatted(escaped(what), escaped(text));
  }

  private static String file(ServedSystem system, ServedFile file) {
    String digest =
        file.body().isDone() && !file.body().isCompletedExceptionally()
            ? file.body().join().tag().digest().hex()
            : file.body().isDone() ? "cannot be read" : "being computed";
    return "<tr><td><a href=\"%s\">%s</a></td><td>%s</td><td><code>%s</code></td></tr>\n"
        .formatted(
            escaped(system.path(file.path())),
            escaped(file.path().substring(1)),
            size(file.sizeBytes()),
            digest);
  }

  private static String size(long bytes) {
    return bytes < 1 << 20
        ? String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0)
        : String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
  }

  /// For text and for values in double quotes.
  static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(character -> {
          switch (character) {
            case '&' -> escaped.append("&amp;");
            case '<' -> escaped.append("&lt;");
            case '>' -> escaped.append("&gt;");
            case '"' -> escaped.append("&quot;");
            case '\'' -> escaped.append("&#39;");
            default ->
                escaped.appendCodePoint(Character.isISOControl(character) ? 0xfffd : character);
          }
        });
    return escaped.toString();
  }
}
