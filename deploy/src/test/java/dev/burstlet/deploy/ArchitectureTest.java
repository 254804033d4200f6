package dev.burstlet.deploy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static dev.burstlet.deploy.ProductionClasses.ROOT;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Imports run one way, packages form no cycle, and names say what a class is. */
class ArchitectureTest {
    /** What each part may import of the others. The app composes everything its module can see. */
    private static final Map<String, Set<String>> ALLOWED =
            Map.ofEntries(
                    Map.entry("pod", Set.of()),
                    Map.entry("container", Set.of("pod")),
                    Map.entry("engine", Set.of("pod", "container")),
                    Map.entry("cluster", Set.of()),
                    Map.entry("sync", Set.of("pod", "cluster")),
                    Map.entry("node", Set.of("pod", "cluster")),
                    Map.entry("serve", Set.of("pod")),
                    Map.entry(
                            "app",
                            Set.of(
                                    "pod",
                                    "container",
                                    "engine",
                                    "cluster",
                                    "sync",
                                    "node",
                                    "serve")),
                    Map.entry("docker", Set.of("container", "pod")),
                    Map.entry("hyper", Set.of("container", "pod", "engine")));

    static Stream<String> parts() {
        return ALLOWED.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("parts")
    void importsOnlyWhatItMay(String part) {
        Set<String> forbidden = new LinkedHashSet<>(ALLOWED.keySet());
        forbidden.remove(part);
        forbidden.removeAll(ALLOWED.getOrDefault(part, Set.of()));
        noClasses()
                .that()
                .resideInAPackage(subtree(part))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(subtrees(forbidden))
                .because("imports run one way (docs/architecture.md)")
                .allowEmptyShould(true)
                .check(ProductionClasses.all());
    }

    @Test
    void everyClassBelongsToAPart() {
        classes()
                .should()
                .resideInAnyPackage(subtrees(ALLOWED.keySet()))
                .because("a new part needs its place in the import rules")
                .check(ProductionClasses.all());
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching(ROOT + ".(**)")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(ProductionClasses.all());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Util", "Utils", "Helper", "Helpers", "Manager", "Impl"})
    void noNameHidesWhatAClassIs(String suffix) {
        noClasses()
                .should()
                .haveSimpleNameEndingWith(suffix)
                .because("such a name says nothing about the class")
                .allowEmptyShould(true)
                .check(ProductionClasses.all());
    }

    @Test
    void timeIsInjected() {
        noClasses()
                .should()
                .callMethod(Instant.class, "now")
                .because("time comes from an injected InstantSource")
                .allowEmptyShould(true)
                .check(ProductionClasses.all());
    }

    private static String subtree(String part) {
        return ROOT + "." + part + "..";
    }

    private static String[] subtrees(Set<String> parts) {
        return parts.stream().map(ArchitectureTest::subtree).toArray(String[]::new);
    }
}
