package io.juwsgi.router;

/**
 * A listener that accepts connections.
 *
 * @param name the option that it came from, such as {@code http}
 * @param protocol {@code http} or {@code uwsgi}
 * @param url where to reach it, such as {@code http://127.0.0.1:8000} or {@code unix:/run/app.sock}
 * @param address what is bound, such as {@code *:8000}, {@code [::1]:8000}, a path or {@code @name}
 * @param port the real port, -1 for a Unix socket
 */
public record BoundListener(String name, String protocol, String url, String address, int port) {}
