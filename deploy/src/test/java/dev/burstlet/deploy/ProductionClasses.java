package dev.burstlet.deploy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** The compiled production classes of all modules, read once. */
final class ProductionClasses {
    static final String ROOT = "dev.burstlet";

    private static final JavaClasses ALL =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .withImportOption(location -> !location.contains("-tests.jar"))
                    .importPackages(ROOT);

    private ProductionClasses() {}

    static JavaClasses all() {
        return ALL;
    }
}
