/**
 * What every child process has in common: {@link io.juwsgi.processes.Child} starts it, pumps its output into the log and
 * tells how it ended; {@link io.juwsgi.processes.ProcessLoop} is the thread that looks after those that are not workers.
 */
package io.juwsgi.processes;
