package io.juwsgi.plugin.routing;

import io.juwsgi.config.Setting;
import io.juwsgi.plugin.routing.pattern.CompiledPattern;
import io.juwsgi.spi.route.RouteAction;
import io.juwsgi.spi.route.RouteCondition;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A compiled route.
 *
 * @param setting where and how it was written
 * @param test when it applies
 * @param actionName the word that its action was written with; empty for a label
 * @param action what it does
 */
record Route(Setting setting, Test test, String actionName, RouteAction action) {

    /** When a route applies. */
    sealed interface Test {

        /** When a pattern is found. */
        record Matches(Subject subject, CompiledPattern pattern) implements Test {}

        /** When the response has a status. */
        record HasStatus(int status) implements Test {}

        /** When a condition holds, or does not. */
        record Holds(RouteCondition condition, boolean wanted) implements Test {}

        /** Always. */
        record Always() implements Test {}

        /** Never: a label. */
        record Label(String name) implements Test {}
    }

    /** Returns whether the route applies; sets the groups of its pattern. */
    boolean applies(RouteState state) {
        return switch (test) {
            case Test.Matches(Subject subject, CompiledPattern pattern) -> {
                String @Nullable [] groups = pattern.find(subject.of(state));
                if (groups != null) {
                    state.groups(groups);
                }
                yield groups != null;
            }
            case Test.HasStatus(int status) -> state.status() == status;
            case Test.Holds(RouteCondition condition, boolean wanted) -> condition.holds(state) == wanted;
            case Test.Always() -> true;
            case Test.Label(String name) -> false;
        };
    }

    /** Returns the name of a label. */
    Optional<String> label() {
        return test instanceof Test.Label(String name) ? Optional.of(name) : Optional.empty();
    }

    /** Returns what runs its pattern, for people; empty when it has none. */
    String engine() {
        return test instanceof Test.Matches(Subject subject, CompiledPattern pattern) ? pattern.engine() : "";
    }
}
