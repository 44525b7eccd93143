/**
 * FastCGI 1.0, as a web server speaks it to a responder: records with a {@link io.juwsgi.protocol.fastcgi.FastCgiHeader} each, a
 * request of a few variables in {@link io.juwsgi.protocol.fastcgi.FastCgiRequest}.
 */
package io.juwsgi.protocol.fastcgi;
