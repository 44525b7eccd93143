package io.juwsgi.router;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Origin;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import io.juwsgi.config.Suggestions;
import io.juwsgi.router.listener.ListenAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A protocol front that {@code front-socket} names.
 *
 * @param id the extension's id
 * @param address where it accepts connections, as written
 * @param origin where it was written
 */
public record NamedFront(String id, String address, Origin origin) {

    /**
     * Returns them in the order in which they were written.
     *
     * @throws ConfigException when one has no name or no address; all mistakes in one message
     */
    public static List<NamedFront> of(Settings settings) {
        List<NamedFront> all = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        for (Setting setting : settings.of(RouterOptions.FRONT_SOCKET)) {
            int equals = setting.value().indexOf('=');
            if (equals < 1) {
                failures.add(setting.origin() + ": " + RouterOptions.FRONT_SOCKET.name() + " = " + setting.value()
                        + " (expected: NAME=ADDRESS, such as scgi=127.0.0.1:4000)");
                continue;
            }
            String address = setting.value().substring(equals + 1).strip();
            try {
                ListenAddress.parse(RouterOptions.FRONT_SOCKET.name(), address);
                all.add(new NamedFront(setting.value().substring(0, equals).strip(), address, setting.origin()));
            } catch (ConfigException e) {
                failures.add(String.valueOf(e.getMessage()));
            }
        }
        if (!failures.isEmpty()) {
            throw new ConfigException(String.join("\n", failures));
        }
        return all;
    }

    /**
     * Returns the message for one that no plugin brings.
     *
     * @param known the ids of all fronts
     */
    public String unknown(Collection<String> known) {
        String expected = Suggestions.closest(id, known)
                .map(one -> "did you mean " + one + "?")
                .orElse(known.isEmpty() ? "no plugin brings one" : "expected: one of " + String.join(", ", known));
        return origin + ": there is no protocol front " + id + " (" + expected + ")";
    }
}
