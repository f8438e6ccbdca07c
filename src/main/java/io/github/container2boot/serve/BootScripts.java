package io.github.container2boot.serve;

import io.github.container2boot.boot.BootException;
import io.github.container2boot.boot.CommandLine;
import io.github.container2boot.boot.NetworkGrubConfiguration;
import io.github.container2boot.serve.http.Origin;
import java.util.List;

/// What tells loaders where to go on, for one client.
///
/// @param origin how the client calls this server
record BootScripts(Origin origin) {
  /// Nobody sits in front of a rack; who does can stop it in this time.
  private static final int MENU_SECONDS = 2;

  private static final String COMMENT = "# Made by container2boot.\n";

  /// All that the kernel is told.
  CommandLine commandLine(ServedSystem system) throws BootException {
    return system.commandLine(url(system, ServedSystem.ROOT));
  }

  String url(ServedSystem system, String file) {
    return origin.url(system.path(file));
  }

  /// iPXE (https://ipxe.org/scripting). It passes arguments on as they stand there, quotes and all;
  /// the kernel finds its initrd by the name in `initrd=`.
  String ipxe(ServedSystem system) throws BootException {
    String arguments = commandLine(system).text();
    if (arguments.matches(".*(\\$\\{|(^|\\s)(\\|\\||&&|;|#)).*")) {
      return "#!ipxe\necho iPXE would change the kernel's arguments: boot by GRUB instead\nshell\n";
    }
    return """
    #!ipxe
    # Made by container2boot.
    echo %s
    kernel %s initrd=initrd %s || goto failed
    initrd --name initrd %s || goto failed
    boot || goto failed
    :failed
    echo Nothing is booted.
    sleep 60
    exit 1
    """
        .formatted(
            plain(system.facts().title()),
            url(system, ServedSystem.KERNEL),
            arguments,
            url(system, ServedSystem.INITRD));
  }

  /// Lets iPXE say who it is, where that matters.
  ///
  /// @param otherwise for everybody else
  String ipxeByMachine(ServedSystem otherwise) {
    return """
    #!ipxe
    # Made by container2boot.
    chain --autofree %s/${netX/mac:hexhyp}/boot.ipxe || chain --autofree %s
    """
        .formatted(origin.url(BootServer.MACHINES), url(otherwise, BootServer.IPXE));
  }

  String grub(ServedSystem system) throws BootException {
    CommandLine commandLine = commandLine(system);
    NetworkGrubConfiguration.requireSuitable(commandLine);
    return new NetworkGrubConfiguration(
            system.facts().title(),
            commandLine,
            grubServer(),
            system.path(ServedSystem.KERNEL),
            system.path(ServedSystem.INITRD),
            MENU_SECONDS)
        .text();
  }

  /// For a GRUB that asks at a place that every image shares: its own address decides where there
  /// is a rule for it, then its processor.
  ///
  /// There is no asking whether a file exists: on a network, GRUB's `-f` is never true.
  ///
  /// @param rules machines that boot an image of their own
  /// @param byProcessor for those that `otherwise` is not made for
  String grubByMachine(
      ServedSystem otherwise, List<MachineChoice.Rule> rules, List<ServedSystem> byProcessor) {
    StringBuilder script = new StringBuilder(COMMENT);
    for (MachineChoice.Rule rule : rules) {
      script.append(
          conditional(
              "\"$net_default_mac\" = '%s'".formatted(rule.machine()),
              "'(%s)%s/%s%s'"
                  .formatted(grubServer(), BootServer.MACHINES, rule.machine(), BootServer.GRUB)));
    }
    for (ServedSystem other : byProcessor) {
      script.append(
          conditional(
              "\"$grub_cpu\" = '%s'".formatted(other.facts().architecture().grubName()),
              configuration(other)));
    }
    // the same, but the server learns who it is
    script.append(
        conditional(
            "-n \"$net_default_mac\"",
            "'(%s)%s/'\"$net_default_mac\"'%s'"
                .formatted(grubServer(), BootServer.MACHINES, BootServer.GRUB)));
    return script.append("configfile %s\n".formatted(configuration(otherwise))).toString();
  }

  private static String conditional(String condition, String configuration) {
    return """
    if [ %s ]; then
      configfile %s
    fi
    """
        .formatted(condition, configuration);
  }

  private String configuration(ServedSystem system) {
    return "'(%s)%s'".formatted(grubServer(), system.path(BootServer.GRUB));
  }

  private String grubServer() {
    return origin.scheme() + "," + origin.authority();
  }

  /// Words that mean nothing to iPXE.
  private static String plain(String text) {
    return text.replaceAll("[^A-Za-z0-9 .,:+_()/-]", "");
  }
}
