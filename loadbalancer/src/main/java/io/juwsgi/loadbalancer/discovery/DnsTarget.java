package io.juwsgi.loadbalancer.discovery;

import io.juwsgi.config.ConfigException;

/**
 * What is looked up.
 *
 * @param name a host, by its name or address, or a service
 * @param port the port of all members; 0 when SRV records say it
 */
record DnsTarget(String name, int port) {

    /** Reads {@code NAME:PORT}. */
    static DnsTarget host(String text) {
        int colon = text.lastIndexOf(':');
        String port = text.substring(colon + 1);
        String name = text.substring(0, Math.max(0, colon));
        boolean bracketed = name.startsWith("[") && name.endsWith("]");
        String host = bracketed ? name.substring(1, name.length() - 1) : name;
        boolean right = bracketed ? host.contains(":") : DomainName.isOne(host);
        if (!right || !port.matches("[1-9][0-9]{0,4}") || Integer.parseInt(port) > 65_535) {
            throw new ConfigException("dns:" + text + " (expected: dns:NAME:PORT)");
        }
        return new DnsTarget(host, Integer.parseInt(port));
    }

    /** Reads {@code NAME}. */
    static DnsTarget service(String text) {
        if (!DomainName.isOne(text)) {
            throw new ConfigException(
                    "srv:" + text + " (expected: srv:NAME without a port, such as srv:_uwsgi._tcp.example.org)");
        }
        return new DnsTarget(text, 0);
    }

    boolean isService() {
        return port == 0;
    }
}
