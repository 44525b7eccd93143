/** Benches of the filter chain. */
package io.juwsgi.router.chain;
