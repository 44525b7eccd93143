/**
 * uWSGI's subscription protocol: servers announce themselves to routers by datagrams. Start at {@link
 * io.juwsgi.protocol.subscription.SubscriptionPacket}.
 */
package io.juwsgi.protocol.subscription;
