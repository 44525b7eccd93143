/** The stats socket: uWSGI's JSON for uwsgitop and exporters. */
package io.juwsgi.cli.stats;
