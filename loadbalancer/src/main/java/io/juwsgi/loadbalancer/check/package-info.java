/** Health checks, each in its endpoints' own protocol. Start at {@link io.juwsgi.loadbalancer.check.Checks}. */
package io.juwsgi.loadbalancer.check;
