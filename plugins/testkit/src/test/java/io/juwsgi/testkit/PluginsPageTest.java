package io.juwsgi.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The listings of docs/plugins.md compile against the SPI and the test kit as they are printed. */
class PluginsPageTest {
    private static final Pattern LISTING = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CLASS = Pattern.compile("(?:public final )?class (\\w+)");

    private record Listing(String name, String text) {
        JavaFileObject source() {
            URI uri = URI.create("string:///" + name + ".java");
            return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
                @Override
                public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                    return text;
                }
            };
        }
    }

    @TempDir
    Path classes;

    @Test
    void everyListingCompilesWithoutAWarning() throws Exception {
        List<Listing> listings = listings();
        assertThat(listings).hasSizeGreaterThanOrEqualTo(4);
        StringWriter messages = new StringWriter();
        boolean compiled = ToolProvider.getSystemJavaCompiler()
                .getTask(
                        messages,
                        null,
                        null,
                        List.of(
                                "-Xlint:all,-classfile,-path,-serial",
                                "-Werror",
                                "-d",
                                classes.toString(),
                                "-classpath",
                                System.getProperty("java.class.path")),
                        null,
                        listings.stream().map(Listing::source).toList())
                .call();
        assertThat(compiled).as(messages.toString()).isTrue();
    }

    private static List<Listing> listings() throws Exception {
        List<Listing> found = new ArrayList<>();
        Matcher listing = LISTING.matcher(Files.readString(Path.of("../../docs/plugins.md")));
        while (listing.find()) {
            Matcher name = CLASS.matcher(listing.group(1));
            assertThat(name.find()).as(listing.group(1)).isTrue();
            found.add(new Listing(name.group(1), listing.group(1)));
        }
        return found;
    }
}
