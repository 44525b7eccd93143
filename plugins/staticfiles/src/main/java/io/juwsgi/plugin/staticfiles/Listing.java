package io.juwsgi.plugin.staticfiles;

import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The page of a directory: names and links, as {@code python -m http.server} shows them. It is read on a virtual thread.
 *
 * @param names which of them are shown
 */
record Listing(Names names) {
    /** More names help nobody, and cost memory. */
    private static final int MAX_NAMES = 10_000;

    private static final Failure UNREADABLE =
            Failure.client(404, "static-no-listing", "There is nothing at this address.");

    /** Reads a directory that a source has, and sends its page. */
    void send(Exchange exchange, Path directory, Source source) {
        String path = exchange.request().path();
        Thread.ofVirtual().name("juwsgi-static-listing").start(() -> {
            try {
                byte[] page = page(path, shown(directory, source)).getBytes(StandardCharsets.UTF_8);
                exchange.eventLoop().execute(() -> answer(exchange, page));
            } catch (IOException e) {
                exchange.eventLoop().execute(() -> exchange.fail(UNREADABLE));
            }
        });
    }

    private static void answer(Exchange exchange, byte[] page) {
        Fields fields =
                Fields.of("Content-Type", "text/html; charset=utf-8", "Content-Length", Integer.toString(page.length));
        exchange.response().head(new Response(200, "OK", fields));
        if (!exchange.request().method().equals("HEAD")) {
            exchange.response().data(Chunk.of(page));
        }
        exchange.response().end();
    }

    /** Returns the names in a directory, those of directories with a slash, in the order of the alphabet. */
    private List<String> shown(Path directory, Source source) throws IOException {
        Path real = directory.toRealPath();
        if (!real.startsWith(source.root().toRealPath())) {
            throw new IOException("outside");
        }
        List<String> shown = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(real)) {
            for (Path entry : entries) {
                Path name = entry.getFileName();
                if (name != null && names.shows(name.toString()) && shown.size() < MAX_NAMES) {
                    shown.add(Files.isDirectory(entry) ? name + "/" : name.toString());
                }
            }
        }
        shown.sort(String.CASE_INSENSITIVE_ORDER);
        return shown;
    }

    private static String page(String path, List<String> names) {
        String title = "Directory listing for "
                + escaped(new String(path.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
        StringBuilder page = new StringBuilder(
                        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>")
                .append(title)
                .append("</title>\n</head>\n<body>\n<h1>")
                .append(title)
                .append("</h1>\n<hr>\n<ul>\n");
        for (String name : names) {
            page.append("<li><a href=\"./");
            PathText.append(page, new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
            page.append("\">").append(escaped(name)).append("</a></li>\n");
        }
        return page.append("</ul>\n<hr>\n</body>\n</html>\n").toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
