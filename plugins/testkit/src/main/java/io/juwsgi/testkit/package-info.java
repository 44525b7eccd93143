/**
 * Tests of plugins without a server and with one.
 *
 * <p>{@link io.juwsgi.testkit.TestChain} runs a plugin's filters and handlers in memory, {@link
 * io.juwsgi.testkit.JuwsgiServer} in the real server. {@link io.juwsgi.testkit.TestExchange} is the exchange for tests of
 * single parts. What every plugin has to hold is in {@link io.juwsgi.testkit.contract}, to be inherited.
 */
package io.juwsgi.testkit;
