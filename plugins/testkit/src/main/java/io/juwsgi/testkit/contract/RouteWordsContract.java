package io.juwsgi.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.juwsgi.spi.extension.LifeCycle;
import io.juwsgi.spi.route.RouteAction;
import io.juwsgi.spi.route.RouteCondition;
import io.juwsgi.spi.route.RouteStage;
import io.juwsgi.spi.route.RouteVariable;
import io.juwsgi.spi.route.RouteWord;
import io.juwsgi.spi.route.RouteWords;
import io.juwsgi.testkit.PluginUnderTest;
import io.juwsgi.testkit.TestArguments;
import io.juwsgi.testkit.TestRequest;
import io.juwsgi.testkit.TestRouteExchange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What internal routing relies on in actions, conditions and variables: all those of a plugin. */
public abstract class RouteWordsContract extends PluginContract {
    private static final List<String> ODD = List.of(
            "",
            " ",
            ":",
            ";",
            ",",
            "=",
            "=,=",
            "$",
            "${",
            "$9",
            "%",
            "-1",
            "99999999999999999999",
            "a\u0000b",
            "(",
            "x".repeat(10_000));

    /** For subclasses. */
    protected RouteWordsContract() {}

    /**
     * Returns arguments with which a word can be compiled, by one of its names; words left out take an empty text. Where an action
     * and a variable share a name, another one tells them apart.
     */
    protected abstract Map<String, String> words();

    /** Returns whether an action may be carried out by the contract: not one that runs programs or sends mail. */
    protected boolean harmless(String name) {
        return true;
    }

    private RouteWords registered() {
        return PluginUnderTest.of(plugin()).routeWords();
    }

    private List<RouteWord<?>> all() {
        List<RouteWord<?>> all = new ArrayList<>(registered().actions());
        all.addAll(registered().conditions());
        all.addAll(registered().variables());
        return all;
    }

    private String argument(RouteWord<?> word) {
        return word.names().reversed().stream()
                .map(name -> words().get(name))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
    }

    /** The table of all words is made of these. */
    @Test
    public void everyWordIsExplainedInOneLine() {
        assertFalse(all().isEmpty(), "no words");
        for (RouteWord<?> word : all()) {
            assertTrue(word.doc().matches("\\S[^\\n]*"), word.names() + ": " + word.doc());
            assertTrue(word.syntax().matches("[^\\n]*"), word.names() + ": " + word.syntax());
        }
    }

    /** A name means one thing. */
    @Test
    public void noNameIsThereTwice() {
        for (Collection<? extends RouteWord<?>> kind : List.of(
                registered().actions(), registered().conditions(), registered().variables())) {
            Set<String> names = new HashSet<>();
            kind.forEach(word -> word.names().forEach(name -> assertTrue(names.add(name), name + " is there twice")));
        }
    }

    /** A mistake in a route gets a message with its place; another exception would be a stack trace at the start. */
    @Test
    public void wrongArgumentsAreRefusedInWords() {
        for (RouteWord<?> word : all()) {
            for (String odd : ODD) {
                try {
                    assertNotNull(word.compiler().compile(new TestArguments(odd)), word.names() + ":" + odd);
                } catch (IllegalArgumentException e) {
                    assertFalse(String.valueOf(e.getMessage()).isBlank(), word.names() + ":" + odd + ": " + e);
                }
            }
        }
    }

    private <T> Optional<T> compiled(RouteWord<T> word) {
        String name = word.names().getFirst();
        return harmless(name)
                ? Optional.of(word.compiler().compile(new TestArguments(argument(word))))
                : Optional.empty();
    }

    private static TestRouteExchange exchange() {
        TestRouteExchange exchange = TestRouteExchange.of(
                RouteStage.REQUEST,
                TestRequest.get("/a/b.txt?c=d")
                        .field("Host", "example.com")
                        .field("Cookie", "id=1")
                        .variable("REQUEST_METHOD", "GET")
                        .variable("PATH_INFO", "/a/b.txt")
                        .variable("REMOTE_ADDR", "10.0.0.1")
                        .variable("QUERY_STRING", "c=d"));
        exchange.groups(new String[] {"/a/b.txt", "a"});
        return exchange;
    }

    /** One object serves all exchanges, so that an exchange leaves nothing for the next one. */
    @Test
    public void actionsActOnExchangeAfterExchange() throws Exception {
        for (RouteWord<RouteAction> word : registered().actions()) {
            Optional<RouteAction> action = compiled(word);
            if (action.isPresent()) {
                action.get().start();
                assertNotNull(action.get().act(exchange()), word.names() + " says not how to go on");
                assertNotNull(action.get().act(exchange()), word.names() + " says not how to go on");
                action.get().close();
            }
        }
    }

    /** Asked twice about the same, a condition says the same. */
    @Test
    public void conditionsDecide() throws Exception {
        for (RouteWord<RouteCondition> word : registered().conditions()) {
            Optional<RouteCondition> condition = compiled(word);
            if (condition.isPresent()) {
                condition.get().start();
                assertEquals(condition.get().holds(exchange()), condition.get().holds(exchange()), word.names() + "");
                condition.get().close();
            }
        }
    }

    /** What a variable says is bytes. */
    @Test
    public void variablesHaveBytes() throws Exception {
        for (RouteWord<RouteVariable> word : registered().variables()) {
            Optional<RouteVariable> variable = compiled(word);
            if (variable.isPresent()) {
                String value = variable.get().value(exchange());
                assertTrue(value == null || value.chars().allMatch(c -> c < 256), word.names() + ": " + value);
                close(variable.get());
            }
        }
    }

    private static void close(Object word) throws Exception {
        if (word instanceof LifeCycle lived) {
            lived.close();
        }
    }
}
