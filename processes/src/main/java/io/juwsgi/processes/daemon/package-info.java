/**
 * Programs that run beside the server for as long as it runs, or longer: {@link io.juwsgi.processes.daemon.Daemons} is the
 * way in, {@code docs/daemons.md} says what they are.
 */
package io.juwsgi.processes.daemon;
