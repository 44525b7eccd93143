package io.juwsgi.plugin.scgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The corpus: each head with the length of its body, or the status of its refusal, as {@code NAME.expect} says. */
class ScgiHeadTest {
    private static final Path CORPUS = Path.of("src/test/resources/corpus");
    private static final int LIMIT = 4096;

    @TestFactory
    Stream<DynamicTest> corpus() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(CORPUS)) {
            files = all.filter(f -> f.toString().endsWith(".bytes")).sorted().toList();
        }
        return files.stream().map(file -> {
            String name = file.getFileName().toString().replace(".bytes", "");
            return DynamicTest.dynamicTest(
                    name,
                    () -> assertThat(outcome(Files.readAllBytes(file)))
                            .isEqualTo(Files.readString(file.resolveSibling(name + ".expect"))
                                    .strip()));
        });
    }

    private static String outcome(byte[] bytes) throws IOException {
        try {
            return Long.toString(
                    ScgiHead.read(new ByteArrayInputStream(bytes), LIMIT).length());
        } catch (ScgiException e) {
            return Integer.toString(e.status());
        }
    }

    @Test
    void nothingBehindTheHeadIsRead() throws Exception {
        ByteArrayInputStream in = new ByteArrayInputStream(Files.readAllBytes(CORPUS.resolve("specification.bytes")));
        ScgiHead head = ScgiHead.read(in, LIMIT);
        assertThat(head.variables().first("REQUEST_URI")).isEqualTo("/deepthought");
        assertThat(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII))
                .isEqualTo("What is the answer to life?");
    }
}
