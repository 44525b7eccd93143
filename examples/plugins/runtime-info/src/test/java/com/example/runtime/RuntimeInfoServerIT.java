package com.example.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.testkit.JuwsgiServer;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** In the real server. */
class RuntimeInfoServerIT {
    @RegisterExtension
    static final JuwsgiServer SERVER =
            JuwsgiServer.with(RuntimeInfoPlugin.class).options("--runtime-info-mount", "/about");

    @Test
    void itAnswersAtItsMountPoint() throws Exception {
        HttpResponse<String> answer = SERVER.get("/about");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"heap_max\": ");
        assertThat(SERVER.get("/elsewhere").body()).doesNotContain("heap_max");
    }
}
