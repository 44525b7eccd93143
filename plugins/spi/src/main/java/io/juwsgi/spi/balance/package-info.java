/**
 * What stands behind a gateway, and which of it answers: <em>who is there</em> ({@link io.juwsgi.spi.balance.Discovery}),
 * <em>who is well</em> ({@link io.juwsgi.spi.balance.HealthCheck}), <em>whom to pick</em> ({@link
 * io.juwsgi.spi.balance.Balancer}), <em>how much is one gateway's part</em> ({@link io.juwsgi.spi.balance.FleetLimits}). Connections, retries and counts are the router's. Start at {@link
 * io.juwsgi.spi.balance.Balancer}.
 */
package io.juwsgi.spi.balance;
