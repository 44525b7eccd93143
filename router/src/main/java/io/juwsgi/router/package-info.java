/** The data plane: listeners, connections, exchanges, and the links to workers. */
package io.juwsgi.router;
