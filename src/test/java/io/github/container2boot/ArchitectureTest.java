package io.github.container2boot;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Lower packages never import higher ones, neighbours never import each other, and each library is
/// known to one package. ARCHITECTURE.md draws the same picture.
class ArchitectureTest {
  private static final String ROOT = "io.github.container2boot";

  /// Each level may use the levels above it in this list, never its own.
  private static final List<Set<String>> LEVELS =
      List.of(
          Set.of("bytes", "process"),
          Set.of("compress", "tree"),
          Set.of("tar", "cpio", "directory", "squashfs", "fat", "gpt"),
          Set.of("oci", "selinux"),
          Set.of("source", "layer", "boot"),
          Set.of("build"),
          Set.of("run", "serve", "install"),
          Set.of("cli"));

  private static final Map<String, String> LIBRARIES =
      Map.of(
          "com.github.luben..", "compress",
          "io.airlift..", "compress",
          "org.tukaani..", "compress",
          "tools.jackson..", "oci",
          "org.tomlj..", "oci.configuration",
          "org.eclipse.jetty..", "serve.http",
          "picocli..", "cli");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void packagesHaveNoCycles() {
    slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
  }

  static List<String> packages() {
    return LEVELS.stream().flatMap(Set::stream).toList();
  }

  @ParameterizedTest
  @MethodSource("packages")
  void packagesUseOnlyLowerOnes(String name) {
    int level = levelOf(name);
    String[] forbidden =
        LEVELS.subList(level, LEVELS.size()).stream()
            .flatMap(Set::stream)
            .filter(other -> !other.equals(name))
            .map(other -> ROOT + "." + other + "..")
            .toArray(String[]::new);
    ArchRuleDefinition.noClasses()
        .that()
        .resideInAPackage(ROOT + "." + name + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden)
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void everyPackageHasALevel() {
    ArchRuleDefinition.classes()
        .should(
            com.tngtech.archunit.lang.conditions.ArchConditions.be(
                DescribedPredicate.describe(
                    "in a package that LEVELS names",
                    (JavaClass type) ->
                        packages().stream()
                            .anyMatch(name -> isIn(type.getPackageName(), ROOT + "." + name)))))
        .check(CLASSES);
  }

  @Test
  void aLibraryIsKnownToOnePackage() {
    LIBRARIES.forEach((library, owner) ->
        ArchRuleDefinition.noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "." + owner + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(library)
            .check(CLASSES));
  }

  private static boolean isIn(String packageName, String parent) {
    return packageName.equals(parent) || packageName.startsWith(parent + ".");
  }

  private static int levelOf(String name) {
    for (int level = 0; level < LEVELS.size(); level++) {
      if (LEVELS.get(level).contains(name)) {
        return level;
      }
    }
    throw new IllegalArgumentException(name);
  }
}
