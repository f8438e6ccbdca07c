package io.github.container2boot.run;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.container2boot.boot.Architecture;
import io.github.container2boot.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Finds out whether a hypervisor runs a guest, by letting it run the smallest one: a firmware that
/// takes the steps on which a half-working one stumbles, says "ok" on the serial port and switches
/// the machine off.
///
/// It takes a fraction of a second where it works, and some seconds at most where it does not.
final class Probe {
  private static final Duration PATIENCE = Duration.ofSeconds(4);
  private static final Duration TO_END = Duration.ofSeconds(1);
  private static final byte[] EXPECTED = "ok".getBytes(US_ASCII);
  private static final int ROM_BYTES = 64 << 10;

  /// From the reset vector to long mode with paging, FPU and SSE, as firmware and kernels go. The
  /// ROM ends at 4 GiB and also shows at 0xf0000; page tables lie at 0x10000.
  private static final String X86_64 =
      """
      fa                                # cli
      2e 66 0f 01 16 98 00              # lgdtl %cs:0x98
      0f 20 c0 0c 01 0f 22 c0           # cr0 |= PE
      66 ea 18 00 0f 00 08 00           # ljmpl $8, $0xf0018
      66 b8 10 00 8e d8 8e d0           # ds = ss = 16
      db e3 9b                          # fninit; fwait
      b8 01 00 00 00 0f a2              # cpuid, leaf 1
      c7 05 00 00 01 00 03 10 01 00     # PML4[0] = 0x11000, present, writable
      c7 05 00 10 01 00 03 20 01 00     # PDPT[0] = 0x12000, likewise
      c7 05 00 20 01 00 83 00 00 00     # PD[0] = 0, likewise, 2 MiB
      0f 20 e0 0d 20 06 00 00 0f 22 e0  # cr4 |= PAE, OSFXSR, OSXMMEXCPT
      b8 00 00 01 00 0f 22 d8           # cr3 = 0x10000
      b9 80 00 00 c0 0f 32 80 cc 01     # EFER |= LME
      0f 30                             # wrmsr
      0f 20 c0 0d 00 00 00 80 0f 22 c0  # cr0 |= PG
      ea 79 00 0f 00 18 00              # ljmpl $24, $0xf0079
      bc 00 80 00 00                    # esp = 0x8000
      66 0f 6e c4 0f 29 04 24           # movd %esp, %xmm0; movaps %xmm0, (%rsp)
      66 ba f8 03 b0 6f ee b0 6b ee     # "ok" to port 0x3f8
      66 ba f4 00 ee                    # anything to isa-debug-exit
      f4 eb fd                          # hlt, again and again
      1f 00 a0 00 0f 00 66 90           # GDT: 32 bytes at 0xf00a0
      00 00 00 00 00 00 00 00           # none
      ff ff 00 00 00 9b cf 00           # 8: code, 32 bits
      ff ff 00 00 00 93 cf 00           # 16: data
      ff ff 00 00 00 9b af 00           # 24: code, 64 bits
      """;

  /// At the end of the ROM but 16 bytes, where the processor starts.
  private static final String X86_64_RESET = "ea 00 00 00 f0 # ljmp $0xf000, $0";

  private static final String AARCH64 =
      """
      00 20 a1 d2  # movz x0, #0x0900, lsl #16: the serial port
      e1 0d 80 52  # mov w1, #'o'
      01 00 00 b9  # str w1, [x0]
      61 0d 80 52  # mov w1, #'k'
      01 00 00 b9  # str w1, [x0]
      00 01 80 52  # mov w0, #0x0008
      00 80 b0 72  # movk w0, #0x8400, lsl #16: PSCI SYSTEM_OFF
      02 00 00 d4  # hvc #0
      00 00 00 14  # b .
      """;

  private final Path emulator;
  private final Architecture guest;
  private final Accelerator accelerator;

  Probe(Path emulator, Architecture guest, Accelerator accelerator) {
    this.emulator = emulator;
    this.guest = guest;
    this.accelerator = accelerator;
  }

  boolean succeeds() {
    try {
      Optional<byte[]> rom = rom();
      return rom.isPresent() && runs(rom.get());
    } catch (IOException cannotTell) {
      return false;
    }
  }

  private Optional<byte[]> rom() {
    return switch (guest) {
      case X86_64 -> {
        byte[] rom = new byte[ROM_BYTES];
        place(X86_64, rom, 0);
        place(X86_64_RESET, rom, ROM_BYTES - 16);
        yield Optional.of(rom);
      }
      case AARCH64 -> {
        byte[] rom = new byte[ROM_BYTES];
        place(AARCH64, rom, 0);
        yield Optional.of(rom);
      }
      case RISCV64 -> Optional.empty();
    };
  }

  private static void place(String listing, byte[] rom, int offset) {
    String digits = listing.replaceAll("#.*", "").replaceAll("\\s", "");
    byte[] code = HexFormat.of().parseHex(digits);
    System.arraycopy(code, 0, rom, offset, code.length);
  }

  private boolean runs(byte[] rom) throws IOException {
    Path directory = Files.createTempDirectory("container2boot-probe-");
    Path file = directory.resolve("rom");
    Path serial = directory.resolve("serial");
    try {
      Files.write(file, rom);
      execute(file, serial);
      return Files.exists(serial)
          && Files.size(serial) == EXPECTED.length
          && Arrays.equals(Files.readAllBytes(serial), EXPECTED);
    } finally {
      Files.deleteIfExists(serial);
      Files.deleteIfExists(file);
      Files.deleteIfExists(directory);
    }
  }

  private void execute(Path rom, Path serial) throws IOException {
    ProcessBuilder program =
        new ProcessBuilder(command(rom, serial))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    try (ChildProcess process = ChildProcess.start("probe", program, TO_END)) {
      process.awaitEnd(PATIENCE);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
    }
  }

  private List<String> command(Path rom, Path serial) {
    List<String> command = new ArrayList<>();
    command.add(emulator.toString());
    command.addAll(List.of("-machine", guest == Architecture.X86_64 ? "q35" : "virt"));
    command.addAll(List.of("-accel", accelerator.toOption()));
    command.addAll(List.of("-cpu", accelerator.processor(guest)));
    command.addAll(List.of("-m", "64", "-nodefaults", "-display", "none", "-no-reboot"));
    command.addAll(List.of("-serial", "file:" + serial, "-bios", rom.toString()));
    if (guest == Architecture.X86_64) {
      command.addAll(List.of("-device", "isa-debug-exit,iobase=0xf4,iosize=4"));
    }
    return command;
  }
}
