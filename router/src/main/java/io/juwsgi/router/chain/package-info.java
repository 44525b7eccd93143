/**
 * The filter chain, compiled once of what plugins offer. Start at {@link io.juwsgi.router.chain.Chains}, which an
 * exchange enters, then {@link io.juwsgi.router.chain.Chain}.
 */
package io.juwsgi.router.chain;
