package io.juwsgi.router.upstream.codec;

import io.juwsgi.spi.exchange.Request;

/**
 * Which file a FastCGI server such as PHP-FPM is to run for a request.
 *
 * @param root the directory of the scripts, as the server sees it; empty when the server knows by itself
 * @param script the script for all paths that name none, such as {@code /index.php}; empty for none
 */
public record CgiScript(String root, String script) {
    private static final String ENDING = ".php";

    /**
     * A path taken apart.
     *
     * @param name the script's part, CGI's SCRIPT_NAME
     * @param rest what is behind it, CGI's PATH_INFO
     */
    record Split(String name, String rest) {}

    /** Takes the path of a request apart: the script ends with the first part that ends in {@code .php}. */
    Split split(Request request) {
        String path = request.path();
        for (int at = path.indexOf(ENDING); at >= 0; at = path.indexOf(ENDING, at + 1)) {
            int end = at + ENDING.length();
            if (end == path.length() || path.charAt(end) == '/') {
                return new Split(path.substring(0, end), path.substring(end));
            }
        }
        if (!script.isEmpty()) {
            return new Split(script, "");
        }
        return new Split(path.endsWith("/") ? path + "index.php" : path, "");
    }
}
