package io.juwsgi.plugin.ssl;

import io.juwsgi.config.ConfigException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which cipher suites are offered. Those of TLS 1.3 always are; of TLS 1.2 the ones with forward secrecy and authenticated
 * encryption, unless the configuration names some itself, in the notation of OpenSSL.
 */
final class CipherSuites {
    private static final List<String> TLS_1_3 =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    /** Suites of TLS 1.2 by OpenSSL's names: first those that are offered by default, best first. */
    private static final Map<String, String> TLS_1_2 = new LinkedHashMap<>();

    private static final int MODERN = 6;

    private static final Pattern SEPARATOR = Pattern.compile("[:, ]");

    static {
        TLS_1_2.put("ECDHE-ECDSA-AES128-GCM-SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
        TLS_1_2.put("ECDHE-RSA-AES128-GCM-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
        TLS_1_2.put("ECDHE-ECDSA-AES256-GCM-SHA384", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
        TLS_1_2.put("ECDHE-RSA-AES256-GCM-SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
        TLS_1_2.put("ECDHE-ECDSA-CHACHA20-POLY1305", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");
        TLS_1_2.put("ECDHE-RSA-CHACHA20-POLY1305", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");
        TLS_1_2.put("ECDHE-ECDSA-AES128-SHA", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA");
        TLS_1_2.put("ECDHE-RSA-AES128-SHA", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA");
        TLS_1_2.put("ECDHE-ECDSA-AES256-SHA", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA");
        TLS_1_2.put("ECDHE-RSA-AES256-SHA", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA");
        TLS_1_2.put("AES128-GCM-SHA256", "TLS_RSA_WITH_AES_128_GCM_SHA256");
        TLS_1_2.put("AES256-GCM-SHA384", "TLS_RSA_WITH_AES_256_GCM_SHA384");
    }

    private CipherSuites() {}

    /** Returns what is offered when nothing is configured. */
    static List<String> modern() {
        List<String> all = new ArrayList<>(TLS_1_3);
        all.addAll(modern12());
        return all;
    }

    private static List<String> modern12() {
        return TLS_1_2.values().stream().limit(MODERN).toList();
    }

    /**
     * Reads OpenSSL's notation: names of suites, separated by colons. A group such as {@code HIGH} or {@code
     * ECDHE+AESGCM} stands for the modern suites; {@code !WORD} takes those with WORD in their names away.
     *
     * @throws ConfigException when a suite is not known, or none is left
     */
    static List<String> parse(String option, String text) {
        List<String> chosen = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        for (String word : SEPARATOR.split(text, -1)) {
            if (word.isEmpty()) {
                continue;
            }
            if (word.startsWith("!") || word.startsWith("-")) {
                removed.add(word.substring(1));
            } else if (TLS_1_2.containsKey(word)) {
                chosen.add(TLS_1_2.getOrDefault(word, word));
            } else if (TLS_1_2.containsValue(word)) {
                chosen.add(word);
            } else if (isGroup(word)) {
                modern12().stream().filter(suite -> !chosen.contains(suite)).forEach(chosen::add);
            } else if (!TLS_1_3.contains(word) && !word.startsWith("@")) {
                throw new ConfigException(option + ": cipher suite " + word + " (expected: one of "
                        + String.join(", ", TLS_1_2.keySet()) + ")");
            }
        }
        chosen.removeIf(suite -> removed.stream().anyMatch(word -> plain(suite).contains(plain(word))));
        if (chosen.isEmpty()) {
            throw new ConfigException(option + ": no cipher suite is left of " + text);
        }
        List<String> all = new ArrayList<>(TLS_1_3);
        all.addAll(chosen);
        return all;
    }

    private static boolean isGroup(String word) {
        return word.matches("[A-Zk][A-Za-z0-9]*(\\+[A-Za-z0-9]+)*") && !word.startsWith("TLS");
    }

    private static String plain(String name) {
        return name.replaceAll("[-_+]", "");
    }
}
