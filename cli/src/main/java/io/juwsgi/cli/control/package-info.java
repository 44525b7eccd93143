/**
 * {@code juwsgi ctl}: the control socket of a running server, its commands, and the client. Start at {@link
 * io.juwsgi.cli.control.ControlServer}.
 */
package io.juwsgi.cli.control;
