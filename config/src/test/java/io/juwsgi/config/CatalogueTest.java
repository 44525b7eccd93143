package io.juwsgi.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class CatalogueTest {
    private final OptionRegistry registry = new OptionRegistry();

    @Test
    void knowsEveryNameOfBothLines() {
        Set<String> names = new HashSet<>(registry.names());
        names.removeAll(Set.of("conf", "end"));
        assertThat(names)
                .hasSize(1335)
                .contains("socket", "virtualenv", "route-uri", "py-autoreload", "zeus", "php-mount");
    }

    @Test
    void describesEveryOption() {
        List<KnownOption> everything = registry.everything();
        assertThat(everything).allSatisfy(known -> {
            assertThat(known.option().doc() + known.reason())
                    .isNotBlank()
                    .doesNotContain("\n")
                    .hasSizeLessThan(110);
            assertThat(known.option().area()).isNotBlank();
            assertThat(known.branch()).isIn("2.0", "2.1", "juwsgi");
            assertThat(known.reason().isEmpty()).isNotEqualTo(known.state() == KnownOption.State.MEANINGLESS);
        });
        assertThat(everything)
                .isSortedAccordingTo(
                        (a, b) -> a.option().name().compareTo(b.option().name()));
    }

    @Test
    void countsEveryNameOnce() {
        List<String> names = registry.everything().stream()
                .flatMap(k -> Stream.concat(Stream.of(k.option().name()), k.option().aliases().stream()))
                .toList();
        assertThat(names).doesNotHaveDuplicates().hasSameElementsAs(registry.names());
    }

    @Test
    void anOptionThatIsAddedIsActive() {
        assertThat(state("static-map")).isEqualTo(KnownOption.State.LATER);
        assertThat(state("thunder-lock")).isEqualTo(KnownOption.State.MEANINGLESS);
        registry.add("x", List.of(Option.list("static-map")));
        assertThat(state("static-map")).isEqualTo(KnownOption.State.ACTIVE);
        assertThat(state("ini")).isEqualTo(KnownOption.State.ACTIVE);
    }

    private KnownOption.State state(String name) {
        return registry.everything().stream()
                .filter(k -> k.option().name().equals(name))
                .findFirst()
                .orElseThrow()
                .state();
    }
}
