package com.example.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.testkit.JuwsgiServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.core.json.JsonFactory;

/** In the real server, with its library in the folder beside it. */
class JwtServerIT {
    @RegisterExtension
    static final JuwsgiServer SERVER = JuwsgiServer.with(JwtPlugin.class)
            .library(JsonFactory.class)
            .file("key", "a secret that is long enough to be one")
            .options("--jwt-algorithm", "hs256", "--jwt-key", "key", "--jwt-open", "/open");

    @Test
    void onlyOpenPathsAreThereForAll() throws Exception {
        var refused = SERVER.get("/");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("www-authenticate"))
                .hasValueSatisfying(value -> assertThat(value).startsWith("Bearer error="));
        assertThat(SERVER.get("/open").statusCode()).isNotEqualTo(401);
        assertThat(SERVER.process().log()).noneMatch(line -> line.contains("secret"));
    }
}
