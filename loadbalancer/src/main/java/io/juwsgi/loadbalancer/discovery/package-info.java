/**
 * Who is there: members by DNS and by a file. {@link io.juwsgi.loadbalancer.discovery.Discoveries} registers them; a look-up goes
 * from {@code DnsDiscovery} through {@code Names} (files of the system, aliases, what was heard before) to {@code DnsClient} (the wire).
 */
package io.juwsgi.loadbalancer.discovery;
