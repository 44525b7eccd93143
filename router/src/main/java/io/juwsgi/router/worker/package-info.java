/**
 * The application as a handler: worker links, dispatch of exchanges to cores, recall and harakiri. Start at {@code
 * WorkerPool}.
 */
package io.juwsgi.router.worker;
