/**
 * Rate limits. A {@link io.juwsgi.plugin.limits.Rule} says who may ask how often, {@link io.juwsgi.plugin.limits.Buckets}
 * remembers who has.
 */
package io.juwsgi.plugin.limits;
