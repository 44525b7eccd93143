package io.juwsgi.cli.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.spi.route.RouteAction;
import io.juwsgi.spi.route.RouteCondition;
import io.juwsgi.spi.route.RouteStep;
import io.juwsgi.spi.route.RouteWord;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegisteredWordsTest {
    private final RegisteredWords words = new RegisteredWords();

    private static RouteWord<RouteAction> action(String... names) {
        return new RouteWord<>(List.of(names), "", "", arguments -> exchange -> RouteStep.NEXT);
    }

    private static RouteWord<RouteCondition> condition(String name) {
        return new RouteWord<>(List.of(name), "", "", arguments -> exchange -> true);
    }

    @Test
    void aNameIsTakenOnce() {
        words.action("first", action("tag", "mark"));
        words.condition("second", condition("tag"));
        assertThatThrownBy(() -> words.action("second", action("label", "mark")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("plugin second: route action mark is there already, from plugin first");
    }

    @Test
    void aPluginsWordsAreCounted() {
        words.action("first", action("a", "b"));
        words.action("first", action("c"));
        words.action("second", action("d"));
        words.condition("first", condition("a"));
        assertThat(words.counted("first"))
                .containsExactly(new Offer("route actions", "", "2"), new Offer("route conditions", "", "1"));
    }

    @Test
    void aNameThatCannotBeWrittenIsRefused() {
        assertThatThrownBy(() -> action("two words"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[two words]");
    }
}
