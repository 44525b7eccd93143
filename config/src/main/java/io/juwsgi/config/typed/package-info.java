/**
 * Records as settings: each component is an option. Start at {@link io.juwsgi.config.typed.RecordOptions}.
 */
package io.juwsgi.config.typed;
