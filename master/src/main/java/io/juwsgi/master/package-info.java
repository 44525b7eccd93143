/**
 * The process plane: starts, watches, replaces and stops application processes, as {@code docs/process-model.md} says.
 *
 * <p>Start reading at {@link io.juwsgi.master.Master}; what it decides stands in {@code Supervisor}, which takes every
 * {@code MasterEvent} on one thread, and {@code Generation}, a zygote with its workers.
 */
package io.juwsgi.master;
