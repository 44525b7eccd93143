/** Who of an upstream gets a request: balancers, health checks, discovery. Start at {@code LoadBalancerPlugin}. */
package io.juwsgi.loadbalancer;
