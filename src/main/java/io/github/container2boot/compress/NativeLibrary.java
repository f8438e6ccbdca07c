package io.github.container2boot.compress;

import io.airlift.compress.v3.Compressor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Optional;

/// A library out of aircompressor's jar, called directly.
///
/// Its own bindings are not used: they are linked as critical calls, so that no garbage collection
/// can begin while a block is compressed, they throw for every block that does not shrink, and they
/// leave out LZ4's high compression.
final class NativeLibrary {
  private final SymbolLookup symbols;

  private NativeLibrary(SymbolLookup symbols) {
    this.symbols = symbols;
  }

  /// The library called `name`, unless there is none for this platform or it cannot be loaded, as
  /// where nothing may be executed from the temporary directory.
  static Optional<NativeLibrary> load(String name) {
    try (InputStream resource = Compressor.class.getResourceAsStream(path(name))) {
      return resource == null ? Optional.empty() : Optional.of(new NativeLibrary(load(resource)));
    } catch (IOException | RuntimeException | LinkageError unavailable) {
      return Optional.empty();
    }
  }

  @SuppressWarnings("restricted")
  private static SymbolLookup load(InputStream resource) throws IOException {
    Path file = Files.createTempFile("container2boot-", ".library");
    try {
      Files.copy(resource, file, StandardCopyOption.REPLACE_EXISTING);
      return SymbolLookup.libraryLookup(file, Arena.global());
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /// `/aircompressor/linux-amd64/liblz4.so`
  private static String path(String name) {
    boolean mac = System.getProperty("os.name", "").startsWith("Mac");
    String system = mac ? "macos" : System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String machine = System.getProperty("os.arch", "").replace("x86_64", "amd64");
    return "/aircompressor/%s-%s/lib%s.%s".formatted(system, machine, name, mac ? "dylib" : "so");
  }

  @SuppressWarnings("restricted")
  MethodHandle function(String name, FunctionDescriptor descriptor) {
    return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), descriptor);
  }
}
