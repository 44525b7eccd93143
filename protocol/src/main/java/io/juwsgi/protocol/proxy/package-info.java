/** The PROXY protocol, versions 1 and 2. Start at {@link io.juwsgi.protocol.proxy.ProxyHeader}. */
package io.juwsgi.protocol.proxy;
