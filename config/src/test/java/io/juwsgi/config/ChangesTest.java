package io.juwsgi.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChangesTest {
    private static final Option<Integer> NUMBER = Option.integer("number", 1);
    private static final Option<List<String>> NAMES = Option.list("names");

    @Test
    void seesValuesAndNotPlaces() {
        Changes changes =
                new Changes(settings("names=a", "number=1", "names=b"), settings("number=2", "names=a", "names=b"));
        assertThat(changes.among(List.of(NAMES, NUMBER))).containsExactly("number");
        assertThat(changes.concern(List.of(NUMBER))).isTrue();
        assertThat(changes.concern(List.of(NAMES))).isFalse();
    }

    @Test
    void seesWhatIsThereNoMoreAndWhatHasCome() {
        assertThat(new Changes(settings("number=1"), settings()).among(List.of(NUMBER)))
                .containsExactly("number");
        assertThat(new Changes(settings(), settings("names=a")).among(List.of(NUMBER, NAMES)))
                .containsExactly("names");
    }

    private static Settings settings(String... lines) {
        return new Settings(Stream.of(lines)
                .map(line -> line.split("=", 2))
                .map(parts ->
                        new Setting(parts[0].equals("number") ? NUMBER : NAMES, parts[1], Origin.environment(parts[1])))
                .toList());
    }
}
