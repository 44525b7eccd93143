/**
 * HTTP/1.0 and 1.1 (RFC 9112), parsed strictly from bytes to exchanges. Start at
 * {@link io.juwsgi.router.http1.Http1Connection}.
 */
package io.juwsgi.router.http1;
