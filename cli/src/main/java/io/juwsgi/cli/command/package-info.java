/**
 * The commands that tell of options and configurations instead of serving: {@link io.juwsgi.cli.command.ConfigCommands}
 * names them all.
 */
package io.juwsgi.cli.command;
