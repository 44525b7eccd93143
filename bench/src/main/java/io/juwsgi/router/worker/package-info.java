/** Benches of the worker link. */
package io.juwsgi.router.worker;
