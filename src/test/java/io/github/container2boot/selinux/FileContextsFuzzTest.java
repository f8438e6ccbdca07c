package io.github.container2boot.selinux;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Any policy and any path: a label, none, or a [FormatException], and soon.
class FileContextsFuzzTest {
  @FuzzTest
  void labels(FuzzedDataProvider data) throws IOException {
    FileType type = data.pickValue(FileType.values());
    ByteString path = ByteString.of(data.consumeString(200).getBytes(StandardCharsets.ISO_8859_1));
    String substitutions = data.consumeString(100);
    String text = data.consumeRemainingAsString();
    try {
      FileContexts.of(Policies.policy(Map.of("", text, ".subs", substitutions)))
          .orElseThrow()
          .label(TreePath.parse(path), Policies.inode(type));
    } catch (FormatException expected) {
      // The answer to most inputs.
    }
  }

  @FuzzTest
  void matches(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.US_ASCII);
    try {
      PathExpression.compile(text).matches("/usr/lib/aab", Scratch.forPath(12));
    } catch (FormatException expected) {
      // The answer to most inputs.
    }
  }
}
