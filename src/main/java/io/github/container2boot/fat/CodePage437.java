package io.github.container2boot.fat;

import io.github.container2boot.bytes.ByteString;

/// The characters of the original PC, which short names are read in.
///
/// A volume does not say which code page its short names were written in. Linux takes 437 unless
/// told otherwise, and so do we. Names we write are ASCII.
final class CodePage437 {
  private static final String UPPER_HALF =
      "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀"
          + "αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

  private CodePage437() {}

  static String decoded(ByteString bytes) {
    StringBuilder text = new StringBuilder(bytes.size());
    for (int index = 0; index < bytes.size(); index++) {
      text.append(decoded(bytes.at(index)));
    }
    return text.toString();
  }

  private static char decoded(byte value) {
    return value >= 0 ? (char) value : UPPER_HALF.charAt(value & 0x7f);
  }
}
