/**
 * Bodies that wait in the gateway so that no worker waits for a client: request bodies before the application gets them,
 * responses that a client is slow to take. Memory first, then private files. Start at {@link
 * io.juwsgi.router.spool.Buffering}.
 */
package io.juwsgi.router.spool;
