package io.juwsgi.plugin.staticfiles;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Whatever bytes a path has, the file that it names is below the root. */
class NamesFuzzTest {
    private static final Path ROOT = Path.of("/srv/app");

    @FuzzTest(maxDuration = "10s")
    void noNameLeadsOutside(byte[] bytes) {
        String rest = new String(bytes, StandardCharsets.ISO_8859_1);
        for (boolean dotFiles : new boolean[] {false, true}) {
            Path named = new Names(dotFiles).below(ROOT, rest);
            if (named != null) {
                assertThat(named).isEqualTo(named.normalize()).startsWithRaw(ROOT);
                assertThat(named.toString()).doesNotContain("\0", "\\");
                if (!dotFiles) {
                    assertThat(named.toString().replaceFirst("^/srv/app/\\.well-known", ""))
                            .doesNotContain("/.");
                }
            }
        }
    }
}
