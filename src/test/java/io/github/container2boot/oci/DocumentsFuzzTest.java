package io.github.container2boot.oci;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.container2boot.bytes.FormatException;

/// Any bytes at all: a document, or a FormatException.
class DocumentsFuzzTest {
  @FuzzTest
  void read(byte[] document) {
    ignoreProblems(() -> Index.read(JsonObject.parse("index", document)));
    ignoreProblems(() -> Manifest.read(JsonObject.parse("manifest", document)));
    ignoreProblems(() -> ImageConfig.read(JsonObject.parse("configuration", document)));
    ignoreProblems(() -> JsonObject.parseArray("manifest.json", document));
  }

  private interface Reading {
    void read() throws FormatException;
  }

  private static void ignoreProblems(Reading reading) {
    try {
      reading.read();
    } catch (FormatException expected) {
      if (expected.getMessage().contains("\n")) {
        throw new AssertionError("not one line", expected);
      }
    }
  }
}
