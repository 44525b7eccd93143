package io.juwsgi.cache;

import io.juwsgi.cache.store.CacheKey;
import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Option;
import io.juwsgi.config.Settings;
import io.juwsgi.config.typed.Sections;
import io.juwsgi.spi.http.RequestScope;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds how a request is treated: rules that name its host first, then those that name a part of it, then those for every
 * host; among these the longest path, as routes to upstreams do. Immutable.
 */
final class Rules {
    static final Option<List<String>> OPTION = Option.sections("http-cache-rules")
            .placeholder("name=NAME,path=/PATH,ttl=TIME,...")
            .area("http-cache")
            .doc("what is different for some paths and hosts: whether and how long, and what makes no difference");

    private static final Sections<RuleSettings> SECTIONS = Sections.of(OPTION, RuleSettings.class);
    private final Rule general;
    private final List<Rule> own;
    private final boolean byHost;

    private Rules(Rule general, List<Rule> own) {
        this.general = general;
        this.own = own;
        byHost = own.stream().anyMatch(rule -> !rule.scope().host().isEmpty());
    }

    /**
     * Reads them.
     *
     * @throws ConfigException with a line for each mistake
     */
    static Rules of(CacheSettings settings, Settings all) {
        Rule general = Rule.general(settings);
        List<String> failures = new ArrayList<>();
        List<Rule> own = SECTIONS.decode(all, failures).stream()
                .map(section -> general.with(section.settings()))
                .sorted(Comparator.comparing(Rule::scope, RequestScope.CLOSEST_FIRST))
                .toList();
        if (!failures.isEmpty()) {
            throw new ConfigException(String.join("\n", failures));
        }
        return new Rules(general, own);
    }

    /** Returns the rule of requests with a key. */
    Rule of(CacheKey key) {
        if (own.isEmpty()) {
            return general;
        }
        String host = byHost ? RequestScope.bareHost(key.host()) : "";
        for (Rule rule : own) {
            if (rule.scope().has(host, key.path())) {
                return rule;
            }
        }
        return general;
    }

    /** Returns a key without what makes no difference. */
    CacheKey counted(CacheKey key) {
        return key.normalised(of(key).normalisation());
    }
}
