package io.github.container2boot.oci.configuration;

import io.github.container2boot.testing.Tools;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A request through a proxy, in a process of its own: whether a proxy that tunnels may be told a
/// password is decided once in a process, before its first client.
final class ProxiedRequest {
  private ProxiedRequest() {}

  record Answer(int status, String body) {}

  /// Sends a request with these variables set, certificates of authorities in `certificates`.
  static Answer send(Map<String, String> environment, URI target, Path certificates) {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<Object> command = new ArrayList<>(List.of(java, "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(ProxiedRequest.class.getName(), target, certificates));
    environment.forEach((name, value) -> command.add(name + "=" + value));
    String[] lines = Tools.run(command.toArray()).strip().split("\n");
    return new Answer(Integer.parseInt(lines[0]), lines.length > 1 ? lines[1] : "");
  }

  public static void main(String[] arguments) throws Exception {
    Map<String, String> environment = Map.ofEntries(variable(arguments[2]));
    URI target = URI.create(arguments[0]);
    Path certificates = Path.of(arguments[1]);
    ProxySelector proxies = Proxies.of(environment);
    HttpRequest.Builder request = HttpRequest.newBuilder(target);
    Proxies.authorization(environment, target)
        .ifPresent(value -> request.header("Proxy-Authorization", value));
    try (HttpClient client =
        HttpClient.newBuilder()
            .proxy(proxies)
            .sslContext(
                TlsSettings.context(
                    target.getHost(), Optional.of(certificates), Places.of(environment)))
            .build()) {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      System.out.println(response.statusCode() + "\n" + response.body());
    }
  }

  private static Map.Entry<String, String> variable(String text) {
    int sign = text.indexOf('=');
    return Map.entry(text.substring(0, sign), text.substring(sign + 1));
  }
}
