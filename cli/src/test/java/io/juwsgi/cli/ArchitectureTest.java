package io.juwsgi.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** The arrows between modules and packages, as docs/architecture.md draws them. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.juwsgi");

    @Test
    void everyModuleIsImported() {
        assertThat(CLASSES.stream().map(c -> c.getPackageName().split("\\.")[2]).distinct())
                .contains(
                        "config",
                        "protocol",
                        "spi",
                        "router",
                        "processes",
                        "master",
                        "cli",
                        "plugin",
                        "cache",
                        "loadbalancer");
    }

    @Test
    void configAndProtocolStandAlone() {
        check(noClasses()
                .that()
                .resideInAPackage("io.juwsgi.config..")
                .should()
                .dependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "are of another module",
                        c -> c.getPackageName().startsWith("io.juwsgi.")
                                && !c.getPackageName().startsWith("io.juwsgi.config"))));
        check(classes()
                .that()
                .resideInAPackage("io.juwsgi.protocol..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "io.juwsgi.protocol..", "org.jspecify.."));
    }

    @Test
    void theSpiIsNearlyBare() {
        check(classes()
                .that()
                .resideInAPackage("io.juwsgi.spi..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "javax.net.ssl..",
                        "io.juwsgi.spi..",
                        "io.juwsgi.config..",
                        "io.juwsgi.protocol..",
                        "org.jspecify.."));
    }

    @Test
    void shippedPluginsUseTheSpiOnly() {
        check(classes()
                .that()
                .resideInAPackage("io.juwsgi.plugin..")
                .and()
                .resideOutsideOfPackage("io.juwsgi.plugin.ssl..")
                .should()
                .onlyDependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "are of the plugin itself, the SPI, config or protocol, or not ours and not Netty's",
                        c -> !c.getPackageName().startsWith("io.netty.")
                                && (!c.getPackageName().startsWith("io.juwsgi.")
                                        || c.getPackageName()
                                                .matches("io\\.juwsgi\\.(plugin|spi|config|protocol)(\\..*)?")))));
    }

    @Test
    void theTlsPluginUsesTheSpiAndNettysEngines() {
        check(classes()
                .that()
                .resideInAPackage("io.juwsgi.plugin.ssl..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "javax.net.ssl..",
                        "javax.security.auth.x500..",
                        "io.juwsgi.plugin.ssl..",
                        "io.juwsgi.spi..",
                        "io.juwsgi.config..",
                        "io.netty.buffer..",
                        "io.netty.handler.ssl..",
                        "org.jspecify.."));
    }

    @Test
    void theCacheUsesTheSpiAndCaffeine() {
        check(classes()
                .that()
                .resideInAPackage("io.juwsgi.cache..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "io.juwsgi.cache..",
                        "io.juwsgi.spi..",
                        "io.juwsgi.config..",
                        "io.juwsgi.protocol..",
                        "com.github.benmanes.caffeine..",
                        "org.jspecify.."));
    }

    @Test
    void theLoadBalancerUsesTheSpiUnixDatagramsAndNettysDns() {
        check(classes()
                .that()
                .resideInAPackage("io.juwsgi.loadbalancer..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "io.juwsgi.loadbalancer..",
                        "jnr..",
                        "io.netty.buffer..",
                        "io.netty.channel..",
                        "io.netty.handler.codec",
                        "io.netty.handler.codec.dns..",
                        "io.netty.resolver..",
                        "io.netty.util.concurrent..",
                        "io.juwsgi.spi..",
                        "io.juwsgi.config..",
                        "io.juwsgi.protocol..",
                        "org.jspecify.."));
    }

    @Test
    void routerAndMasterDoNotKnowEachOtherNorAnyPlugin() {
        check(noClasses()
                .that()
                .resideInAPackage("io.juwsgi.router..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.juwsgi.master..",
                        "io.juwsgi.cli..",
                        "io.juwsgi.plugin..",
                        "io.juwsgi.cache..",
                        "io.juwsgi.loadbalancer.."));
        check(noClasses()
                .that()
                .resideInAPackage("io.juwsgi.master..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.juwsgi.router..",
                        "io.juwsgi.cli..",
                        "io.juwsgi.plugin..",
                        "io.juwsgi.cache..",
                        "io.juwsgi.loadbalancer..",
                        "io.netty.."));
    }

    @Test
    void childProcessesKnowNoWorkers() {
        check(classes()
                .that()
                .resideInAPackage("io.juwsgi.processes..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "io.juwsgi.processes..",
                        "io.juwsgi.spi",
                        "io.juwsgi.config..",
                        "jnr.unixsocket..",
                        "org.jspecify.."));
    }

    @Test
    void theProgramReachesPluginsThroughTheServiceLoaderOnly() {
        check(noClasses()
                .that()
                .resideInAPackage("io.juwsgi.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.juwsgi.plugin..", "io.juwsgi.cache..", "io.juwsgi.loadbalancer.."));
    }

    @Test
    void nettyStaysInTheRouterTheTlsPluginAndTheDnsClient() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.juwsgi.router..", "io.juwsgi.plugin.ssl..", "io.juwsgi.loadbalancer.discovery..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty.."));
    }

    @Test
    void packagesFormNoCycles() {
        check(slices().matching("io.juwsgi.(**)").should().beFreeOfCycles());
    }

    private static void check(ArchRule rule) {
        rule.check(CLASSES);
    }
}
