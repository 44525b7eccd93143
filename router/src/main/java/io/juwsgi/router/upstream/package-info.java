/**
 * Gateway to upstream servers: which upstream a request goes to, which endpoint of it, over which connection, and what
 * happens when that fails. Start at {@link io.juwsgi.router.upstream.Upstreams}, then {@code UpstreamCall}, the way of one
 * request.
 */
package io.juwsgi.router.upstream;
