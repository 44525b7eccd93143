/** Finds plugins and holds what they offer. */
package io.juwsgi.cli.plugin;
