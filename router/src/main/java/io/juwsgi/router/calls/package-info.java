/**
 * Calls from application processes: functions of components and of the server that Python code reaches, over a socket of
 * their own. Start at {@link io.juwsgi.router.calls.CallServer}; the wire is in {@code docs/worker-link.md}.
 */
package io.juwsgi.router.calls;
