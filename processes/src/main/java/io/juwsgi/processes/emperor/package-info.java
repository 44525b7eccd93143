/**
 * One server for each configuration file in a folder: {@link io.juwsgi.processes.emperor.Emperor} is the way in, {@code
 * docs/emperor.md} says what it does.
 */
package io.juwsgi.processes.emperor;
