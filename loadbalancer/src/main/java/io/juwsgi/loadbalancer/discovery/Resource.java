package io.juwsgi.loadbalancer.discovery;

import java.net.InetAddress;

/**
 * A record of DNS that is of use here.
 *
 * @param owner the name that it belongs to, in its canonical form
 * @param kind what it is
 * @param ttl for how many seconds it is valid
 * @param data what it says
 */
record Resource(String owner, Kind kind, long ttl, Data data) {

    /** The kinds, by their names in DNS. */
    enum Kind {
        A,
        AAAA,
        CNAME,
        SRV
    }

    /** What records say. */
    sealed interface Data {}

    /** A or AAAA. */
    record Address(InetAddress address) implements Data {}

    /** CNAME: the name is another one's, in its canonical form. */
    record Alias(String target) implements Data {}

    /**
     * SRV, RFC 2782.
     *
     * @param priority the lowest is asked, all others as long as it cannot answer
     * @param weight the share among those of one priority, 0 to 65535
     * @param port 0 to 65535
     * @param target the host's name in its canonical form; empty when the service is decidedly not there
     */
    record Service(int priority, int weight, int port, String target) implements Data {}
}
