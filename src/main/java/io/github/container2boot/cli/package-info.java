/// The command: what a person types and reads.
///
/// - [Main][io.github.container2boot.cli.Main] runs the commands (picocli, see `docs/decisions/`)
///   and turns the outcome into an exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted (143
///   terminated; both are the JVM's own).
/// - [RootbuilderCommand][io.github.container2boot.cli.RootbuilderCommand] makes of a root that is
///   mounted what another tool's users expect under that name; it builds as any build does.
/// - Standard output has the result only: the summary. Everything else goes to standard error: the
///   progress, warnings, and at the end of a failure exactly one line, `container2boot: …`, that
///   says what is wrong and what to do. [Remedies][io.github.container2boot.cli.Remedies] knows the
///   advice: the packages below report problems as types with data in them and know nothing of
///   options.
/// - The progress display ([LiveProgress][io.github.container2boot.cli.LiveProgress]) repaints a
///   few lines in place where standard error is a terminal, and
///   [PlainProgress][io.github.container2boot.cli.PlainProgress] writes lines where it is not.
/// - Manual pages and completions are made from the same model of the commands:
///   [ManualPage][io.github.container2boot.cli.ManualPage] for man,
///   [Shell][io.github.container2boot.cli.Shell] for bash (picocli's own), zsh and fish.
///   [Documents][io.github.container2boot.cli.Documents] writes all of them for packages.
package io.github.container2boot.cli;
