package io.juwsgi.loadbalancer.subscription;

import io.juwsgi.config.ConfigException;
import io.juwsgi.protocol.subscription.SubscriptionPacket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether an announcement is signed by somebody who may speak for its key, and was not heard before: each one of a server must be
 * newer than the last. Used by one thread at a time.
 */
final class SignCheck {
    /** Servers whose last announcement is remembered. */
    private static final int MOST = 100_000;

    /** What may be part of a file's name. */
    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.:-]{0,254}");

    private static final SignCheck NONE = new SignCheck(null, "", 0, InstantSource.system());

    private final @Nullable Path directory;
    private final String algorithm;
    private final long tolerance;
    private final InstantSource clock;
    private final Map<String, Long> last = new HashMap<>();

    private SignCheck(@Nullable Path directory, String algorithm, long tolerance, InstantSource clock) {
        this.directory = directory;
        this.algorithm = algorithm;
        this.tolerance = tolerance;
        this.clock = clock;
    }

    /**
     * Reads {@code ALGORITHM:DIRECTORY}; without it everything is taken.
     *
     * @param tolerance how old an announcement may be, in seconds
     */
    static SignCheck of(Optional<String> text, int tolerance, InstantSource clock) {
        if (text.isEmpty()) {
            return NONE;
        }
        int colon = text.get().indexOf(':');
        Path directory = colon < 1 ? null : Path.of(text.get().substring(colon + 1));
        if (directory == null || !Files.isDirectory(directory) || tolerance < 1) {
            throw new ConfigException("subscriptions-sign-check: " + text.get()
                    + " (expected: ALGORITHM:DIRECTORY, and a tolerance of at least a second)");
        }
        return new SignCheck(directory, SignAlgorithm.of(text.get().substring(0, colon)), tolerance, clock);
    }

    /** Returns why a packet is not taken; empty when it is. */
    String check(SubscriptionPacket packet) {
        Path keys = directory;
        if (keys == null) {
            return "";
        }
        long now = clock.instant().getEpochSecond();
        String server = packet.key() + "\0" + packet.address();
        long before = last.getOrDefault(server, 0L);
        if (packet.signature().length == 0) {
            return "it is not signed";
        }
        if (packet.unix() <= now - tolerance || packet.unix() > now + tolerance) {
            return "it is too old, or from the future";
        }
        if (packet.unix() <= before) {
            return "it was heard before";
        }
        if (!SAFE.matcher(packet.key()).matches()) {
            return "its key cannot be a file's name";
        }
        if (!valid(packet, keys.resolve(packet.key() + ".pem"))) {
            return "its signature is not that of its key";
        }
        return remember(server, packet.unix(), now);
    }

    private boolean valid(SubscriptionPacket packet, Path file) {
        try {
            Signature check = Signature.getInstance(algorithm);
            check.initVerify(SignKeys.publicKey(file));
            check.update(packet.signed());
            return check.verify(packet.signature());
        } catch (GeneralSecurityException | IOException e) {
            return false;
        }
    }

    /** Returns when each server announced itself last, in seconds since 1970, by a name for it. */
    Map<String, Long> lastOnes() {
        return Map.copyOf(last);
    }

    /** Knows from another process when servers announced themselves last. */
    void lastOnes(Map<String, Long> known) {
        known.forEach((server, unix) -> {
            if (directory != null && last.size() < MOST) {
                last.merge(server, unix, Math::max);
            }
        });
    }

    private String remember(String server, long unix, long now) {
        if (last.size() >= MOST) {
            // What is too old is refused for that.
            last.values().removeIf(time -> time <= now - tolerance);
        }
        if (last.size() >= MOST && !last.containsKey(server)) {
            return "there are " + MOST + " servers already";
        }
        last.put(server, unix);
        return "";
    }
}
