package io.github.container2boot.cli;

import io.github.container2boot.cli.Converters.OneOf;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.IGetter;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;

/// An option of a command: how it is written, what the help says of it, and its value.
///
/// An object, not an annotated field: whoever reads an annotation makes a class for it at run time,
/// and those of picocli would take longer than all else that a short command does.
///
/// @param <T> what its value is to the program
final class Option<T> {
  private final OptionSpec.Builder specification;
  private T value;

  private Option(T initially, String[] names) {
    Binding binding = new Binding();
    specification =
        OptionSpec.builder(names).getter(binding).setter(binding).initialValue(initially);
    value = initially;
  }

  /// One value, of which the last one given counts.
  static <T> Option<T> of(ITypeConverter<T> converter, T initially, String... names) {
    Option<T> option = new Option<>(initially, names);
    option.specification.type(String.class).arity("1");
    option.convert(converter);
    return option;
  }

  /// A file or directory, which shells complete.
  static Option<Path> of(Path initially, String... names) {
    Option<Path> option = new Option<>(initially, names);
    option.specification.type(Path.class).arity("1").converters(Converters::path);
    return option;
  }

  /// Any number of values.
  static <T> Option<List<T>> list(ITypeConverter<T> converter, String... names) {
    Option<List<T>> option = new Option<>(new ArrayList<>(), names);
    option.specification.type(List.class).auxiliaryTypes(String.class).arity("1");
    option.convert(converter);
    return option;
  }

  /// A value that may be left out, and is given with an equals sign where it is not: the next word
  /// is another argument.
  ///
  /// @param alone what the option means without a value
  static <T> Option<T> optional(
      ITypeConverter<T> converter, T initially, T alone, String... names) {
    Option<T> option = new Option<>(initially, names);
    option.specification.type(String.class).arity("0..1");
    option.specification.preprocessor((_, _, _, facts) -> {
      boolean attached = "=".equals(facts.get("separator"));
      if (!attached) {
        option.value = alone;
      }
      return !attached;
    });
    option.convert(converter);
    return option;
  }

  /// What is there or not.
  static Option<Boolean> flag(String... names) {
    Option<Boolean> option = new Option<>(false, names);
    option.specification.type(boolean.class).arity("0");
    return option;
  }

  static Option<Boolean> help() {
    Option<Boolean> option = flag("-h", "--help").describe("Show this help.");
    option.specification.usageHelp(true);
    return option;
  }

  static Option<Boolean> version() {
    Option<Boolean> option = flag("-V", "--version").describe("Show the version.");
    option.specification.versionHelp(true);
    return option;
  }

  private void convert(ITypeConverter<?> converter) {
    specification.converters(converter);
    if (converter instanceof OneOf<?> known) {
      specification.completionCandidates(known);
    }
  }

  /// What stands for the value in the help.
  Option<T> label(String name) {
    specification.paramLabel(name);
    return this;
  }

  /// What the help says, a line or more each.
  Option<T> describe(String... lines) {
    specification.description(lines);
    return this;
  }

  /// A list's values may also stand together, with commas.
  Option<T> commas() {
    specification.splitRegex(",").hideParamSyntax(true);
    return this;
  }

  T value() {
    return value;
  }

  OptionSpec specification() {
    return specification.build();
  }

  /// How picocli reaches the value, which is always of the converter's type.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private final class Binding implements IGetter, ISetter {
    @Override
    public <V> V get() {
      return (V) value;
    }

    @Override
    public <V> V set(V changed) {
      V before = (V) value;
      value = (T) changed;
      return before;
    }
  }
}
