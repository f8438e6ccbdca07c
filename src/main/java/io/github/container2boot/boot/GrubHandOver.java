package io.github.container2boot.boot;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import java.util.regex.Pattern;

/// A `grub.cfg` that leads to another, so that there is one to edit wherever GRUB looks first.
///
/// It is read with `source`, as if it stood here, and not with `configfile`: the menu would lie one
/// level down, and ESC would leave it for a prompt.
///
/// The variable it sets is what such a file is known by.
///
/// @param path of the other, from the root of the partition: `/EFI/debian/grub.cfg`
public record GrubHandOver(String path) {
  /// The variable that holds the path.
  private static final String VARIABLE = "container2boot";

  private static final Pattern ASSIGNMENT =
      Pattern.compile("(?m)^\\s*set " + VARIABLE + "=['\"]?(/[^\\s'\";]+)");

  /// What a configuration leads to, if it is one that does.
  public static Optional<GrubHandOver> in(String configuration) {
    return ASSIGNMENT
        .matcher(configuration)
        .results()
        .map(match -> new GrubHandOver(match.group(1)))
        .findFirst();
  }

  public byte[] toByteArray() {
    return text().getBytes(UTF_8);
  }

  /// The configuration's text.
  public String text() {
    return """
    # Made by container2boot. What there is to edit is in the file that this one leads to.
    set %1$s=%2$s

    # GRUB takes the device it was loaded from for its root; if not, look for it there.
    if [ ! -f "$%1$s" ]; then
      regexp --set=1:device '^\\(([^()]+)\\)' "$cmdpath"
      if [ -n "$device" ]; then
        set root="$device"
      fi
    fi

    if [ -f "$%1$s" ]; then
      set prefix="($root)"%3$s
      source "$%1$s"
    else
      echo "There is no $%1$s on ($root), which says what to boot."
      echo 'Nothing is booted. GRUB ends in a minute, or with ESC.'
      sleep --interruptible %4$d
      exit
    fi
    """
        .formatted(
            VARIABLE,
            GrubConfiguration.quoted(path),
            GrubConfiguration.quoted(path.substring(0, path.lastIndexOf('/'))),
            GrubConfiguration.FAILURE_SECONDS);
  }
}
