/** Exchanges as the router makes them: identity, error pages, bodies over Netty buffers, and the connections they live on. */
package io.juwsgi.router.exchange;
