package io.juwsgi.loadbalancer.subscription;

import io.juwsgi.config.ConfigException;
import io.juwsgi.protocol.subscription.SubscriptionPacket.Signer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One announcement that this server makes again and again.
 *
 * @param server where it is sent
 * @param key which requests are wanted
 * @param address what is announced; empty for one of the server's sockets
 * @param socket which of them, from 0
 * @param modifier1 modifier1 of requests
 * @param modifier2 modifier2 of requests
 * @param weight the share of requests, 0 when it is the server's
 * @param check nothing is said while there is such a file; empty for none
 * @param certificates what the router is told of the key's certificate, by uWSGI's names
 * @param signer signs it; empty for none
 */
record Subscription(
        String server,
        String key,
        String address,
        int socket,
        int modifier1,
        int modifier2,
        int weight,
        String check,
        Map<String, String> certificates,
        Optional<Signer> signer) {
    private static final List<String> CERTIFICATES = List.of("sni_key", "sni_crt", "sni_ca");
    private static final List<String> NAMES = List.of(
            "server",
            "key",
            "addr",
            "socket",
            "weight",
            "modifier1",
            "modifier2",
            "sign",
            "check",
            "backup",
            "sni_key",
            "sni_crt",
            "sni_ca");

    Subscription {
        certificates = Map.copyOf(certificates);
    }

    /**
     * Reads {@code [ADDRESS=]SERVER:KEY[,MODIFIER1[,SIGN]]}; a key {@code @FILE} stands for those in a file, one a line, each
     * with a modifier1 of its own behind a comma.
     */
    static List<Subscription> parse(String text) {
        int equals = text.indexOf('=');
        String address = equals < 0 ? "" : text.substring(0, equals);
        String rest = text.substring(equals + 1);
        int host = rest.startsWith("[") ? rest.indexOf(']') : 0;
        int first = rest.indexOf(':', Math.max(0, host));
        int colon = rest.startsWith("/") ? first : rest.indexOf(':', first + 1);
        if (first < 0 || colon < 0 || colon == rest.length() - 1) {
            throw new ConfigException("subscribe-to: " + text + " (expected: [ADDRESS=]SERVER:KEY[,MODIFIER1[,SIGN]])");
        }
        String[] parts = rest.substring(colon + 1).split(",", 3);
        Map<String, String> named = new HashMap<>();
        named.put("server", rest.substring(0, colon));
        named.put("addr", address);
        if (parts.length > 1) {
            named.put("modifier1", parts[1]);
        }
        if (parts.length > 2) {
            named.put("sign", parts[2]);
        }
        return keys(parts[0]).stream()
                .map(line -> {
                    int comma = line.indexOf(',');
                    named.put("key", comma < 0 ? line : line.substring(0, comma));
                    if (comma >= 0) {
                        named.put("modifier1", line.substring(comma + 1));
                    }
                    return of("subscribe-to: " + text, named);
                })
                .toList();
    }

    private static List<String> keys(String key) {
        if (!key.startsWith("@")) {
            return List.of(key);
        }
        try {
            return Files.readAllLines(Path.of(key.substring(1))).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new ConfigException("subscribe-to: " + key + " cannot be read: " + e.getMessage());
        }
    }

    /** Reads {@code server=SERVER,key=KEY,...}. */
    static Subscription parseNamed(String text) {
        Map<String, String> named = new HashMap<>();
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            if (equals < 0 || !NAMES.contains(name)) {
                throw new ConfigException(
                        "subscribe2: " + text + ": " + name + " (expected: " + String.join("=, ", NAMES) + "=)");
            }
            named.put(name, part.substring(equals + 1));
        }
        if (!named.containsKey("server") || !named.containsKey("key")) {
            throw new ConfigException("subscribe2: " + text + " (expected: server= and key= among the parts)");
        }
        return of("subscribe2: " + text, named);
    }

    private static Subscription of(String where, Map<String, String> named) {
        Map<String, String> certificates = new HashMap<>(named);
        certificates.keySet().retainAll(CERTIFICATES);
        return new Subscription(
                named.getOrDefault("server", ""),
                named.getOrDefault("key", ""),
                named.containsKey("socket") ? "" : named.getOrDefault("addr", ""),
                number(where, named.getOrDefault("socket", "0"), 255),
                number(where, named.getOrDefault("modifier1", "0"), 255),
                number(where, named.getOrDefault("modifier2", "0"), 255),
                number(where, named.getOrDefault("weight", "0"), 1000),
                named.getOrDefault("check", ""),
                certificates,
                Optional.ofNullable(named.get("sign")).map(sign -> signer(where, sign)));
    }

    private static int number(String where, String text, int most) {
        if (text.isEmpty()) {
            return 0;
        }
        int number = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : -1;
        if (number < 0 || number > most) {
            throw new ConfigException(where + ": '" + text + "' (expected: 0 to " + most + ")");
        }
        return number;
    }

    private static Signer signer(String where, String sign) {
        int colon = sign.indexOf(':');
        if (colon < 1) {
            throw new ConfigException(where + ": sign " + sign + " (expected: ALGORITHM:FILE)");
        }
        String algorithm = SignAlgorithm.of(sign.substring(0, colon));
        PrivateKey key;
        try {
            key = SignKeys.privateKey(Path.of(sign.substring(colon + 1)));
        } catch (IOException | GeneralSecurityException e) {
            throw new ConfigException(where + ": the key cannot be read: " + e.getMessage());
        }
        return bytes -> {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(bytes);
            return signature.sign();
        };
    }
}
