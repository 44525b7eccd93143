/** The one way to the log: lines from everywhere, and the JDK's System.Logger on top of them. */
package io.juwsgi.cli.log;
