package com.example.runtime;

import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;
import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.exchange.BlockingExchange;
import io.juwsgi.spi.exchange.BlockingHandler;
import io.juwsgi.spi.extension.Context;
import io.juwsgi.spi.extension.Extension;
import io.juwsgi.spi.extension.Mounted;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Brings the Java application {@code runtime-info}: {@code --runtime-info} serves JSON at {@code /runtime}. */
public final class RuntimeInfoPlugin implements Plugin {

    /** Where it answers, and whom. */
    @Doc("tell about the server's JVM in JSON")
    record Settings(
            @Default("/runtime") @Doc("path that is answered")
            String mount,

            @Doc("address that may ask; 127.0.0.1 and ::1 when none is given")
            List<String> allow)
            implements Mounted {

        boolean allows(String address) {
            return (allow.isEmpty() ? List.of("127.0.0.1", "::1", "0:0:0:0:0:0:0:1") : allow).contains(address);
        }
    }

    @Override
    public String name() {
        return "runtime-info";
    }

    @Override
    public void register(Extensions extensions) {
        extensions.handler(new Extension<>("runtime-info", Settings.class, RuntimeInfo::of));
    }

    /** Called on a virtual thread for each exchange. Thread-safe. */
    private record RuntimeInfo(Settings settings, AtomicLong asked) implements BlockingHandler {

        /** The count of questions goes on across reloads. */
        static RuntimeInfo of(Settings settings, Context context) {
            return new RuntimeInfo(settings, context.carried(AtomicLong.class, AtomicLong::new));
        }

        @Override
        public void handle(BlockingExchange exchange) throws IOException {
            if (!settings.allows(exchange.request().remoteAddress())) {
                exchange.send(403, "application/json", "{\"error\": \"not for your address\"}\n");
                return;
            }
            if (!List.of("GET", "HEAD").contains(exchange.request().method())) {
                exchange.fields().set("Allow", "GET, HEAD");
                exchange.send(405, "application/json", "{\"error\": \"GET or HEAD\"}\n");
                return;
            }
            String section = exchange.pathInfo();
            if (section.isEmpty() || section.equals("/")) {
                exchange.fields().set("Cache-Control", "no-store");
                exchange.send(
                        200,
                        "application/json",
                        Report.now(asked.incrementAndGet()).json());
            } else {
                exchange.send(404, "application/json", "{\"error\": \"nothing here\"}\n");
            }
        }
    }
}
