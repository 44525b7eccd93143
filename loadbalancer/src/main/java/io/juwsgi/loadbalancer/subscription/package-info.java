/**
 * uWSGI's subscription protocol, both sides: servers that announce themselves become members of upstreams, and this server
 * announces itself to others. Start at {@link io.juwsgi.loadbalancer.subscription.Subscriptions}.
 */
package io.juwsgi.loadbalancer.subscription;
