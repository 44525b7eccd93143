/**
 * What proxies in front say about their clients, and which of them are believed. Start at {@link
 * io.juwsgi.router.proxy.ProxyTrust}.
 */
package io.juwsgi.router.proxy;
