package io.juwsgi.cli.plugin;

/**
 * One thing that a plugin registered.
 *
 * @param kind such as {@code filter} or {@code language}
 * @param id its id among the things of its kind
 * @param detail what else there is to say, such as {@code modifier1 0, 30}; may be empty
 */
public record Offer(String kind, String id, String detail) {

    @Override
    public String toString() {
        return kind + (id.isEmpty() ? "" : " " + id) + (detail.isEmpty() ? "" : " (" + detail + ")");
    }
}
