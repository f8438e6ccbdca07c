package io.github.container2boot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Manual pages and completions, as those read them whom they are for.
class DocumentsTest {
  private static final String SECONDS = "1793491200"; // 2026-11-01

  @TempDir Path directory;

  @BeforeEach
  void write() throws IOException {
    Documents.main(new String[] {directory.toString(), SECONDS});
  }

  private List<Path> pages() throws IOException {
    try (Stream<Path> pages = Files.list(directory.resolve("man"))) {
      return pages.sorted().toList();
    }
  }

  private static CommandSpec program() {
    return Main.commandLine(Console.ofThisProcess(), (_, _) -> CommandRun.MANIFEST)
        .getCommandSpec();
  }

  @Test
  void everyCommandHasAPageThatSaysItAll() throws IOException {
    for (CommandLine command : program().subcommands().values()) {
      CommandSpec specification = command.getCommandSpec();
      if (!specification.usageMessage().hidden()) {
        Path page = directory.resolve("man/container2boot-" + specification.name() + ".1");
        String text = Files.readString(page).replace("\\-", "-");
        assertThat(text).contains("2026-11-01", "container2boot " + specification.name());
        for (OptionSpec option : specification.options()) {
          assertThat(text).contains("\\fB" + option.longestName() + "\\fR");
        }
        for (CommandLine below : command.getSubcommands().values()) {
          assertThat(text).contains(".SS \"" + below.getCommandName() + "\"");
        }
      }
    }
    assertThat(directory.resolve("man/container2boot.1"))
        .content()
        .contains("container2boot\\-build\\fR(1)");
  }

  /// Words as a user types them, and the file the launcher shows for them.
  @ParameterizedTest
  @CsvSource({
    "--version, version",
    "--help, help",
    "build --help, help-build",
    "cache -h, help-cache"
  })
  void theTextsAreWhatTheProgramSays(String line, String name) throws IOException {
    Path text = directory.resolve("texts").resolve(name);
    assertThat(text).content().isEqualTo(CommandRun.of(line.split(" ")).out());
    String colour = Files.readString(text.resolveSibling(name + ".colour"));
    assertThat(colour.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(Files.readString(text));
    assertThat(colour.contains("\u001b")).isEqualTo(!name.equals("version"));
  }

  @Test
  void mandocFindsNothingWrong() throws IOException {
    Tools.require("mandoc");
    for (Path page : pages()) {
      assertThat(Tools.execute("mandoc", "-T", "lint", page).text()).isEmpty();
    }
  }

  @Test
  void groffFindsNothingWrong() throws IOException {
    Tools.require("groff");
    for (Path page : pages()) {
      assertThat(Tools.run("groff", "-man", "-ww", "-z", "-Tascii", page)).isEmpty();
    }
  }

  @Test
  void textsComeThroughRoffAsTheyAre() throws IOException {
    Tools.require("mandoc");
    String build =
        Tools.run(
                "mandoc",
                "-T",
                "ascii",
                "-O",
                "width=200",
                directory.resolve("man/container2boot-build.1"))
            .replaceAll(".\b", "");
    assertThat(build)
        .contains("-o DIR, --output=DIR")
        .contains("[what the image's kernel can read; zstd:6]")
        .contains("[$XDG_CACHE_HOME/container2boot]")
        .contains("container2boot build -f esp -o stick --append console=ttyS0 machine.tar");
  }

  @Test
  void nothingOfALineBecomesAMacro() {
    Roff roff = new Roff();
    roff.text(".TH at the start, a \\ and 'quotes', and " + "many words ".repeat(10) + ".");
    roff.tagged(Roff.bold("-x"), List.of(".first", "second"));
    assertThat(roff)
        .hasToString(
            """
            \\&.TH at the start, a \\e and \\(aqquotes\\(aq, and many words many words many
            words many words many words many words many words many words many words many
            words .
            .TP
            \\fB\\-x\\fR
            \\&.first
            .br
            second
            """);
  }

  @ParameterizedTest
  @EnumSource(Shell.class)
  void theCommandPrintsTheSame(Shell shell) {
    assertThat(directory.resolve(shell + "/" + shell.fileName()))
        .hasContent(CommandRun.of("generate-completion", shell.toString()).out());
  }

  @ParameterizedTest
  @CsvSource({
    "'', build cache generate-completion",
    "build --format, disk esp",
    "build --progress, auto plain none",
    "generate-completion, bash zsh fish"
  })
  void bashCompletes(String line, String expected) {
    Tools.require("bash");
    String words = String.join(" ", List.of(line.split(" ")));
    String script =
        """
        source "$0"
        COMP_WORDS=(container2boot %s '')
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _complete_container2boot
        echo "${COMPREPLY[@]}"
        """;
    assertThat(
            Tools.run(
                "bash", "-c", script.formatted(words), directory.resolve("bash/container2boot")))
        .contains(expected.split(" "));
  }

  @ParameterizedTest
  @CsvSource({
    "'container2boot ', build cache generate-completion",
    "'container2boot cache ', ls prune clear verify",
    "container2boot build --pr, --progress",
    "'container2boot build --format ', disk esp",
    "'container2boot build --format disk,', 'disk,esp'",
    "container2boot build --progress=, --progress=auto --progress=none",
    "container2boot cache prune --, --limit --cache-dir",
    "container2boot build -o ta, target/"
  })
  void fishCompletes(String line, String expected) throws IOException {
    Tools.require("fish");
    Files.createDirectories(directory.resolve("target"));
    String completed =
        Tools.execute(
                directory,
                "env",
                "HOME=" + directory,
                "fish",
                "-c",
                "source %s; complete -C '%s'"
                    .formatted(directory.resolve("fish/container2boot.fish"), line))
            .text();
    assertThat(completed.lines().map(offer -> offer.split("\t")[0])).contains(expected.split(" "));
  }

  @ParameterizedTest
  @CsvSource({
    "container2boot gen, container2boot generate-completion",
    "container2boot cache pr, container2boot cache prune",
    "container2boot build --pr, container2boot build --progress=",
    "container2boot build --format e, 'container2boot build --format esp,'",
    "'container2boot build --format disk,e', 'container2boot build --format disk,esp,'",
    "container2boot build -o ta, container2boot build -o target/",
    "container2boot build oci:mach, container2boot build oci:machine.tar",
    "container2boot cache prune --li, container2boot cache prune --limit="
  })
  void zshCompletes(String line, String expected) throws IOException {
    Tools.require("zsh");
    Files.createDirectories(directory.resolve("target"));
    Files.writeString(directory.resolve("machine.tar"), "");
    Path script = Files.writeString(directory.resolve("complete"), ZSH);
    Tools.Result result =
        Tools.execute(
            directory, "timeout", "60", "zsh", "-f", script, directory.resolve("zsh"), line);
    assertThat(result.text().strip()).isEqualTo(expected);
  }

  /// What is in an interactive zsh's line once Tab was pressed behind $2, with functions of $1.
  private static final String ZSH =
      """
      zmodload zsh/zpty
      zpty inner "TERM=dumb zsh -f -i"
      zpty -w inner "PS1= PS2= RPS1=; unsetopt zle_bracketed_paste; cd $PWD; fpath=($1 \\$fpath)"
      zpty -w inner "autoload -U compinit; compinit -u -d $PWD/dump"
      zpty -w inner "show() { print -r -- \\"<<<\\$BUFFER>>>\\"; exit }; zle -N show; bindkey '^X' show; bindkey '^I' complete-word"
      zpty -w inner "print -r -- REA''DY"
      zpty -r -m inner said '*READY*'
      zpty -n -w inner "$2"$'\\t'$'\\x18'
      zpty -r -m inner said '*<<<*>>>*'
      said=${said##*<<<}
      print -r -- "${${said%%>>>*}%% #}"
      """;
}
