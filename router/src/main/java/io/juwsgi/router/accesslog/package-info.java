/** A line for each request, as uWSGI writes it. Start at {@link io.juwsgi.router.accesslog.AccessLog}. */
package io.juwsgi.router.accesslog;
