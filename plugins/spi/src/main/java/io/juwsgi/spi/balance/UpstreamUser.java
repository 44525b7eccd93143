package io.juwsgi.spi.balance;

import java.util.Collection;

/**
 * A component, of whatever kind, that chooses upstreams for requests: by what {@link io.juwsgi.spi.exchange.Request#upstream}
 * returns of the requests that it passes on.
 */
public interface UpstreamUser {

    /**
     * Returns those that it may choose. Asked once, after the start of the component, so that what is wrong with them is told then.
     *
     * @return names of upstreams, or servers as {@code SCHEME://ADDRESS}, such as {@code uwsgi://127.0.0.1:3031}
     */
    Collection<String> upstreams();
}
