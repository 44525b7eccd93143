package io.juwsgi.cli;

import io.juwsgi.spi.route.RouteWord;
import io.juwsgi.spi.route.RouteWords;
import java.util.Collection;

/** The tables of the words of internal routing, in Markdown: {@code juwsgi routes --words}. */
final class RouteWordsPage {
    private RouteWordsPage() {}

    static String markdown(RouteWords words) {
        StringBuilder page = new StringBuilder();
        table(page, "Actions", "action", "%s:%s", words.actions());
        table(page, "Conditions", "condition", "%s:%s", words.conditions());
        table(page, "Variables", "variable", "${%s[%s]}", words.variables());
        return page.toString().stripTrailing() + "\n";
    }

    private static <T> void table(
            StringBuilder page, String title, String column, String form, Collection<RouteWord<T>> words) {
        page.append("### ").append(title).append("\n\n");
        page.append("| ").append(column).append(" | also | what it does |\n|---|---|---|\n");
        for (RouteWord<T> word : words) {
            page.append("| `")
                    .append(form.formatted(word.names().getFirst(), word.syntax())
                            .replace("|", "\\|"))
                    .append("` | ")
                    .append(String.join(
                            ", ",
                            word.names().stream()
                                    .skip(1)
                                    .map(name -> "`" + name + "`")
                                    .toList()))
                    .append(" | ")
                    .append(word.doc().replace("|", "\\|"))
                    .append(" |\n");
        }
        page.append('\n');
    }
}
