/** Runs CGI/1.1 scripts, a process for each request. Start at {@link io.juwsgi.plugin.cgi.CgiHandler}. */
package io.juwsgi.plugin.cgi;
